// L1: every message that an editor may send, at random and many at once. No crash, no error answer, no answer that stays out; and L12, because the checker judges all of them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { firstSeed, size } from "../reliability/size.ts";
import { talk } from "./protocol/talker.ts";

const sessions = size(4, 50);
const each = size(5_000, 20_000);

// Two at a time: while one server works, the messages of the other are judged.
describe("L1: random messages", { concurrency: 2 }, () => {
  for (let seed = firstSeed; seed < firstSeed + sessions; seed++)
    it(`L1: ${each} messages are answered, and none with an error, seed ${seed}`, async (test) => {
      const { client, server, sent, cancelled, faults } = await talk(seed, each);
      test.diagnostic(`seed ${seed}: ${client} messages sent, ${server} came, ${cancelled} requests cancelled; ${[...sent].sort().map(([method, count]) => `${method} ${count}`).join(", ")}`);
      assert.deepEqual(faults, [], `again with PITLINT_SEED=${seed}`);
      assert.ok(sent.size >= 20, "all methods took part");
    });
});
