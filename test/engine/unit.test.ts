// Manifests that are applied together: one unit, or one folder, also where folders sort them by kind.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { appliedTogether } from "../../engine/unit.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";

const together = (path: string, other: string, unit?: string, otherUnit?: string) => {
  const [document] = parseYaml(path, "a: 1\n").documents;
  return appliedTogether({ ...document!, ...(unit ? { unit } : {}) }, { at: { file: other, start: 0, end: 1 }, value: 1, ...(otherUnit ? { unit: otherUnit } : {}) });
};

describe("manifests are applied together", () => {
  it("in one folder", () => assert.equal(together("k8s/a.yaml", "k8s/b.yaml"), true));
  it("in folders by kind", () => assert.equal(together("k8s/deployments/a.yaml", "k8s/services/b.yaml"), true));
  it("not in other folders", () => assert.equal(together("k8s/dev/a.yaml", "k8s/prod/b.yaml"), false));
  it("in one unit, wherever they lie", () => assert.equal(together("c/templates/web/a.yaml", "c/templates/b.yaml", "c/values.yaml", "c/values.yaml"), true));
  it("not in two units", () => assert.equal(together("c/templates/a.yaml", "c/templates/b.yaml", "c/values.yaml", "c/values-prod.yaml"), false));
  it("not in a unit and outside", () => assert.equal(together("c/a.yaml", "c/b.yaml", "c/values.yaml"), false));
});
