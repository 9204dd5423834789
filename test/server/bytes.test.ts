// L2: whatever bytes come in, the server answers the next request, or ends with status 1 and says why. It never waits for what will not come.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { firstSeed, size } from "../reliability/size.ts";
import { damage, type Damage } from "./protocol/damage.ts";
import { seeded } from "./protocol/edits.ts";
import { frame } from "./protocol/framing.ts";
import { patience, startServer, type Wire } from "./protocol/wire.ts";

const bytes = size(100_000, 10_000_000);

describe("L2: bytes", () => {
  it(`L2: ${bytes} bytes of damage never leave it waiting`, async (test) => {
    const random = seeded(firstSeed);
    const counts = { bytes: 0, damages: 0, answered: 0, ended: 0 };
    let wire: Wire | undefined;
    let before: string[] = [];
    const quoted: string[] = [];
    let ids = 1_000_000;
    try {
      while (counts.bytes < bytes) {
        if (!wire) {
          wire = startServer();
          before = [];
          wire.onMessage(({ method, params }) => void (method === "window/logMessage" && /🚀|const a/.test(params.message) && quoted.push(params.message)));
          await wire.initialize();
        }
        const one = damage(random);
        before.push(one.what);
        for (const chunk of one.chunks) {
          wire.raw(chunk);
          if (one.chunks.length > 1) await wait(0);
        }
        const outcome = await probed(wire, one, () => ids++);
        counts.damages++;
        counts.bytes += one.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        counts[outcome]++;
        const where = `seed ${firstSeed}, damage ${counts.damages}: ${before.slice(-3).join(" | ")}`;
        if (outcome === "answered") continue;
        assert.ok(!one.framed, `whole frames do not end it: ${where}; ${wire.stderr}`);
        assert.equal((await wire.ended()).code, 1, where);
        assert.match(wire.stderr, /^pitlint: cannot read the editor's messages: .+\n$/, where);
        wire = undefined;
      }
      assert.deepEqual(quoted, [], "logs quote no document");
    } finally {
      wire?.process.kill("SIGKILL");
      test.diagnostic(JSON.stringify(counts));
    }
  });
});

/** Whether the server answers a request after the damage. What the damage swallows is sent again, and more each time. */
async function probed(wire: Wire, { what }: Damage, next: () => number): Promise<"answered" | "ended"> {
  const end = Date.now() + patience / 3;
  const ended = wire.ended().then(() => "ended" as const);
  ended.catch(() => {}); // Nobody waits for it where an answer comes.
  const answers: Promise<"answered">[] = [];
  for (let count = 1; Date.now() < end; count = Math.min(count * 2, 20_000)) {
    const ids = Array.from({ length: count }, next);
    const probes = ids.map((id) => frame({ jsonrpc: "2.0", id, method: "textDocument/hover", params: { textDocument: { uri: "file:///probe.ts" }, position: { line: 0, character: 0 } } }));
    answers.push(wire.answer(ids.at(-1)!).then(() => "answered" as const));
    answers.at(-1)!.catch(() => {});
    wire.raw(Buffer.concat(probes), ...ids);
    const outcome = await Promise.race([ended, ...answers, wait(Math.min(50 * count, 500), "waiting" as const)]).catch(() => "waiting" as const);
    if (outcome !== "waiting") return outcome;
  }
  throw new Error(`no answer and no end within ${patience / 3000} s after ${what}`);
}
