// An editor that behaves: it knows its documents and their versions, on a wire that judges every message.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Message } from "./checker.ts";
import { difference } from "./edits.ts";
import { lineOf, type Line } from "./fresh.ts";
import { positionAt } from "./text.ts";
import { startServer, type Wire } from "./wire.ts";

export interface Editor {
  readonly wire: Wire;
  /** What each file shows by what was pushed last. */
  readonly pushed: ReadonlyMap<string, readonly any[]>;
  uri(path: string): string;
  /** Opens a document with the text on disk, or another. */
  open(path: string, text?: string): void;
  /** Changes what differs, in one incremental change. */
  type(path: string, text: string): void;
  close(path: string): void;
  text(path: string): string;
  version(path: string): number;
  /** Diagnostics of one file once the server has come to rest. */
  pull(path: string): Promise<any[]>;
  /** Every diagnostic of the workspace at rest, by path. */
  rest(): Promise<Record<string, Line[]>>;
  ask(method: string, params?: object): Promise<any>;
  /** Shuts down in order; no message of the server was wrong. */
  done(): Promise<void>;
  /** Ends the process, whatever it does. */
  kill(): Promise<void>;
}

export interface EditorOptions {
  /** Diagnostics are asked for; otherwise they are pushed. */
  readonly pull?: boolean;
  /** Workspace folders below the root; the root itself by default. */
  readonly folders?: readonly string[];
  readonly command?: readonly string[];
  /** Goes into `initialize`. */
  readonly more?: object;
}

/** Starts a server and opens folders in it. */
export async function startEditor(root: string, { pull = true, folders = [""], command, more }: EditorOptions = {}): Promise<Editor> {
  const wire = startServer(command);
  const pushed = new Map<string, readonly any[]>();
  const documents = new Map<string, { version: number; text: string }>();
  const uri = (path: string) => pathToFileURL(join(root, path)).href;
  const pathOf = (other: string) => decodeURIComponent(other.slice(uri("").length)).replace(/^\//, "");
  wire.onMessage(({ method, params }: Message) => void (method === "textDocument/publishDiagnostics" && pushed.set(pathOf(params.uri), params.diagnostics)));
  await wire.initialize({
    rootUri: null, workspaceFolders: folders.map((path) => ({ uri: uri(path).replace(/\/$/, ""), name: path || "root" })),
    capabilities: {
      workspace: { workspaceFolders: true, workspaceEdit: { documentChanges: true }, applyEdit: true, didChangeWatchedFiles: { dynamicRegistration: true } },
      textDocument: {
        publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true, dataSupport: true },
        ...(pull ? { diagnostic: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true } } : {}),
        codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "source", "source.fixAll"] } }, dataSupport: true, resolveSupport: { properties: ["edit"] } },
      },
    },
    ...more,
  });
  const ask = async (method: string, params?: object) => {
    const { result, error } = await wire.request(method, params);
    assert.equal(error, undefined, `${method}: ${JSON.stringify(error)}`);
    return result;
  };
  const editor: Editor = {
    wire, pushed, uri, ask,
    open(path, text = readFileSync(join(root, path), "utf8")) {
      const version = (documents.get(path)?.version ?? 0) + 1;
      documents.set(path, { version, text });
      wire.notify("textDocument/didOpen", { textDocument: { uri: uri(path), languageId: path.endsWith(".ts") ? "typescript" : path.endsWith(".json") ? "json" : "yaml", version, text } });
    },
    type(path, text) {
      const document = documents.get(path)!;
      const before = document.text;
      Object.assign(document, { version: document.version + 1, text });
      difference(before, text, (start, end, inserted) => {
        const range = { start: positionAt(before, start, "utf-16"), end: positionAt(before, end, "utf-16") };
        wire.notify("textDocument/didChange", { textDocument: { uri: uri(path), version: document.version }, contentChanges: [{ range, text: inserted }] });
      });
    },
    close(path) {
      documents.delete(path);
      wire.notify("textDocument/didClose", { textDocument: { uri: uri(path) } });
    },
    text: (path) => documents.get(path)!.text,
    version: (path) => documents.get(path)!.version,
    pull: async (path) => (await ask("textDocument/diagnostic", { textDocument: { uri: uri(path) } })).items,
    async rest() {
      if (!pull) {
        // Fixes of a whole file are made from a workspace at rest; what was pushed until then comes first.
        await ask("textDocument/codeAction", { textDocument: { uri: uri("package.json") }, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, context: { diagnostics: [], only: ["source.fixAll"] } });
        return shaped([...pushed]);
      }
      const { items } = await ask("workspace/diagnostic", { previousResultIds: [] });
      return shaped(items.map((one: any) => [pathOf(one.uri), one.items]));
    },
    async done() {
      assert.equal(await wire.stop(), 0);
      assert.deepEqual(wire.checker.findings.filter((one) => one.who === "server"), []);
    },
    async kill() {
      wire.process.kill("SIGKILL");
      await wire.ended();
    },
  };
  return editor;

  function shaped(items: readonly (readonly [path: string, diagnostics: readonly any[]])[]): Record<string, Line[]> {
    const base = uri("");
    const line = (one: any) => lineOf(one).replaceAll(base, "");
    return Object.fromEntries(items.filter(([, list]) => list.length > 0).map(([path, list]): [string, Line[]] => [path, list.map(line).sort()]).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** True unless the process is gone or only waits to be reaped. */
export const alive = (pid: number): boolean => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
