// L7: a long day in one server: typing, documents opened and closed, configurations changed, folders that come and go. At its end it holds no more than after its first tenth.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { folderWith } from "../host/folder.ts";
import { firstSeed, size } from "../reliability/size.ts";
import { randomEdit, seeded } from "./protocol/edits.ts";
import { startEditor, type Editor } from "./protocol/editor.ts";
import { patience, serverCommand } from "./protocol/wire.ts";

const edits = size(2_000, 200_000);
/** One of these in so many edits. */
const [openings, reloads, folders] = [40, 400, size(1_000, 4_000)];
const desk = ["gateway/src/server.ts", "consul/gateway.yaml", "gateway/src/rates.ts", "k8s/gateway.yaml"];
const [node, ...rest] = serverCommand as readonly [string, ...string[]];
// Without the optimizing compiler: its machine code lies on the heap too, and grows as long as it finds something to optimize anew.
const command = [node, "--expose-gc", "--no-opt", "--import", join(import.meta.dirname, "protocol/meter.mjs"), ...rest];

interface Meter {
  readonly heap: number;
  readonly external: number;
  readonly rss: number;
  readonly resources: readonly string[];
  readonly threads: number;
  readonly files: number;
  readonly visited: readonly string[];
}

describe("L7: a long day", () => {
  it(`L7: ${edits} edits, ${edits / openings} documents opened and closed, ${edits / reloads} configurations and ${edits / folders} folders leave the server no bigger`, async (test) => {
    const base = folderWith(test);
    for (const name of ["shop", "guest"]) cpSync("examples/shop", join(base, name), { recursive: true });
    const root = join(base, "shop");
    const random = seeded(firstSeed);
    const editor = await startEditor(root, { command });
    const config = readFileSync(join(root, "pitlint.yaml"), "utf8");
    const originals = new Map(desk.map((path) => [path, readFileSync(join(root, path), "utf8")]));
    const guest = { uri: pathToFileURL(join(base, "guest")).href, name: "guest" };
    let first: Meter | undefined;
    try {
      for (const path of desk) editor.open(path);
      const before = await editor.rest();
      for (let count = 1; count <= edits; count++) {
        const path = random.pick(desk);
        editor.type(path, count % 50 === 0 ? originals.get(path)! : randomEdit(random, editor.text(path), originals.get(path)!, "utf-16").text);
        if (count % openings === 0) openAndClose(editor, count);
        if (count % reloads === 0) {
          writeFileSync(join(root, "pitlint.yaml"), count % (2 * reloads) === 0 ? config : `${config}\n# ${count}\nignore: [generated-${count}/]\n`);
          editor.wire.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: editor.uri("pitlint.yaml"), type: 2 }] });
        }
        if (count % folders === folders / 10) editor.wire.notify("workspace/didChangeWorkspaceFolders", { event: { added: [guest], removed: [] } });
        if (count % folders === folders / 5) editor.wire.notify("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [guest] } });
        if (count % 10 === 0) await editor.rest();
        if (![10, 2].some((part) => count === edits / part)) continue;
        const meter = await measured(editor, originals);
        if (count === edits / 10) first = meter;
        test.diagnostic(`after ${count} edits: ${shown(meter)}`);
      }
      writeFileSync(join(root, "pitlint.yaml"), config);
      editor.wire.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: editor.uri("pitlint.yaml"), type: 2 }] });
      // One that stays open shows that the measurement sees documents.
      editor.open("gateway/src/visit-0.ts", visit(0));
      const last = await measured(editor, originals, "SIGWINCH");
      editor.close("gateway/src/visit-0.ts");
      test.diagnostic(`after ${edits} edits: ${shown(last)}`);
      assert.deepEqual(await editor.rest(), before, "it says what it said in the morning");
      assert.ok(last.heap <= 1.1 * first!.heap, `heap grew from ${first!.heap} to ${last.heap} bytes`);
      assert.deepEqual([last.resources, last.threads, last.files], [first!.resources, first!.threads, first!.files], "handles, timers, workers, open files");
      assert.deepEqual(last.visited, ["// visited document 0"], "closed documents are let go");
      await editor.done();
    } finally {
      await editor.kill();
    }
  });
});

/** 200 kB like no other. */
const visit = (count: number) => `// visited document ${count}\nimport axios from "axios";\n${`export const q = () => axios.get("http://a/${count}"); // ${count}\n`.repeat(20)}// ${`${count} `.repeat(200_000 / (String(count).length + 1))}\n`;

function openAndClose(editor: Editor, count: number): void {
  const path = `gateway/src/visit-${count}.ts`;
  editor.open(path, visit(count));
  editor.type(path, editor.text(path).replace("http://a", "http://b"));
  editor.close(path);
}

/** The server at rest, with the texts it began with. */
async function measured(editor: Editor, originals: ReadonlyMap<string, string>, signal: "SIGUSR2" | "SIGWINCH" = "SIGUSR2"): Promise<Meter> {
  for (const [path, text] of originals) editor.type(path, text);
  await editor.rest();
  await editor.rest();
  const before = editor.wire.stderr.length;
  editor.wire.process.kill(signal);
  for (let end = Date.now() + patience; Date.now() < end; await wait(20)) {
    const line = /^meter (.*)\n/m.exec(editor.wire.stderr.slice(before));
    if (line) return JSON.parse(line[1]!) as Meter;
  }
  throw new Error(`no measurement within ${patience / 1000} s; ${editor.wire.stderr}`);
}

const shown = ({ heap, external, rss, resources, threads, files }: Meter) => `heap ${(heap / 1e6).toFixed(1)} MB, external ${(external / 1e6).toFixed(1)} MB, resident ${(rss / 1e6).toFixed(0)} MB, ${threads} threads, ${files} open files, ${resources.join(" ")}`;
