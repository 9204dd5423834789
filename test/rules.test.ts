// Runs every example of every rule, and every case in test/cases, with that rule alone: findings equal the marks exactly, the first fix gives `fixed`, `good` is silent.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { analyse, rulesOf } from "../engine/analyse.ts";
import { parseCases, parseExample } from "../engine/example.ts";
import { render } from "../engine/message.ts";
import { packs } from "../rules/packs/index.ts";
import { applyFixes, severityPrefix } from "./apply.ts";
import type { Example } from "../engine/types.ts";

for (const rule of rulesOf(packs)) {
  describe(rule.id, () => {
    it("has a bad and a good example", () => {
      assert.ok(rule.examples.some((one) => "bad" in one) && rule.examples.some((one) => "good" in one));
    });
    for (const [index, example] of rule.examples.entries()) it(`example ${index + 1}`, () => check(rule.id, example));
    for (const { title, example } of casesOf(rule.id)) it(title, () => check(rule.id, example));
  });
}

async function check(id: string, example: Example): Promise<void> {
  const { files, marks } = parseExample("bad" in example ? example.bad : example.good);
  const texts = new Map(files.map((one) => [one.path, one.text]));
  const result = analyse(texts, { packs, only: [id], profile: "strict" });
  const found = result.diagnostics.map((one) => ({ path: one.at.file, start: one.at.start, end: one.at.end, message: render(one.message), severity: one.severity }));
  const expected = marks.map((mark) => ({ path: mark.path, start: mark.start, end: mark.end, ...severityPrefix(mark.message) }));
  assert.deepEqual(
    found.map(({ severity, ...one }, at) => ({ ...one, ...(expected[at]?.severity ? { severity } : {}) })).sort(byPlace),
    expected.sort(byPlace),
  );
  assert.deepEqual(result.problems.filter((one) => one.kind !== "syntax").map((one) => `${one.file}: ${one.message}`), []);
  const everything = analyse(texts, { packs, only: [id], profile: "strict", everything: true });
  assert.deepEqual(everything.diagnostics, result.diagnostics, "the prefilter changes nothing");
  if ("good" in example) assert.equal(found.length, 0);
  else {
    assert.ok(found.length > 0, "a bad example has a mark");
    for (const one of result.diagnostics) assert.ok(render(one.message).length <= 100, `message is longer than 100 characters: ${render(one.message)}`);
    if (example.fixed !== undefined) {
      const fixed = await applyFixes(texts, result);
      assert.deepEqual(fixed, new Map(parseExample(example.fixed).files.map((one) => [one.path, one.text])));
      assert.deepEqual(analyse(fixed, { packs, only: [id], profile: "strict" }).diagnostics.map((one) => render(one.message)), [], "silent after the fix");
    }
  }
}

function casesOf(id: string) {
  const file = join("test", "cases", `${id}.txt`);
  const known = readdirSync(join("test", "cases"), { recursive: true }).map(String);
  return known.includes(`${id}.txt`) ? parseCases(readFileSync(file, "utf8")) : [];
}

const byPlace = (a: { path: string; start: number }, b: { path: string; start: number }) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.start - b.start);
