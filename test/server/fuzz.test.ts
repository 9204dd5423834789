// Incremental equals fresh, step by step, in every position encoding, pushed and pulled. A small run by default;
// PITLINT_FUZZ=20x5000 runs 20 seeds of 5,000 steps, PITLINT_FUZZ=17:1x300 the seed 17 alone.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fuzz } from "./protocol/fuzzer.ts";

const [, first = "1", seeds, steps] = /^(?:(\d+):)?(\d+)x(\d+)$/.exec(process.env["PITLINT_FUZZ"] ?? "6x40") ?? assert.fail("PITLINT_FUZZ is SEEDSxSTEPS or FIRST:SEEDSxSTEPS");

// Two at a time: while one server works, the run of the other is compared.
describe(`P10: after each of ${steps} random steps`, { concurrency: 2 }, () => {
  for (let seed = Number(first); seed < Number(first) + Number(seeds); seed++)
    it(`the diagnostics are those of a fresh run, seed ${seed}`, async (test) => {
      const { diagnostics, inconclusive, messages } = await fuzz(seed, Number(steps));
      test.diagnostic(`seed ${seed}: ${steps} steps, ${messages} messages, ${diagnostics} diagnostics compared, ${inconclusive} steps inconclusive`);
      assert.ok(diagnostics > 0, "there is something to compare");
      assert.ok(inconclusive < Number(steps) / 2, "workers were killed for their time: the machine is too busy for this test");
    });
});
