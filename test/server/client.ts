// A real LSP client over stdio for tests: the protocol library of the reference implementation, no mock. L12: the checker reads along, and no message of the server may be wrong.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection, StreamMessageReader, StreamMessageWriter, type ClientCapabilities, type Diagnostic, type InitializeResult, type ProtocolConnection, type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { createChecker, type Message } from "./protocol/checker.ts";
import { deframer } from "./protocol/framing.ts";

export interface Client {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly initialized: InitializeResult;
  /** Latest pushed diagnostics by URI. */
  readonly pushed: ReadonlyMap<string, readonly Diagnostic[]>;
  uri(path: string): string;
  open(path: string, language: string): void;
  /** Replaces the first occurrence of a text in an open document, incrementally. */
  replace(path: string, before: string, after: string): void;
  text(path: string): string;
  /** Resolves when the predicate holds for the diagnostics of a file. */
  until(path: string, holds: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]>;
  pull(path: string): Promise<readonly Diagnostic[]>;
  apply(edit: WorkspaceEdit): void;
  /** Shuts down in order and gives the exit status. */
  stop(): Promise<number | null>;
}

export const pushClient: ClientCapabilities = {
  textDocument: { publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true, versionSupport: true }, codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] }, codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} }, workspaceFolders: true },
};
export const pullClient: ClientCapabilities = { ...pushClient, textDocument: { ...pushClient.textDocument, diagnostic: {} }, workspace: { ...pushClient.workspace, diagnostics: { refreshSupport: true } } };

/** `more` goes into `initialize`: options, locale, further folders. */
export async function startClient(root: string, capabilities: ClientCapabilities, more: object = {}): Promise<Client> {
  const child = spawn(process.execPath, ["dist/cli.js", "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const checker = createChecker();
  const reading = (who: "client" | "server") => deframer((body) => checker.take(who, JSON.parse(body) as Message), (bytes) => checker.stray(who, bytes));
  child.stdout.on("data", reading("server"));
  const send = child.stdin.write.bind(child.stdin);
  const sent = reading("client");
  child.stdin.write = ((chunk: Buffer | string, ...rest: unknown[]) => (sent(Buffer.from(chunk)), (send as (...all: unknown[]) => boolean)(chunk, ...rest))) as typeof child.stdin.write;
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const pushed = new Map<string, readonly Diagnostic[]>();
  const documents = new Map<string, { version: number; text: string }>();
  const waiting = new Set<() => void>();
  const uri = (path: string) => pathToFileURL(`${root}/${path}`).href;
  connection.onNotification("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: Diagnostic[] }) => {
    pushed.set(params.uri, params.diagnostics);
    for (const one of waiting) one();
  });
  connection.onRequest("workspace/diagnostic/refresh", () => {
    for (const one of waiting) one();
    return null;
  });
  connection.onRequest("client/registerCapability", () => null);
  connection.onNotification("pitlint/status", () => {});
  connection.listen();
  const initialized = await connection.sendRequest<InitializeResult>("initialize", { processId: process.pid, rootUri: pathToFileURL(root).href, workspaceFolders: [{ uri: pathToFileURL(root).href, name: "root" }], capabilities, ...more });
  await connection.sendNotification("initialized", {});
  const pull = async (path: string) => ((await connection.sendRequest("textDocument/diagnostic", { textDocument: { uri: uri(path) } })) as { items: Diagnostic[] }).items;
  const change = (path: string, range: { start: number; end: number }, text: string) => {
    const document = documents.get(uri(path))!;
    const at = (offset: number) => {
      const lines = document.text.slice(0, offset).split("\n");
      return { line: lines.length - 1, character: lines[lines.length - 1]!.length };
    };
    void connection.sendNotification("textDocument/didChange", { textDocument: { uri: uri(path), version: ++document.version }, contentChanges: [{ range: { start: at(range.start), end: at(range.end) }, text }] });
    document.text = document.text.slice(0, range.start) + text + document.text.slice(range.end);
  };
  return {
    connection, process: child, initialized, pushed, uri, pull,
    open(path, languageId) {
      const text = readFileSync(`${root}/${path}`, "utf8");
      documents.set(uri(path), { version: 1, text });
      void connection.sendNotification("textDocument/didOpen", { textDocument: { uri: uri(path), languageId, version: 1, text } });
    },
    replace(path, before, after) {
      const start = documents.get(uri(path))!.text.indexOf(before);
      if (start < 0) throw new Error(`${path} does not contain ${before}`);
      change(path, { start, end: start + before.length }, after);
    },
    text: (path) => documents.get(uri(path))!.text,
    until(path, holds) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => (waiting.delete(check), reject(new Error(`waited 20 s for ${path}: ${JSON.stringify(pushed.get(uri(path)))}`))), 20_000);
        const check = async () => {
          const found = capabilities.textDocument?.diagnostic ? await pull(path) : (pushed.get(uri(path)) ?? []);
          if (!holds(found) || !waiting.has(check)) return;
          waiting.delete(check);
          clearTimeout(timer);
          resolve(found);
        };
        waiting.add(check);
        void check();
      });
    },
    apply(edit) {
      for (const one of edit.documentChanges ?? []) {
        if (!("textDocument" in one)) continue;
        const document = documents.get(one.textDocument.uri);
        if (!document) continue;
        const path = one.textDocument.uri.slice(uri("").length);
        if (one.textDocument.version !== null && one.textDocument.version !== document.version) throw new Error("edit for another version");
        const offset = (position: { line: number; character: number }) => document.text.split("\n").slice(0, position.line).reduce((sum, line) => sum + line.length + 1, 0) + position.character;
        for (const { range, newText } of [...one.edits].reverse() as { range: Diagnostic["range"]; newText: string }[]) change(path, { start: offset(range.start), end: offset(range.end) }, newText);
      }
    },
    async stop() {
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      const code = await ended;
      assert.deepEqual(checker.findings.filter((one) => one.who === "server"), []);
      return code;
    },
  };
}
