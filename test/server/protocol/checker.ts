// Judges every message between an editor and a language server: envelope, direction, types, life cycle, declared capabilities, ranges and edits.
// Knows the Language Server Protocol and nothing of pitlint but its prefix. The types stand in lsp-messages.json (see schema.mjs).

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Validator, type Schema } from "@cfworker/json-schema";
import { faultOf, offsetAt, type Encoding, type Range } from "./text.ts";

export type Side = "client" | "server";

/** A JSON-RPC message. What it carries is judged by schema, so its type says nothing. */
export interface Message {
  readonly jsonrpc?: string;
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: any;
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Finding {
  readonly who: Side;
  readonly rule: string;
  readonly detail: string;
}

export interface Checker {
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<Side, number>>;
  /** Takes the next message of a side. */
  take(who: Side, message: Message): void;
  /** A file has this text on disk: diagnostics may be about it, also when the editor has opened another one since. */
  wrote(uri: string, text: string): void;
  /** Bytes that are no message. */
  stray(who: Side, bytes: string): void;
  /** The server's process has ended: with this status, or by a signal (null). */
  ended(code: number | null): void;
}

interface Spec {
  readonly messages: Readonly<Record<string, { readonly kind: "request" | "notification"; readonly direction?: string; readonly capabilities?: { readonly client?: string } }>>;
  readonly schema: { readonly definitions: object; readonly properties: Readonly<Record<string, object>> };
}
interface Request extends Message {
  /** Versions of the open documents when it was asked: the client may have typed on since. */
  readonly versions: ReadonlyMap<string, number>;
}
interface Text {
  readonly version: number;
  readonly text: string;
}

const pingable = new Set(["window/showMessage", "window/logMessage", "telemetry/event", "window/showMessageRequest", "$/progress", "$/logTrace"]);
const afterShutdown = new Set(["window/logMessage", "telemetry/event", "$/logTrace"]);
const neededOfClient: Readonly<Record<string, string>> = {
  "workspace/configuration": "workspace.configuration", "workspace/applyEdit": "workspace.applyEdit", "workspace/workspaceFolders": "workspace.workspaceFolders",
  "window/workDoneProgress/create": "window.workDoneProgress", "window/showDocument": "window.showDocument.support", "workspace/diagnostic/refresh": "workspace.diagnostics.refreshSupport",
  "workspace/codeLens/refresh": "workspace.codeLens.refreshSupport", "workspace/inlayHint/refresh": "workspace.inlayHint.refreshSupport",
};
/** Methods beyond the protocol: a name with a product in front is nobody else's. */
const isOwn = (method: string) => method.startsWith("pitlint/");

export function createChecker(): Checker {
  const spec = JSON.parse(readFileSync(join(import.meta.dirname, "lsp-messages.json"), "utf8")) as Spec;
  return new Session(spec, new Validator({ definitions: spec.schema.definitions, properties: spec.schema.properties } as Schema, "7", true));
}

class Session implements Checker {
  readonly findings: Finding[] = [];
  readonly counts = { client: 0, server: 0 };
  private readonly spec: Spec;
  private readonly types: Validator;
  private state: "new" | "initializing" | "answered" | "running" | "shutdown" | "exited" = "new";
  private capabilities: any;
  private serverCapabilities: any;
  private encoding: Encoding = "utf-16";
  private readonly documents = new Map<string, Text>();
  /** Texts by version, the newest hundred of each document, over all its lives. */
  private readonly history = new Map<string, Map<number, string>>();
  /** The newest texts on disk. */
  private readonly written = new Map<string, readonly string[]>();
  /** Tokens of progress that was begun and has not ended. */
  private readonly working = new Set<string | number>();
  private readonly pending: Record<Side, Map<number | string, Request>> = { client: new Map(), server: new Map() };

  constructor(spec: Spec, types: Validator) {
    this.spec = spec;
    this.types = types;
  }

  wrote(uri: string, text: string): void {
    this.written.set(uri, [...(this.written.get(uri) ?? []), text].slice(-5));
  }

  stray(who: Side, bytes: string): void {
    this.find(who, "bytes-outside-frames", bytes);
  }

  ended(code: number | null): void {
    // Who is killed by a signal owes nothing any more.
    if (code === null) return;
    for (const [id, { method }] of this.pending.client) if (method !== "shutdown") this.find("server", "request-never-answered", `${method} #${id}`);
    if (this.state === "exited" && code !== 0) this.find("server", "exit-status", `${code} after shutdown and exit`);
  }

  take(who: Side, message: Message): void {
    this.counts[who]++;
    if (message.jsonrpc !== "2.0") this.find(who, "jsonrpc-not-2.0", message);
    if (message.method === undefined) return this.response(who, message);
    const isRequest = message.id !== undefined;
    this.envelope(who, message.method, isRequest, message.params);
    if (isRequest) {
      if (this.pending[who].has(message.id!)) this.find(who, "duplicate-request-id", message);
      this.pending[who].set(message.id!, { ...message, versions: new Map([...this.documents].map(([uri, one]) => [uri, one.version])) });
    }
    if (who === "server") this.fromServer(message.method, isRequest, message.params);
    else this.fromClient(message.method, message.params);
  }

  private find(who: Side, rule: string, detail: unknown): void {
    this.findings.push({ who, rule, detail: typeof detail === "string" ? detail : (JSON.stringify(detail) ?? "").slice(0, 400) });
  }

  private envelope(who: Side, method: string, isRequest: boolean, params: unknown): void {
    const known = this.spec.messages[method];
    if (!known) {
      if (!method.startsWith("$/") && !isOwn(method)) this.find(who, "unknown-method", method);
      return;
    }
    if (known.direction && known.direction !== "both" && known.direction !== (who === "client" ? "clientToServer" : "serverToClient")) this.find(who, "wrong-direction", method);
    if ((known.kind === "request") !== isRequest) this.find(who, isRequest ? "notification-with-id" : "request-without-id", method);
    this.typed(who, `params:${method}`, params);
  }

  private typed(who: Side, part: string, value: unknown): boolean {
    if (!this.spec.schema.properties[part]) return true;
    const { valid, errors } = this.types.validate({ [part]: value });
    if (!valid) this.find(who, part.startsWith("params") ? "schema-params" : "schema-result", `${part}: ${errors.map((one) => `${one.instanceLocation} ${one.error}`).slice(-2).join("; ")} in ${JSON.stringify(value)?.slice(0, 300)}`);
    return valid;
  }

  private fromClient(method: string, params: any): void {
    if (method === "initialize") {
      if (this.state !== "new") return;
      this.capabilities = params.capabilities;
      this.state = "initializing";
    } else if (method === "initialized") this.state = "running";
    else if (method === "exit") this.state = this.state === "shutdown" ? "exited" : this.state;
    else if (method === "textDocument/didOpen") {
      const { uri, version, text } = params.textDocument;
      if (this.documents.has(uri)) this.find("client", "opened-twice", uri);
      this.remember(uri, { version, text });
    } else if (method === "textDocument/didClose") this.documents.delete(params.textDocument.uri);
    else if (method === "textDocument/didChange") this.changed(params);
  }

  private changed({ textDocument: { uri, version }, contentChanges }: any): void {
    const before = this.documents.get(uri);
    if (!before) return this.find("client", "change-of-unopened", uri);
    if (version <= before.version) this.find("client", "version-not-increasing", { uri, version, before: before.version });
    let { text } = before;
    for (const change of contentChanges) {
      if (!change.range) {
        ({ text } = change);
        continue;
      }
      const fault = faultOf(text, change.range, this.encoding);
      if (fault) this.find("client", fault, change);
      text = text.slice(0, offsetAt(text, change.range.start, this.encoding)) + change.text + text.slice(offsetAt(text, change.range.end, this.encoding));
    }
    this.remember(uri, { version, text });
  }

  private remember(uri: string, text: Text): void {
    this.documents.set(uri, text);
    const texts = this.history.get(uri) ?? new Map<number, string>();
    this.history.set(uri, texts.set(text.version, text.text));
    if (texts.size > 100) texts.delete(texts.keys().next().value!);
  }

  private fromServer(method: string, isRequest: boolean, params: any): void {
    if ((this.state === "new" || this.state === "initializing") && !pingable.has(method)) this.find("server", "message-before-initialize-response", method);
    if (this.state === "answered" && isRequest && !pingable.has(method)) this.find("server", "request-before-initialized", method);
    if (this.state === "shutdown" && !afterShutdown.has(method)) this.find("server", "message-after-shutdown", method);
    const needed = neededOfClient[method];
    if (needed && !at(this.capabilities, needed)) this.find("server", "client-did-not-declare", `${method} needs ${needed}`);
    if (method === "$/progress" && params.value?.kind === "begin") this.working.add(params.token);
    if (method === "$/progress" && params.value?.kind === "end") this.working.delete(params.token);
    if (method === "textDocument/publishDiagnostics") this.published(params);
    // The server has seen what came before the command; what the editor did since may cross the edit on its way.
    const command = [...this.pending.client.values()].find((one) => one.method === "workspace/executeCommand");
    if (method === "workspace/applyEdit") this.workspaceEdit(params.edit, "workspace/applyEdit", command?.versions ?? this.versions());
    if (method === "client/registerCapability")
      for (const one of params.registrations) {
        const path = this.spec.messages[one.method]?.capabilities?.client;
        if (path && at(this.capabilities, path)?.dynamicRegistration !== true && one.method !== "workspace/didChangeWorkspaceFolders") this.find("server", "capability-dynamicRegistration", one.method);
      }
  }

  private response(who: Side, message: Message): void {
    const asked = this.pending[who === "client" ? "server" : "client"];
    const request = asked.get(message.id!);
    if (!request) return this.find(who, "response-to-unknown-id", message);
    asked.delete(message.id!);
    if ("error" in message === "result" in message) this.find(who, "neither-or-both-of-result-and-error", message);
    if (message.error) {
      if (!Number.isInteger(message.error.code) || typeof message.error.message !== "string") this.find(who, "bad-error-object", message.error);
      if (message.error.code === -32603) this.find(who, "internal-error-response", `${request.method}: ${message.error.message}`);
      if (request.method === "initialize" && this.state === "initializing") this.state = "new";
      return;
    }
    if (!this.typed(who, `result:${request.method}`, message.result) || who === "client") return;
    this.result(request, message.result);
  }

  private result(request: Request, result: any): void {
    const { method, params, versions } = request;
    if (method === "initialize") {
      this.serverCapabilities = result.capabilities;
      this.encoding = result.capabilities.positionEncoding ?? "utf-16";
      this.state = "answered";
      if (!(this.capabilities.general?.positionEncodings ?? ["utf-16"]).includes(this.encoding)) this.find("server", "position-encoding-not-offered", this.encoding);
    } else if (method === "shutdown") {
      this.state = "shutdown";
      for (const token of this.working) this.find("server", "progress-never-ended", String(token));
    }
    else if (method === "textDocument/codeAction") for (const action of result ?? []) this.action(action, request);
    else if (method === "codeAction/resolve" && result.edit) this.workspaceEdit(result.edit, `resolved ${result.title}`, versions);
    else if (method === "textDocument/hover" && result?.range) this.range(params.textDocument.uri, result.range, "hover", versions);
    else if (method === "textDocument/diagnostic" && result.kind === "full") for (const one of result.items) this.diagnostic(one, params.textDocument.uri, "pull", versions);
    else if (method === "workspace/diagnostic") for (const report of result.items) if (report.kind === "full") for (const one of report.items) this.diagnostic(one, report.uri, "pull", versions);
  }

  private versions(): ReadonlyMap<string, number> {
    return new Map([...this.documents].map(([uri, one]) => [uri, one.version]));
  }

  /** A range of an open document must fit its text; unless the client has typed on since it asked, then nobody can tell. */
  private range(uri: string, range: Range, what: string, versions = this.versions()): void {
    const document = this.documents.get(uri);
    if (!document || versions.get(uri) !== document.version) return;
    const fault = faultOf(document.text, range, this.encoding);
    if (fault) this.find("server", fault, { what, uri, range });
  }

  private published({ uri, version, diagnostics }: any): void {
    const declared = this.capabilities?.textDocument?.publishDiagnostics;
    if (version !== undefined && !declared?.versionSupport) this.find("server", "capability-publishDiagnostics-version", uri);
    const newest = Math.max(-Infinity, ...(this.history.get(uri)?.keys() ?? []));
    if (version !== undefined && version > newest) this.find("server", "diagnostics-for-future-version", { uri, version, newest });
    for (const one of diagnostics) this.diagnostic(one, uri, "push");
    // They are about the version that they name; without one, about any text that the server may still know: the client may have typed on.
    const texts = [...[...(this.history.get(uri) ?? [])].filter(([known]) => version === undefined || known === version).map(([, text]) => text).slice(-20), ...(version === undefined ? (this.written.get(uri) ?? []) : [])];
    if (this.documents.has(uri) && texts.length && !texts.some((text) => diagnostics.every((one: any) => !faultOf(text, one.range, this.encoding)))) this.find("server", "diagnostics-fit-no-text", { uri, version });
  }

  private diagnostic(one: any, uri: string, way: "push" | "pull", versions?: ReadonlyMap<string, number>): void {
    const declared = way === "push" ? this.capabilities?.textDocument?.publishDiagnostics : { ...this.capabilities?.textDocument?.publishDiagnostics, ...this.capabilities?.textDocument?.diagnostic };
    const code = String(one.code);
    if (way === "pull") this.range(uri, one.range, `diagnostic ${code}`, versions);
    if (one.tags && !declared?.tagSupport) this.find("server", "capability-diagnostic-tags", code);
    if (one.relatedInformation && !declared?.relatedInformation) this.find("server", "capability-diagnostic-relatedInformation", code);
    if (one.codeDescription && !declared?.codeDescriptionSupport) this.find("server", "capability-diagnostic-codeDescription", code);
    if (one.data !== undefined && !declared?.dataSupport) this.find("server", "capability-diagnostic-data", code);
    if (typeof one.message !== "string" && !declared?.markupMessageSupport) this.find("server", "capability-diagnostic-markup-message", code);
    if (one.codeDescription && one.code === undefined) this.find("server", "codeDescription-without-code", one.message);
    if (one.message === "") this.find("server", "empty-diagnostic-message", code);
    for (const related of way === "pull" ? (one.relatedInformation ?? []) : []) this.range(related.location.uri, related.location.range, `related to ${code}`, versions);
  }

  private action(action: any, { params, versions }: Request): void {
    const declared = this.capabilities?.textDocument?.codeAction;
    const isCommand = typeof action.command === "string";
    if (!isCommand && !declared?.codeActionLiteralSupport) this.find("server", "capability-codeActionLiteral", action.title);
    if (isCommand) return;
    if (action.isPreferred !== undefined && !declared?.isPreferredSupport) this.find("server", "capability-isPreferred", action.title);
    if (action.disabled && !declared?.disabledSupport) this.find("server", "capability-disabled", action.title);
    if (action.data !== undefined && !declared?.dataSupport) this.find("server", "capability-codeAction-data", action.title);
    const { only } = params.context;
    if (only && !only.some((kind: string) => kind === "" || action.kind === kind || action.kind?.startsWith(`${kind}.`))) this.find("server", "codeAction-kind-not-asked-for", { title: action.title, kind: action.kind, only });
    if (!action.edit && !action.command && !action.disabled && !this.serverCapabilities?.codeActionProvider?.resolveProvider) this.find("server", "codeAction-does-nothing", action.title);
    if (action.edit) this.workspaceEdit(action.edit, `codeAction ${action.title}`, versions);
    for (const one of action.diagnostics ?? []) this.range(params.textDocument.uri, one.range, `codeAction diagnostic ${one.code}`, versions);
  }

  private workspaceEdit(edit: any, what: string, versions: ReadonlyMap<string, number>): void {
    const declared = this.capabilities?.workspace?.workspaceEdit;
    if (edit.documentChanges && !declared?.documentChanges) this.find("server", "capability-documentChanges", what);
    if (edit.changeAnnotations && !declared?.changeAnnotationSupport) this.find("server", "capability-changeAnnotations", what);
    const moved = (uri: string) => this.documents.get(uri)?.version !== versions.get(uri);
    for (const change of edit.documentChanges ?? []) {
      if (change.kind) {
        if (!declared?.resourceOperations?.includes(change.kind)) this.find("server", "capability-resourceOperations", `${what}: ${change.kind}`);
        continue;
      }
      const { uri, version } = change.textDocument;
      const open = this.documents.get(uri);
      const then = version === null ? undefined : this.history.get(uri)?.get(version);
      if (version !== null && (then === undefined || version < (versions.get(uri) ?? -Infinity) || (open && version > open.version))) this.find("server", "edit-for-wrong-version", { what, uri, version, asked: versions.get(uri), open: open?.version });
      if (version === null && open && !moved(uri)) this.find("server", "unversioned-edit-of-open-document", { what, uri });
      if (change.edits.some((one: any) => one.annotationId && !edit.changeAnnotations?.[one.annotationId])) this.find("server", "unknown-annotation", what);
      if (change.edits.some((one: any) => one.snippet) && !declared?.snippetEditSupport) this.find("server", "capability-snippetEdit", what);
      if (version !== null || !moved(uri)) this.edits(uri, change.edits, what, then ?? this.textOf(uri));
    }
    for (const [uri, edits] of Object.entries(edit.changes ?? {})) if (!moved(uri)) this.edits(uri, edits as any[], what, this.textOf(uri));
  }

  private textOf(uri: string): string | undefined {
    const open = this.documents.get(uri)?.text;
    if (open !== undefined || !uri.startsWith("file:")) return open;
    try {
      return readFileSync(fileURLToPath(uri), "utf8");
    } catch {
      return undefined; // An edit may make a file.
    }
  }

  private edits(uri: string, edits: readonly any[], what: string, text: string | undefined): void {
    if (text === undefined) return;
    for (const { range } of edits) {
      const fault = faultOf(text, range, this.encoding);
      if (fault) this.find("server", fault, { what, uri, range });
    }
    const spans = edits.map(({ range }) => [offsetAt(text, range.start, this.encoding), offsetAt(text, range.end, this.encoding)] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const [index, span] of spans.entries()) if (index > 0 && span[0] < spans[index - 1]![1]) this.find("server", "overlapping-edits", { what, uri, spans: [spans[index - 1], span] });
  }
}

const at = (value: any, path: string): any => path.split(".").reduce((inner, key) => inner?.[key], value);
