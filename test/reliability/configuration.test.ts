// Fuzzed configuration never crashes: pitlint.yaml, the baseline and suppressions with damages of every kind give an answer, and places inside their file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { analyse } from "../../engine/analyse.ts";
import { accept, entriesIn, entriesOf, printBaseline } from "../../engine/baseline.ts";
import { readBaseline } from "../../engine/read-baseline.ts";
import { packs } from "../../rules/packs/index.ts";
import { mutated, random } from "./random.ts";
import { firstSeed, size } from "./size.ts";

const call = 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/");\n';
const system = new Map([
  ["services/orders/package.json", '{ "name": "orders" }'], ["services/orders/src/a.ts", call],
  ["deploy/prod/orders.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    spec: { containers: [{ name: orders, image: acme/orders }] }\n"],
]);
const lint = (more: readonly (readonly [string, string])[]) => analyse(new Map([...system, ...more]), { packs, today: "2027-01-01" });
const whole = /^```yaml\n([\s\S]*?)^```/m.exec(readFileSync("docs/configuration.md", "utf8"))![1]!;

/** Runs with as many seeds; a failure names its seed. */
function fuzz(runs: number, once: (pick: (below: number) => number) => void): void {
  for (let seed = firstSeed; seed < firstSeed + runs; seed++)
    try {
      once(random(seed));
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
}

function isInside(at: { readonly start: number; readonly end: number } | undefined, text: string): boolean {
  return at === undefined || (at.start >= 0 && at.start <= at.end && at.end <= text.length);
}

describe("fuzzed configuration never crashes a run:", () => {
  it("pitlint.yaml, also beside a nested one", () => {
    fuzz(size(80, 1_000), (pick) => {
      const [outer, inner] = [mutated(pick, whole, call), mutated(pick, "profile: strict\nservices: { orders: { source: ., workloads: [Deployment/orders] } }\n", whole)];
      const { problems } = lint([["pitlint.yaml", outer], ["services/orders/pitlint.yaml", inner]]);
      for (const { file, at, kind, message } of problems) assert.ok(kind === "config" && message !== "" && isInside(at, file === "pitlint.yaml" ? outer : inner), JSON.stringify({ kind, file, at, message }));
    });
  });

  it("a suppression", () => {
    const comment = "// pitlint-ignore-next-line timeout/http-call-without-timeout until 2027-03-01 owner @prices -- a batch waits";
    fuzz(size(150, 2_000), (pick) => {
      const text = call.replace("export", () => `${mutated(pick, comment, call).replace(/[\n\r\u2028\u2029]/g, " ")}\nexport`);
      for (const { at } of lint([["services/orders/src/b.ts", text]]).problems) assert.ok(isInside(at, text));
    });
  });

  it("a baseline", () => {
    const { diagnostics } = lint([]);
    const good = printBaseline(entriesOf(diagnostics));
    assert.equal(accept(diagnostics, entriesIn(good)!).fresh.length, 0);
    fuzz(size(500, 20_000), (pick) => {
      const text = mutated(pick, good, call);
      const read = entriesIn(text) ?? readBaseline("pitlint-baseline.json", text);
      if (!("kind" in read)) return void accept(diagnostics, read);
      assert.ok(read.kind === "config" && read.message !== "" && isInside(read.at, text), JSON.stringify(read));
    });
  });
});
