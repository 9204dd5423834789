// L9: however an editor goes, the server and its workers go with it, also while a worker hangs.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { folderWith } from "../host/folder.ts";
import { size } from "../reliability/size.ts";
import { alive, startEditor } from "./protocol/editor.ts";
import { patience, serverCommand } from "./protocol/wire.ts";

/** Exponential in the TypeScript parser: the worker hangs until the watchdog ends it. */
const hang = `import http from "node:http";\nhttp.createServer();\nfetch("http://a");\n${"async(".repeat(40)}`;
const trials = size(3, 100);

function shop(test: TestContext): string {
  const root = join(folderWith(test), "shop");
  cpSync("examples/shop", root, { recursive: true });
  return root;
}

/** A server whose worker has begun a file that it will not finish. */
async function hanging(root: string) {
  const editor = await startEditor(root);
  await editor.rest();
  editor.open("gateway/src/hang.ts", hang);
  // An answer that waits for no analysis: the change has been taken.
  await editor.ask("pitlint/rules");
  await wait(Math.random() * 300);
  return editor;
}

/** Processes below one, which the system knows at this moment. */
const below = (pid: number): number[] => (existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`).flatMap((task) => childrenOf(pid, task)) : []);
const childrenOf = (pid: number, task: string) => {
  const path = `/proc/${pid}/task/${task}/children`;
  return existsSync(path) ? readFileSync(path, "utf8").split(" ").filter(Boolean).map(Number) : [];
};

const times: Record<string, number[]> = {};
async function timed(what: string, run: () => Promise<void>): Promise<void> {
  const from = performance.now();
  await run();
  (times[what] ??= []).push(performance.now() - from);
}
const longest = (what: string) => `${what}: ${times[what]!.length} times, longest ${Math.round(Math.max(...times[what]!))} ms`;

describe("L9: the end while a worker hangs", () => {
  const ends: readonly [what: string, code: number, end: (editor: Awaited<ReturnType<typeof hanging>>) => void | Promise<void>][] = [
    ["its input ends", 1, (editor) => void editor.wire.process.stdin!.end()],
    ["exit comes without shutdown", 1, (editor) => editor.wire.wrong({ method: "exit" })],
    ["shutdown and exit come", 0, async (editor) => (assert.equal((await editor.wire.request("shutdown")).error, undefined), editor.wire.notify("exit"))],
    ["the pipes break", 1, (editor) => (editor.wire.process.stdout!.destroy(), void editor.wire.process.stdin!.destroy())],
  ];
  for (const [what, code, end] of ends)
    it(`L9: ${trials} times, ${what}: status ${code}, and no process is left`, async (test) => {
      const root = shop(test);
      for (let trial = 0; trial < trials; trial++) {
        const editor = await hanging(root);
        try {
          const pid = editor.wire.process.pid!;
          const all = [pid, ...below(pid)];
          await timed(what, async () => {
            await end(editor);
            assert.equal((await editor.wire.ended()).code, code);
          });
          assert.deepEqual(all.filter(alive), []);
        } finally {
          await editor.kill();
        }
      }
      test.diagnostic(longest(what));
    });

  it("L9: a request after shutdown is refused, and what comes then is exit", async (test) => {
    const editor = await hanging(shop(test));
    try {
      assert.equal((await editor.wire.request("shutdown")).error, undefined);
      const hover = { textDocument: { uri: editor.uri("a.ts") }, position: { line: 0, character: 0 } };
      for (const [method, params] of [["textDocument/hover", hover], ["workspace/diagnostic", { previousResultIds: [] }], ["pitlint/rules"], ["shutdown"]] as [string, object?][]) assert.equal((await editor.wire.request(method, params)).error?.code, -32600, method);
      editor.wire.notify("exit");
      assert.equal((await editor.wire.ended()).code, 0);
      assert.deepEqual(editor.wire.checker.findings, []);
    } finally {
      await editor.kill();
    }
  });

  it("L9: after the answer to shutdown nothing comes, whatever was under way", async (test) => {
    const root = folderWith(test);
    for (const name of ["a", "b"]) cpSync("examples/shop", join(root, name), { recursive: true });
    for (const moment of [0, 20, 60, 150, 400, 1_000]) {
      const editor = await startEditor(root, { folders: ["a", "b"], pull: moment % 40 === 0 });
      try {
        editor.open("a/gateway/src/server.ts");
        await wait(moment);
        editor.type("a/gateway/src/server.ts", `\n${editor.text("a/gateway/src/server.ts")}`);
        editor.open("b/gateway/src/server.ts");
        assert.equal((await editor.wire.request("shutdown")).error, undefined);
        // A message that is on its way comes within this time, or comes to nobody.
        await wait(600);
        editor.wire.notify("exit");
        assert.equal((await editor.wire.ended()).code, 0);
        assert.deepEqual(editor.wire.checker.findings, [], `shutdown after ${moment} ms`);
      } finally {
        await editor.kill();
      }
    }
  });

  // The first of them is told by the end of the pipe alone, while its worker hangs.
  const deaths = size(2, 100);
  it(`L9: ${deaths} times, the editor is killed: no process is left`, async (test) => {
    const root = shop(test);
    const uri = pathToFileURL(root).href;
    const messages = (processId: number | null) => [
      { jsonrpc: "2.0", id: 1, method: "initialize", params: { processId, rootUri: uri, workspaceFolders: [{ uri, name: "shop" }], capabilities: {} } },
      { jsonrpc: "2.0", method: "initialized", params: {} },
      { jsonrpc: "2.0", method: "textDocument/didOpen", params: { textDocument: { uri: `${uri}/gateway/src/hang.ts`, languageId: "typescript", version: 1, text: hang } } },
    ];
    for (let trial = 0; trial < deaths; trial++) {
      // Once the end of the pipe tells, once the id of the process does too.
      const named = trial % 2 === 1;
      const script = `const { spawn } = require("node:child_process");
        const frame = (one) => { const body = Buffer.from(JSON.stringify(one)); return Buffer.concat([Buffer.from("Content-Length: " + body.length + "\\r\\n\\r\\n"), body]); };
        const child = spawn(${JSON.stringify(serverCommand[0])}, ${JSON.stringify(serverCommand.slice(1))}, { stdio: ["pipe", "inherit", "inherit"] });
        for (const one of JSON.parse(${JSON.stringify(JSON.stringify(messages(null)))})) { if (one.id === 1 && ${named}) one.params.processId = process.pid; child.stdin.write(frame(one)); }
        process.stderr.write("pid " + child.pid + "\\n");
        setInterval(() => {}, 1000);`;
      const editor = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "pipe"] });
      let said = "";
      editor.stderr.on("data", (chunk: Buffer) => (said += chunk));
      let indexed = false;
      editor.stdout.on("data", (chunk: Buffer) => (indexed ||= chunk.includes("publishDiagnostics")));
      await until(() => /pid \d+\n/.test(said) && indexed);
      const server = Number(/pid (\d+)/.exec(said)![1]);
      assert.ok(alive(server));
      await timed("the editor is killed", async () => {
        editor.kill("SIGKILL");
        await until(() => !alive(server));
      });
    }
    test.diagnostic(longest("the editor is killed"));
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + patience; !holds(); await wait(10)) if (Date.now() > end) throw new Error(`waited ${patience / 1000} s`);
}
