// Hostile and huge YAML: refused before the parser sees it, or parsed; never a crash, never silence.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { Problem } from "../../engine/types.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";

const times = (part: string, count: number) => part.repeat(count);
const laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x]", ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${times(`*a${i}, `, 8)}*a${i}]`)].join("\n");

const refused: readonly (readonly [name: string, text: string, kind: Problem["kind"]])[] = [
  ["101 brackets", times("[", 101) + times("]", 101), "too-deep"],
  ["20,000 brackets", times("[", 20_000) + times("]", 20_000), "too-deep"],
  ["100,000 open braces", times("{a: ", 100_000), "too-deep"],
  ["brackets behind an apostrophe in a word", `[a 'b ${times("[", 20_000)}`, "too-deep"],
  ["brackets that a quoted bracket seems to close", times("[ ']', ", 20_000), "too-deep"],
  ["dashes", times("- ", 20_000), "too-deep"],
  ["explicit keys", times("? ", 500), "too-deep"],
  ["flow keys", `${times("[", 250)}a]: 1${times("]: 1", 249)}`, "too-deep"],
  ["indentation", Array.from({ length: 1_000 }, (_, i) => `${times(" ", i)}a:`).join("\n"), "too-deep"],
  ["keys in one line", times("a: ", 20_000), "too-deep"],
  ["pairs in a bracket without commas", `[${times('"a": ', 5_000)}`, "too-deep"],
  ["keys behind keys, line by line", times("b:\na: ", 5_000), "syntax"],
  ["keys behind tags, line by line", times("b:\n!t ? ", 5_000), "syntax"],
  ["10 MB of flow sequence", `[${times("a,", 5_000_000)}]`, "too-big"],
  ["10 MB of one scalar", times("a", 10_000_000), "too-big"],
  ["a dense megabyte", `[${times("a, ", 340_000)}]`, "too-big"],
  ["100,000 commas", `[${times(",", 100_000)}]`, "syntax"],
  ["100,000 closing braces", times("}", 100_000), "syntax"],
  ["100,000 empty maps", times("{}", 100_000), "syntax"],
  ["100,000 anchors", times("&a ", 100_000), "syntax"],
  ["100,000 aliases", times("*a ", 100_000), "syntax"],
  ["100,000 tags", times("!a ", 100_000), "syntax"],
  ["100,000 quotes", times('"" ', 100_000), "syntax"],
  ["NUL", "a: 1\0", "undecodable"],
  ["UTF-16", Buffer.from("a: 1\n", "utf16le").toString("latin1"), "undecodable"],
];

for (const [name, text, kind] of refused) {
  test(`P3, P4: refused: ${name}`, () => {
    const { documents, problems } = parseYaml("deploy/x.yaml", text);
    assert.deepEqual(documents, []);
    assert.deepEqual(problems.map((problem) => [problem.kind, problem.incomplete, problem.file]), [[kind, true, "deploy/x.yaml"]]);
    assert.ok(problems.every(({ at }) => at && at.start <= at.end && at.end <= text.length));
  });
}

const accepted: readonly (readonly [name: string, text: string])[] = [
  ["100 brackets", times("[", 100) + times("]", 100)],
  ["190 block levels", Array.from({ length: 190 }, (_, i) => `${times(" ", i)}a:`).join("\n")],
  ["brackets in double quotes", `a: "${times("[", 5_000)}"`],
  ["brackets in single quotes over lines", `a: 'x\n  it''s ${times("[{", 5_000)}'`],
  ["brackets in comments", `a: 1 # ${times("[", 5_000)}\n`],
  ["brackets in a literal", `a: |\n  ${times("[", 5_000)}\n- b\n`],
  ["brackets in a plain scalar", `a: b${times("[", 5_000)}\n`],
  ["dashes in a word", `a: b${times(" -", 5_000)}\n`],
  ["billion laughs", laughs],
  ["30,000 anchors and aliases", Array.from({ length: 30_000 }, (_, i) => `- &a${i} x\n- *a${i}`).join("\n")],
  ["30,000 keys", Array.from({ length: 30_000 }, (_, i) => `k${i}: v`).join("\n")],
  ["a megabyte of blanks", times(" ", 1_000_000)],
  ["a megabyte in one scalar", `a: ${times("x", 1_000_000)}`],
  ["20,000 documents", times("--- a\n", 20_000)],
  ["a recursive anchor", "a: &a [*a]\nb: &b\n  <<: *b\n"],
];

for (const [name, text] of accepted) {
  test(`P3, P4: accepted: ${name}`, () => {
    const { documents, problems } = parseYaml("x.yaml", text);
    assert.ok(problems.every(({ kind }) => kind === "syntax"), JSON.stringify(problems));
    assert.equal(documents.length > 0, text.trim() !== "");
  });
}

test("a flood of errors is cut at 100", () => {
  const { documents, problems } = parseYaml("x.yaml", times("x: [\n", 90) + times("]", 500));
  assert.ok(documents.reduce((sum, { errors }) => sum + errors.length, 0) <= 100);
  assert.equal(problems.length, 1);
});

test("the installed parser has the mend of CVE-2026-33532", () => {
  const manifest: unknown = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("yaml/package.json"), "utf8"));
  const [major = 0, minor = 0, patch = 0] = String((manifest as { version?: string }).version).split(".").map(Number);
  assert.ok(major > 2 || (major === 2 && (minor > 8 || (minor === 8 && patch >= 3))));
});
