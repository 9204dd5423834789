// Releases replayed up to the pinned one, profiles, and the severity that a grade gives a finding.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { grade, severityOf } from "../../engine/pack.ts";
import { packs } from "../../rules/packs/index.ts";
import type { Grade, Pack, Profile, Release, Rule } from "../../engine/types.ts";

const rule = (id: string): Rule => ({ id, title: id, why: "", check: {}, examples: [] });
const [first, second, noisy] = [rule("a/first"), rule("a/second"), rule("a/noisy")];
const release = (version: string, ...grades: Release["grades"]): Release => ({ version, date: "2026-01-01", why: "", grades });
const node: Pack = {
  name: "node", title: "Node", appliesTo: {},
  releases: [
    release("1.0.0", [first, "warning"], [noisy, "info", "strict"]),
    release("1.1.0", [second, "error"]),
    release("1.1.1", [first, { default: "info", guessed: "hint" }]),
    release("1.2.0", [first, "error", "strict"], [second, "off"]),
    release("1.10.0", [second, "hint"]),
  ],
};
const spring: Pack = { name: "spring", title: "Spring", appliesTo: {}, releases: [release("1.0.0", [rule("s/one"), "info"])] };

/** Grades by rule and the problems, for a pin of the pack "node". */
function graded(pin?: string, profile: Profile = "recommended", pins: Readonly<Record<string, string>> = {}) {
  const { grades, problems } = grade([node, spring], { profile, pins: { ...pins, ...(pin === undefined ? {} : { node: pin }) }, path: "apps/pitlint.yaml" });
  return { grades: Object.fromEntries([...grades].map(([id, one]) => [id, one.grade])), problems };
}

describe("grade", () => {
  it("replays all releases without a pin, and names rule and pack", () => {
    assert.deepEqual(graded(), { grades: { "a/first": { default: "info", guessed: "hint" }, "a/second": "hint", "s/one": "info" }, problems: [] });
    assert.deepEqual(grade([node], { profile: "recommended", pins: {} }).grades.get("a/second"), { rule: second, pack: "node", grade: "hint" });
  });

  it("stops at the pinned release", () => {
    assert.deepEqual(graded("1.0.0").grades, { "a/first": "warning", "s/one": "info" });
    assert.deepEqual(graded("1.1.0").grades, { "a/first": "warning", "a/second": "error", "s/one": "info" });
  });

  it("reads 1.1 as the newest 1.1.x, never as 1.10", () => {
    assert.deepEqual(graded("1.1").grades, { "a/first": { default: "info", guessed: "hint" }, "a/second": "error", "s/one": "info" });
    assert.deepEqual(graded("1").grades, graded().grades);
    assert.deepEqual(graded("1.1").problems, []);
  });

  it("takes strict entries in that profile only", () => {
    assert.deepEqual(graded("1.0.0", "strict").grades, { "a/first": "warning", "a/noisy": "info", "s/one": "info" });
    assert.equal(graded("1.2", "strict").grades["a/first"], "error");
    assert.deepEqual(graded("1.2").grades["a/first"], { default: "info", guessed: "hint" });
  });

  it("says which versions and packs it knows, and runs the newest", () => {
    for (const pin of ["2", "1.3", "1.1.", "", "v1.0.0"]) {
      const { grades, problems } = graded(pin);
      assert.deepEqual(problems, [{ kind: "config", file: "apps/pitlint.yaml", message: `unknown version "${pin}" of pack node; known versions are 1.0.0, 1.1.0, 1.1.1, 1.2.0, 1.10.0`, incomplete: false }]);
      assert.deepEqual(grades, graded().grades);
    }
    for (const name of ["kubernets", "constructor"]) assert.deepEqual(graded(undefined, "recommended", { [name]: "1" }).problems.map((one) => one.message), [`unknown pack "${name}"; known packs are node, spring`]);
  });
});

describe("severityOf", () => {
  const table: readonly (readonly [Grade, string | undefined, boolean, string | undefined, string])[] = [
    ["warning", undefined, false, "warning", "a plain grade holds for findings without a variant"],
    ["warning", "guessed", false, undefined, "a variant without a grade is silent"],
    ["warning", undefined, true, "warning", "a plain grade holds in scripts"],
    [{ default: "error", guessed: "hint" }, undefined, false, "error", "default stands for findings without a variant"],
    [{ default: "error", guessed: "hint" }, "guessed", false, "hint", "a variant has its own grade"],
    [{ default: "error", guessed: "hint" }, "newer", false, undefined, "an unknown variant is silent"],
    [{ guessed: "hint" }, undefined, false, undefined, "a record without default is silent for findings without a variant"],
    [{ default: "off" }, undefined, false, "off", "off is a grade"],
    [{ default: "error", script: "info" }, undefined, true, "info", "script lowers"],
    [{ default: "error", script: "info" }, undefined, false, "error", "script counts in scripts only"],
    [{ default: "error", script: "off" }, undefined, true, "off", "script switches off"],
    [{ default: "error", guessed: "warning", script: "info" }, "guessed", true, "info", "script lowers variants"],
    [{ default: "hint", script: "info" }, undefined, true, "hint", "script never raises"],
    [{ default: "error", script: "info" }, "newer", true, undefined, "script grades no silent variant"],
    [{ default: "error" }, undefined, true, "error", "without script scripts are graded as elsewhere"],
    [{ default: "error" }, "constructor", false, undefined, "a variant named like a property of all objects is unknown"],
  ];
  for (const [given, variant, script, expected, title] of table) it(title, () => assert.equal(severityOf(given, variant, script), expected));
});

describe("releases of the packs", () => {
  const order = ["off", "hint", "info", "warning", "error"];
  /** How loud each rule and variant is in a release, by profile. */
  const loudness = (pack: Pack, version: string, profile: Profile) =>
    new Map([...grade([pack], { profile, pins: { [pack.name]: version }, path: "pitlint.yaml" }).grades].flatMap(([id, { grade: one }]) => (typeof one === "string" ? [[id, order.indexOf(one)] as const] : Object.entries(one).map(([variant, said]) => [`${id} ${variant}`, order.indexOf(said)] as const))));

  for (const pack of packs)
    it(`${pack.name}: a patch reports no more than the release before it`, () => {
      for (const [at, { version }] of pack.releases.entries()) {
        const last = pack.releases[at - 1];
        if (!last || version.split(".").slice(0, 2).join() !== last.version.split(".").slice(0, 2).join()) continue;
        for (const profile of ["recommended", "strict"] as const) {
          const before = loudness(pack, last.version, profile);
          assert.deepEqual([...loudness(pack, version, profile)].filter(([what, loud]) => loud > (before.get(what) ?? 0)), [], `${pack.name} ${version}`);
        }
      }
    });
});
