// L6: workers and servers that die. A worker's death costs nothing but time, unless one file kills every worker; a server that is started again says what the one before said.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { folderWith } from "../host/folder.ts";
import { firstSeed, size } from "../reliability/size.ts";
import { seeded } from "./protocol/edits.ts";
import { startEditor, type Editor } from "./protocol/editor.ts";
import { serverCommand } from "./protocol/wire.ts";

const server = "gateway/src/server.ts";
const consul = "consul/gateway.yaml";
const rule = "registry/server-timeout-exceeds-ttl";
const [node, ...rest] = serverCommand as readonly [string, ...string[]];
/** The server, with workers that die on a signal. */
const mortal = [node, "--import", join(import.meta.dirname, "protocol/mortal-workers.mjs"), ...rest];

function shop(test: TestContext): string {
  const root = join(folderWith(test), "shop");
  cpSync("examples/shop", root, { recursive: true });
  return root;
}

/** A text that differs each time, and says the same. */
const other = (editor: Editor, path: string, round: number) => editor.type(path, `${path.endsWith(".ts") ? "//" : "#"} round ${round}\n${editor.text(path).replace(/^(\/\/|#) round \d+\n/, "")}`);

const kills = size(40, 1_000);
const restarts = size(12, 1_000);

describe("L6: a worker that dies", () => {
  it(`L6: ${kills} times at random moments costs no finding`, async (test) => {
    const random = seeded(firstSeed);
    const editor = await startEditor(shop(test), { command: mortal });
    try {
      for (const path of [server, consul]) editor.open(path);
      const before = await editor.rest();
      assert.ok(before[server]!.some((one) => one.includes(rule)));
      const same = (all: Record<string, string[]>) => Object.fromEntries(Object.entries(all).map(([path, lines]) => [path, lines.map((line) => JSON.parse(line)[3])]));
      for (let round = 0; round < kills; round++) {
        for (let edits = 1 + random.below(3); edits > 0; edits--) other(editor, random.pick([server, consul]), round * 10 + edits);
        if (random.chance(0.3)) await wait(random.below(30));
        editor.wire.process.kill("SIGUSR2");
        assert.deepEqual(same(await editor.rest()), same(before), `seed ${firstSeed}, death ${round + 1}`);
      }
      await editor.done();
    } finally {
      await editor.kill();
    }
  });

  it("L6: with one file each time costs that file, and the others keep their findings", async (test) => {
    const root = shop(test);
    const editor = await startEditor(root, { command: mortal });
    try {
      const before = await editor.rest();
      // The workers of this server die with any file of this name.
      editor.open("worker/src/poison.ts", 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/");\n');
      const { "worker/src/poison.ts": poison, ...others } = await editor.rest();
      assert.deepEqual(others, before);
      assert.deepEqual(poison!.map((one) => JSON.parse(one).slice(1, 4)), [[3, "crash", "not analysed: its worker ended with code 1"]]);
      editor.close("worker/src/poison.ts");
      assert.deepEqual(await editor.rest(), before);
      await editor.done();
    } finally {
      await editor.kill();
    }
  });

  it("L6: and cannot be replaced for a while costs nothing once it can", async (test) => {
    const editor = await startEditor(shop(test), { command: mortal });
    const failed: string[] = [];
    editor.wire.onMessage(({ method, params }) => void (method === "pitlint/status" && params.state === "failed" && failed.push(params.message)));
    try {
      for (const path of [server, consul]) editor.open(path);
      const before = await editor.rest();
      const told = async (line: string) => {
        editor.wire.process.kill("SIGWINCH");
        for (const late = performance.now() + 20_000; !editor.wire.stderr.endsWith(`${line}\n`); await wait(5)) assert.ok(performance.now() < late, editor.wire.stderr);
      };
      // The worker that lives is ended, and no other is made, whoever asks for one.
      await told("workers: refused");
      editor.wire.process.kill("SIGUSR2");
      await editor.rest();
      editor.type(consul, editor.text(consul).replace("ttl: 30s", "ttl: 90s"));
      await editor.rest();
      assert.deepEqual(failed, ["no thread (for this test)"]);
      await told("workers: made");
      editor.type(server, editor.text(server).replace("45_000", "95_000"));
      const found = await editor.rest();
      assert.ok(found[server]!.some((one) => one.includes("outlives the registry TTL of 90 s")), JSON.stringify(found[server]));
      editor.type(server, editor.text(server).replace("95_000", "45_000"));
      editor.type(consul, editor.text(consul).replace("ttl: 90s", "ttl: 30s"));
      assert.deepEqual(await editor.rest(), before);
      await editor.done();
    } finally {
      await editor.kill();
    }
  });
});

describe("L6: a server that is killed", () => {
  it(`L6: ${restarts} times at random moments says the same when its documents are sent again`, async (test) => {
    const random = seeded(firstSeed);
    const root = shop(test);
    const texts = new Map<string, string>();
    let due: unknown;
    for (let round = 0; round <= restarts; round++) {
      const editor = await startEditor(root, { pull: random.chance(0.5) });
      try {
        for (const path of [server, consul]) editor.open(path, texts.get(path));
        if (round === 0) editor.type(consul, editor.text(consul).replace("ttl: 30s", "ttl: 20s"));
        if (round % 4 === 0) {
          // Not each time: that it is killed before it has said anything is a moment too.
          const said = await editor.rest();
          due ??= said;
          assert.deepEqual(said, due, `seed ${firstSeed}, restart ${round}`);
        } else await wait(random.below(400));
        for (const path of [server, consul]) texts.set(path, editor.text(path));
        if (round === restarts) await editor.done();
      } finally {
        await editor.kill();
      }
    }
  });
});
