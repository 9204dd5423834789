// Real fixes and look-alikes: each pitfall that maintainers mended is found before, silent after, and no look-alike warns.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { analyse, rulesOf } from "../engine/analyse.ts";
import { render } from "../engine/message.ts";
import { packs } from "../rules/packs/index.ts";

interface Expected { readonly file: string; readonly line: number; readonly rules: readonly string[] }

const root = "test/truth";
const known = new Set(rulesOf(packs).map((rule) => rule.id));
const expected = JSON.parse(readFileSync(join(root, "expected.json"), "utf8")) as Record<string, Expected[]>;
/** Lines that are not found, each with its reason. A line that is found again must leave this list. */
const misses = JSON.parse(readFileSync(join(root, "misses.json"), "utf8")) as Record<string, string>;

function lint(folder: string, side: string) {
  const files = new Map(readdirSync(folder).filter((name) => name.startsWith(`${side}.`)).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  files.set("package.json", "{}");
  const result = analyse(files, { packs });
  return result.diagnostics.map((one) => ({ rule: one.rule, severity: one.severity, file: one.at.file, line: files.get(one.at.file)!.slice(0, one.at.start).split("\n").length, message: render(one.message) }));
}

describe("truth", () => {
  for (const [id, lines] of Object.entries(expected)) {
    const folder = join(root, id);
    const { status } = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as { status?: string };
    const mine = lines.filter((one) => one.rules.some((rule) => known.has(rule)));
    if (mine.length === 0 || status) continue;
    it(`${id}: found before`, () => {
      const found = lint(folder, "before");
      for (const one of mine) {
        const hit = found.some((other) => one.rules.includes(other.rule) && Math.abs(other.line - one.line) <= 2);
        const key = `${id}:${one.line}`;
        assert.equal(hit, !(key in misses), hit ? `${key} is found: take it off misses.json` : `${key} is not found (${one.rules.join(", ")})`);
      }
    });
    it(`${id}: silent after`, () => {
      const rules = mine.flatMap((one) => one.rules);
      const found = lint(folder, "after");
      assert.deepEqual(found.filter((one) => rules.includes(one.rule)), []);
      assert.deepEqual(found.filter((one) => one.severity === "error" || one.severity === "warning"), []);
    });
  }
  for (const name of readdirSync(join(root, "negatives")).filter((one) => statSync(join(root, "negatives", one)).isDirectory()))
    it(`negatives/${name}: nothing warns`, () => {
      const folder = join(root, "negatives", name);
      assert.ok(existsSync(join(folder, "case.json")));
      assert.deepEqual(lint(folder, "code").filter((one) => one.severity === "error" || one.severity === "warning"), []);
    });
});
