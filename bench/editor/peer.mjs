// One language server on stdio as an editor drives it: opens, types, asks for diagnostics or waits for them, whichever the server offers.

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver-protocol/node";

/** Longest wait for one answer (ms). */
const patience = 120_000;

/** Epoch in ms, with fractions: the clock that the monitor in the server uses too. */
export const clock = () => performance.timeOrigin + performance.now();

/**
 * Starts a server in a folder. `nodeArgs` go to Node, `monitor` is the file that the monitor writes.
 */
export async function startPeer({ name, script, args, root, options, nodeArgs = [], monitor, env, cache }) {
  const started = clock();
  const child = spawn(process.execPath, [...(monitor ? ["--import", fileURLToPath(new URL("monitor.mjs", import.meta.url))] : []), ...nodeArgs, script, ...args], {
    cwd: root, stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, ...env, ...(monitor ? { BENCH_MONITOR: monitor } : {}), ...(cache ? { XDG_CACHE_HOME: cache } : {}) },
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const waiting = new Map();
  const documents = new Map();
  connection.onRequest("workspace/configuration", ({ items }) => items.map(() => options ?? null));
  for (const method of ["client/registerCapability", "client/unregisterCapability", "workspace/diagnostic/refresh", "window/workDoneProgress/create"]) connection.onRequest(method, () => null);
  connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => waiting.get(uri)?.(diagnostics));
  connection.onUnhandledNotification(() => {});
  connection.listen();
  const uriOf = (path) => pathToFileURL(join(root, path)).href;
  const folders = [{ uri: pathToFileURL(root).href, name: "root" }];
  const { capabilities } = await connection.sendRequest("initialize", {
    processId: process.pid, rootUri: folders[0].uri, workspaceFolders: folders, initializationOptions: options,
    capabilities: {
      workspace: { workspaceFolders: true, configuration: true, workspaceEdit: { documentChanges: true }, diagnostics: { refreshSupport: true } },
      textDocument: {
        publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true, dataSupport: true }, diagnostic: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
        codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] }, codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "source", "source.fixAll"] } } },
      },
    },
  });
  await connection.sendNotification("initialized", {});
  const initialized = clock();
  const pulls = capabilities.diagnosticProvider !== undefined;
  const { textDocumentSync } = capabilities;
  /** The server takes changes of a text, not only texts. */
  const incremental = (typeof textDocumentSync === "object" ? textDocumentSync.change : textDocumentSync) === 2;
  /** Diagnostics of a document after what `act` tells the server. */
  const after = async (path, act) => {
    const uri = uriOf(path);
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${name}: no diagnostics of ${path} within ${patience / 1000} s`)), patience)));
    const start = clock();
    const pushed = pulls ? undefined : new Promise((resolve) => waiting.set(uri, resolve));
    await act();
    const items = await Promise.race([pushed ?? connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } }).then((answer) => answer.items ?? []), late]);
    clearTimeout(timer);
    waiting.delete(uri);
    return { ms: clock() - start, items };
  };
  return {
    name, pulls, started, initialized, pid: child.pid, after, root,
    open(path, languageId) {
      const text = readFileSync(join(root, path), "utf8");
      documents.set(path, { text, version: 1 });
      return connection.sendNotification("textDocument/didOpen", { textDocument: { uri: uriOf(path), languageId, version: 1, text } });
    },
    /** Replaces a stretch of an open document. */
    edit(path, start, end, text) {
      const document = documents.get(path);
      const at = (offset) => {
        const lines = document.text.slice(0, offset).split("\n");
        return { line: lines.length - 1, character: lines.at(-1).length };
      };
      const range = { start: at(start), end: at(end) };
      document.text = document.text.slice(0, start) + text + document.text.slice(end);
      return connection.sendNotification("textDocument/didChange", { textDocument: { uri: uriOf(path), version: ++document.version }, contentChanges: [incremental ? { range, text } : { text: document.text }] });
    },
    text: (path) => documents.get(path).text,
    async codeActions(path, range) {
      const start = clock();
      const actions = await connection.sendRequest("textDocument/codeAction", { textDocument: { uri: uriOf(path) }, range, context: { diagnostics: [] } });
      return { ms: clock() - start, actions: actions ?? [] };
    },
    /** Ends the server; what its monitor wrote, where it has one. */
    async stop() {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(timer);
      connection.dispose();
      return monitor && existsSync(monitor) ? JSON.parse(readFileSync(monitor, "utf8")) : undefined;
    },
  };
}
