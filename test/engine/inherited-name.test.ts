// Names that every object of JavaScript has are names like any other in the code that is read: no table of names finds anything under them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rulesOf } from "../../engine/analyse.ts";
import { parseExample } from "../../engine/example.ts";
import { extract } from "../../engine/extract.ts";
import { languageOf, planOf } from "../../engine/plan.ts";
import { noContext } from "../../engine/typescript/parse.ts";
import { packs } from "../../rules/packs/index.ts";

const rules = rulesOf(packs);
const plan = planOf(rules);
const inherited = ["constructor", "__proto__", "toString"];

describe("a name that every object has", () => {
  it("is read as a method, a decorator, a key and a word of YAML, in each bad example of a rule", () => {
    let read = 0;
    for (const { id, examples } of rules)
      for (const example of examples)
        for (const { path, text } of "bad" in example ? parseExample(example.bad).files.slice(0, 3) : []) {
          const names = new Set(text.match(/(?<=[.@])[A-Za-z]\w*(?=\()|\b[A-Za-z]\w*(?=:)/g));
          if (languageOf(path) === undefined) continue;
          for (const [name, other] of [...names].flatMap((one) => inherited.map((name) => [one, name] as const))) {
            const now = text.replace(new RegExp(`\\b${name}\\b`, "g"), other);
            const found = extract(path, now, noContext, plan, true);
            assert.deepEqual(found.problems.filter((one) => one.kind === "rule-failed"), [], `${id}: ${now}`);
            assert.doesNotThrow(() => structuredClone(found), `${id}: ${now}`);
            read++;
          }
        }
    assert.ok(read > 1_000, `${read}`);
  });
});
