// Whoever is woken at night finds the rule by what they see.

import assert from "node:assert/strict";
import { it } from "node:test";
import { rulesOf } from "../engine/analyse.ts";
import { packs } from "../rules/packs/index.ts";
import { symptoms, symptomsOf } from "../rules/symptoms.ts";

const ids = rulesOf(packs).map((rule) => rule.id);

it("every rule has a symptom: add it to rules/symptoms.json", () => {
  assert.deepEqual(ids.filter((id) => symptomsOf(id).length === 0), []);
});

it("every symptom names rules that exist, once", () => {
  assert.deepEqual(symptoms.flatMap((one) => one.rules.filter((id, index) => !ids.includes(id) || one.rules.indexOf(id) !== index)), []);
  assert.ok(symptoms.every((one) => one.rules.length > 0 && /^\S.*[^.\s]$/.test(one.symptom)));
  assert.equal(new Set(symptoms.map((one) => one.symptom)).size, symptoms.length);
});
