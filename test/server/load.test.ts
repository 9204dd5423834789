// L4, L5: more than anybody asks for. Every request is answered, a cancelled one too; old texts are not analysed while newer ones wait; what is shown at last is what the last texts say.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { folderWith } from "../host/folder.ts";
import { firstSeed, size } from "../reliability/size.ts";
import { seeded } from "./protocol/edits.ts";
import { startEditor, type Editor } from "./protocol/editor.ts";

const server = "gateway/src/server.ts";
const consul = "consul/gateway.yaml";
const rule = "registry/server-timeout-exceeds-ttl";
const position = { line: 17, character: 26 };
const range = { start: position, end: position };

function shop(test: TestContext): string {
  const root = join(folderWith(test), "shop");
  cpSync("examples/shop", root, { recursive: true });
  return root;
}

/** Runs a story with two open documents; at its end the server stops in order. */
async function story(root: string, pull: boolean, run: (editor: Editor) => Promise<void>): Promise<void> {
  const editor = await startEditor(root, { pull });
  try {
    for (const path of [server, consul]) editor.open(path);
    assert.ok((await editor.rest())[server]!.some((one) => one.includes(rule)));
    await run(editor);
    await editor.done();
  } finally {
    await editor.kill();
  }
}

/** A new line on top, or none: the finding moves. */
const stroke = (editor: Editor, path: string) => editor.type(path, editor.text(path).startsWith("\n\n\n") ? editor.text(path).slice(3) : `\n${editor.text(path)}`);

/** Fails when diagnostics of an older version come after those of a newer one; counts what came. */
function inOrder(editor: Editor): { published: number; stale: number } {
  const counts = { published: 0, stale: 0 };
  const newest = new Map<string, number>();
  editor.wire.onMessage(({ method, params }) => {
    if (method !== "textDocument/publishDiagnostics" || params.version === undefined) return;
    counts.published++;
    if (params.version < (newest.get(params.uri) ?? -Infinity)) counts.stale++;
    newest.set(params.uri, params.version);
  });
  return counts;
}

const times = (list: number[]) => {
  const sorted = list.sort((a, b) => a - b);
  return `median ${Math.round(sorted[sorted.length >> 1] ?? 0)} ms, 99 of 100 within ${Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0)} ms, longest ${Math.round(sorted.at(-1) ?? 0)} ms`;
};

const cancels = size(400, 10_000);

describe("L4: cancellation", () => {
  for (const pull of [true, false])
    it(`L4: ${cancels} requests, cancelled after random times amid typing, are all answered (${pull ? "pulled" : "pushed"})`, (test) =>
      story(shop(test), pull, async (editor) => {
        const random = seeded(firstSeed);
        const order = inOrder(editor);
        const waits: number[] = [];
        let cancelled = 0;
        let id = 10_000;
        const one = async () => {
          const textDocument = { uri: editor.uri(random.pick([server, consul])) };
          const [method, params] = random.pick<[string, object]>([
            ["textDocument/hover", { textDocument, position }], ["textDocument/codeAction", { textDocument, range, context: { diagnostics: [], only: ["source.fixAll"] } }],
            ["textDocument/codeAction", { textDocument, range, context: { diagnostics: [] } }], ["pitlint/silence", textDocument], ["textDocument/definition", { textDocument, position }],
            ...(pull ? [["workspace/diagnostic", { previousResultIds: [] }], ["textDocument/diagnostic", { textDocument }]] as [string, object][] : []),
          ]);
          const own = ++id;
          const answer = editor.wire.request(method, params, own);
          if (random.chance(0.8)) await wait(random.below(20));
          const from = performance.now();
          editor.wire.notify("$/cancelRequest", { id: own });
          const { error } = await answer;
          waits.push(performance.now() - from);
          if (error) cancelled++;
          assert.ok(error === undefined || error.code === -32800, `${method}: ${JSON.stringify(error)}`);
        };
        for (let round = 0; round < cancels / 20; round++) {
          for (let strokes = random.below(4); strokes > 0; strokes--) stroke(editor, random.pick([server, consul]));
          await Promise.all(Array.from({ length: 20 }, one));
        }
        assert.equal(order.stale, 0);
        assert.ok((await editor.rest())[server]!.some((line) => line.includes(rule)));
        test.diagnostic(`${cancelled} of ${cancels} cancelled in time; from cancel to answer: ${times(waits)}; ${order.published} versions published, ${order.stale} late`);
      }));
});

const hovers = size(4_000, 10_000);
const changes = size(400, 1_000);

describe("L5: a storm of requests", () => {
  for (const pull of [true, false])
    it(`L5: ${hovers} hovers and ${changes} changes at once are answered, and only the last texts analysed (${pull ? "pulled" : "pushed"})`, (test) =>
      story(shop(test), pull, async (editor) => {
        const order = inOrder(editor);
        let analyses = 0;
        editor.wire.onMessage(({ method, params }) => void (method === "pitlint/status" && params.state === "ready" && analyses++));
        let from = 0;
        const waits: number[] = [];
        const answers: Promise<void>[] = [];
        // Judging so many messages takes longer than sending them.
        editor.wire.process.stdin!.cork();
        for (let index = 0; index < hovers; index++) {
          if (index % (hovers / changes) === 0) stroke(editor, index % 3 === 0 ? consul : server);
          answers.push(editor.wire.request("textDocument/hover", { textDocument: { uri: editor.uri(server) }, position }).then(({ error }) => {
            assert.equal(error, undefined);
            waits.push(performance.now() - from);
          }));
        }
        from = performance.now();
        editor.wire.process.stdin!.uncork();
        await Promise.all(answers);
        const found = await editor.rest();
        const line = editor.text(server).split("\n").findIndex((one) => one.includes("requestTimeout = 45_000"));
        assert.deepEqual(found[server]!.filter((one) => one.includes(rule)).map((one) => JSON.parse(one)[0][0]), [line], "what is shown belongs to the last text");
        assert.ok(analyses <= changes / 20, `${analyses} analyses of ${changes} changes`);
        assert.equal(order.stale, 0);
        test.diagnostic(`answered after ${times(waits)} from sending all at once; ${analyses} analyses of ${changes} changes`);
        const after: number[] = [];
        for (let index = 0; index < 100; index++) {
          const begin = performance.now();
          assert.match((await editor.ask("textDocument/hover", { textDocument: { uri: editor.uri(server) }, position: { line, character: 26 } })).contents.value, /45 s/);
          after.push(performance.now() - begin);
        }
        test.diagnostic(`then a hover: ${times(after)}`);
      }));

  const documents = size(200, 2_000);
  it(`L5: ${documents} open documents are all known, typed in, and given back`, async (test) => {
    const text = (index: number) => `import axios from "axios";\nexport const quote${index} = () => axios.get("https://prices.internal/${index}");\n`;
    const paths = Array.from({ length: documents }, (_, index) => `src/part-${index % 10}/call-${index}.ts`);
    const editor = await startEditor(folderWith(test, { "package.json": "{}", ...Object.fromEntries(paths.map((path, index) => [path, text(index)])) }));
    try {
      const closed = await editor.rest();
      assert.equal(Object.keys(closed).length, documents);
      for (const path of paths) editor.open(path);
      assert.deepEqual(await editor.rest(), closed);
      for (const path of paths) editor.type(path, `\n${editor.text(path)}`);
      assert.deepEqual(Object.values(await editor.rest()).map((lines) => JSON.parse(lines[0]!)[0][0]), paths.map(() => 2));
      for (const path of paths) editor.close(path);
      assert.deepEqual(await editor.rest(), closed);
      await editor.done();
    } finally {
      await editor.kill();
    }
  });
});
