// L11: a throw in any handler costs that message and nothing else. It is logged with version, method and place in the code, and without a word of any document.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { toolVersion } from "../../host/version.ts";
import { folderWith } from "../host/folder.ts";
import { startEditor, type Editor } from "./protocol/editor.ts";
import { startServer } from "./protocol/wire.ts";
import type { Message } from "./protocol/checker.ts";

const path = "src/calls.ts";
const text = 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/secret");\n';
const command = [process.execPath, "--import", "tsx", join(import.meta.dirname, "protocol/armed.ts"), "--stdio"];

interface Case {
  readonly method: string;
  /** What the server registered. */
  readonly handler: string;
  readonly params?: (document: { readonly uri: string }) => object;
  /** Keys that may be read before the throw. */
  readonly keep?: readonly string[];
}

const position = { line: 1, character: 30 };
const range = { start: position, end: position };
const requests: readonly Case[] = [
  { method: "textDocument/hover", handler: "onHover", params: (textDocument) => ({ textDocument, position }), keep: ["textDocument"] },
  { method: "textDocument/definition", handler: "onDefinition", params: (textDocument) => ({ textDocument, position }), keep: ["textDocument"] },
  { method: "textDocument/completion", handler: "onCompletion", params: (textDocument) => ({ textDocument, position }) },
  { method: "textDocument/documentLink", handler: "onDocumentLinks", params: (textDocument) => ({ textDocument }) },
  { method: "textDocument/inlayHint", handler: "languages.inlayHint.on", params: (textDocument) => ({ textDocument, range }) },
  { method: "textDocument/codeAction", handler: "onCodeAction", params: (textDocument) => ({ textDocument, range, context: { diagnostics: [] } }), keep: ["textDocument"] },
  { method: "codeAction/resolve", handler: "onCodeActionResolve", params: () => ({ title: "x", data: {} }) },
  { method: "textDocument/diagnostic", handler: "languages.diagnostics.on", params: (textDocument) => ({ textDocument }) },
  { method: "workspace/diagnostic", handler: "languages.diagnostics.onWorkspace", params: () => ({ previousResultIds: [] }) },
  { method: "workspace/executeCommand", handler: "onExecuteCommand", params: () => ({ command: "pitlint.lintWorkspace" }) },
  { method: "pitlint/rules", handler: "pitlint/rules" },
  { method: "pitlint/services", handler: "pitlint/services" },
  { method: "pitlint/rulePage", handler: "pitlint/rulePage", params: () => ({ rule: "x" }) },
  { method: "pitlint/silence", handler: "pitlint/silence", params: (document) => document },
];
const notifications: readonly Case[] = [
  { method: "textDocument/didOpen", handler: "onDidOpenTextDocument", params: (textDocument) => ({ textDocument: { ...textDocument, languageId: "typescript", version: 7, text } }) },
  { method: "textDocument/didChange", handler: "onDidChangeTextDocument", params: (textDocument) => ({ textDocument: { ...textDocument, version: 8 }, contentChanges: [{ text: `\n${text}` }] }), keep: ["textDocument"] },
  { method: "textDocument/didClose", handler: "onDidCloseTextDocument", params: (textDocument) => ({ textDocument }) },
  { method: "workspace/didChangeWatchedFiles", handler: "onDidChangeWatchedFiles", params: (textDocument) => ({ changes: [{ ...textDocument, type: 2 }] }) },
  { method: "workspace/didChangeWorkspaceFolders", handler: "workspace.onDidChangeWorkspaceFolders", params: () => ({ event: { added: [], removed: [] } }) },
];
const life: readonly Case[] = [{ method: "initialize", handler: "onInitialize" }, { method: "initialized", handler: "onInitialized" }, { method: "shutdown", handler: "onShutdown" }];

describe("L11: a throw", () => {
  it("L11: in each handler costs its message alone, and the log quotes no document", async (test) => {
    const root = folderWith(test, { "package.json": "{}", [path]: text });
    const editor = await startEditor(root, { command });
    const { wire } = editor;
    const logs: string[] = [];
    wire.onMessage(({ method, params }: Message) => void (method === "window/logMessage" && logs.push(params.message)));
    const logged = async (method: string, frames = true) => {
      await editor.ask("test/armed");
      assert.equal(logs.length, 1, `${method}: ${logs.join("\n---\n")}`);
      const [log] = logs.splice(0);
      assert.ok(log!.startsWith(`pitlint ${toolVersion()}: ${method} failed: Error\n    at `), log);
      assert.doesNotMatch(log!, /axios|secret|quote|something|at all$/m);
      assert.ok(!frames || log!.split("\n").length > 3);
    };
    const arm = (keep: readonly string[] = []) => wire.wrong({ id: nextId++, method: "test/arm", params: { keep, text } });
    let nextId = 50_000;
    try {
      editor.open(path);
      await editor.rest();
      const before = await everything(editor);
      for (const { method, params, keep } of requests) {
        arm(keep);
        const id = nextId++;
        wire.wrong({ id, method, ...(params ? { params: params({ uri: editor.uri(path) }) } : {}) });
        const { error } = await wire.answer(id);
        assert.equal(error?.code, -32603, `${method}: ${JSON.stringify(error)}`);
        assert.doesNotMatch(error!.message, /axios|something/);
        assert.equal(await editor.ask("test/armed"), false);
        await logged(method);
        assert.deepEqual(await everything(editor), before, method);
      }
      for (const { method, params, keep } of notifications) {
        arm(keep);
        wire.wrong({ method, params: params!({ uri: editor.uri(path) }) });
        assert.equal(await editor.ask("test/armed"), false, method);
        await logged(method);
        if (method === "textDocument/didChange") assert.deepEqual(await editor.rest(), {}, "nobody knows what the document holds now");
        editor.open(path);
        assert.deepEqual(await everything(editor), before, method);
      }
      arm();
      wire.wrong({ method: "initialized", params: {} });
      await logged("initialized");
      assert.deepEqual(await everything(editor), before);
      assert.deepEqual((await editor.ask("test/handlers") as string[]).filter((one) => ![...requests, ...notifications, ...life].some(({ handler }) => handler === one)), [], "every handler was tried");
      arm();
      const id = nextId++;
      wire.wrong({ id, method: "shutdown" });
      assert.equal((await wire.answer(id)).error?.code, -32603);
      wire.wrong({ method: "exit" });
      assert.equal((await wire.ended()).code, 0);
      test.diagnostic(`${requests.length + notifications.length + life.length} handlers`);
    } finally {
      await editor.kill();
    }
  });

  it("L11: in initialize leaves a server that can be initialized", async () => {
    const wire = startServer(command);
    try {
      wire.wrong({ id: 901, method: "test/arm", params: { keep: ["processId", "capabilities"], text } });
      wire.wrong({ id: 902, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
      assert.equal((await wire.answer(902)).error?.code, -32603);
      wire.wrong({ id: 903, method: "textDocument/hover", params: { textDocument: { uri: "file:///a.ts" }, position } });
      assert.equal((await wire.answer(903)).error?.code, -32002);
      assert.ok((await wire.initialize()).result);
      assert.equal(await wire.stop(), 0);
    } finally {
      wire.process.kill("SIGKILL");
    }
  });
});

/** What the server says of everything that is asked. */
async function everything(editor: Editor): Promise<unknown> {
  const answers: unknown[] = [];
  for (const { method, params } of requests) if (method !== "workspace/executeCommand" && method !== "codeAction/resolve") answers.push([method, strip(await editor.ask(method, params?.({ uri: editor.uri(path) })))]);
  return answers;
}

/** Without versions, which move on. */
const strip = (answer: unknown): unknown => JSON.parse(JSON.stringify(answer, (key, value) => (key === "version" || key === "resultId" ? undefined : value)) ?? "null");
