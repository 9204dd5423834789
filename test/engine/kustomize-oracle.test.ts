// Random overlays against what Kustomize 5.7.1 made of them, recorded by scripts/against-kustomize.ts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { builtBy, difference } from "./kustomize-built.ts";
import { overlay } from "./kustomize-overlays.ts";

interface Said { readonly seed: number; readonly root: string; readonly said: unknown[] }
const recorded = readFileSync("test/engine/kustomize-said.jsonl", "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Said);

describe("what is built of an overlay", () => {
  it("is what Kustomize builds, and nearly all of it is known", () => {
    let unknown = 0;
    for (const { seed, root, said } of recorded) {
      const built = builtBy(overlay(seed));
      assert.ok(built.has(root), `seed ${seed}: ${root} is built`);
      const { found, open } = difference(built.get(root)!, said);
      assert.deepEqual(found, [], `seed ${seed}, ${root}`);
      unknown += open;
    }
    assert.ok(recorded.length > 40 && unknown < recorded.length, `${unknown} values are unknown`);
  });

  it("does not depend on the order in which files are read", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000 }), fc.nat(), (seed, turn) => {
      const files = Object.entries(overlay(seed));
      const turned = [...files.slice(turn % files.length), ...files.slice(0, turn % files.length)];
      const sorted = (built: Map<string, unknown[]>) => [...built].map(([root, objects]) => [root, objects.map((one) => JSON.stringify(one)).sort()]);
      assert.deepEqual(sorted(builtBy(Object.fromEntries(turned))), sorted(builtBy(Object.fromEntries(files))));
    }), { numRuns: 60 });
  });
});
