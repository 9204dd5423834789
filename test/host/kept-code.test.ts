// Bytecode beside a file makes it start sooner and changes nothing, also when it is damaged or of another text.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { codeOf, keep, run, scriptOf } from "../../host/kept-code.ts";
import { folderWith } from "./folder.ts";

const text = (word: string) => `exports.said = []; function say(one) { exports.said.push(one); } for (const one of ["${word}", "two"]) say(one); require("told")(exports.said);`;

function saidBy(file: string, script = scriptOf(file)): unknown {
  let told: unknown;
  run(file, script, () => (said: unknown) => (told = said));
  return told;
}

function fileWithCode(test: TestContext): string {
  const file = join(folderWith(test, { "a.cjs": text("one") }), "a.cjs");
  const script = scriptOf(file);
  saidBy(file, script);
  keep(file, script);
  return file;
}

describe("kept bytecode", () => {
  it("is taken, and the file says what it says without", (test) => {
    const file = fileWithCode(test);
    const script = scriptOf(file);
    assert.equal(script.cachedDataRejected, false);
    assert.deepEqual(saidBy(file, script), ["one", "two"]);
  });

  it("is not taken for another text of the same length", (test) => {
    const file = fileWithCode(test);
    writeFileSync(file, text("six"));
    assert.equal(scriptOf(file).cachedDataRejected, undefined);
    assert.deepEqual(saidBy(file), ["six", "two"]);
  });

  it("is not taken when it is damaged or cut off", (test) => {
    const file = fileWithCode(test);
    const whole = readFileSync(codeOf(file));
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(7), fc.boolean(), (at, bit, cut) => {
      const damaged = Buffer.from(cut ? whole.subarray(0, at) : whole);
      if (!cut) damaged[at]! ^= 1 << bit;
      writeFileSync(codeOf(file), damaged);
      assert.equal(scriptOf(file).cachedDataRejected, undefined);
    }), { numRuns: 300 });
  });
});
