// The language server's life cycle: what it offers, which documents are open, when it ends. Requests are registered in answers.ts.

import {
  CodeActionKind, DidChangeWatchedFilesNotification, ErrorCodes, FileChangeType, InlayHintRefreshRequest, ResponseError, TextDocumentSyncKind,
  type Connection, type InitializeError, type InitializeParams, type InitializeResult,
} from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import { isManifest, rulesOf } from "../engine/analyse.ts";
import { say } from "../engine/message.ts";
import { languageOf } from "../engine/plan.ts";
import { packs } from "../rules/packs/index.ts";
import { answerRequests } from "./answers.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { configSchema, type SchemaNode } from "./config-schema.ts";
import { diagnosticsFor, type Diagnostics } from "./diagnostics.ts";
import { openDocuments, type Documents } from "./documents.ts";
import { briefly, faultsOf } from "./faults.ts";
import { folderProgress } from "./progress.ts";
import { statusOf } from "./state.ts";
import { translationFor, type Translation } from "./translation.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";
import { fixAllKind } from "./requests/code-action.ts";
import { commands } from "./requests/commands.ts";
import { publishedPage } from "./requests/explain.ts";
import type { Terms } from "./convert.ts";
import type { InitializationOptions, Status } from "./protocol.ts";
import type { Rule } from "../engine/types.ts";

/** What the requests may use. */
export interface Server {
  readonly terms: Terms;
  readonly translation: Translation;
  readonly options: InitializationOptions;
  readonly documents: Documents;
  readonly workspace: Workspace;
  readonly rules: ReadonlyMap<string, Rule>;
  /** What pitlint.yaml may hold. */
  readonly schema: SchemaNode;
}

/** Starts serving a connection. `version` is the version of this installation. */
export function serve(connection: Connection, version: string): void {
  let phase: "new" | "up" | "down" = "new";
  let capabilities = capabilitiesOf({});
  let options: InitializationOptions = {};
  let translation = translationFor(undefined);
  let folders: readonly string[] = [];
  let workspace!: Workspace;
  let diagnostics!: Diagnostics;
  let schema: SchemaNode | undefined;
  const faults = faultsOf(connection, version);
  const documents = openDocuments(() => capabilities.encoding);
  const terms: Terms = {
    get capabilities() { return capabilities; },
    say: (message) => translation.say(message),
    rulePage: (rule) => options.rulePage?.replaceAll("{rule}", encodeURIComponent(rule)) ?? publishedPage(rule),
  };
  const server: Server = {
    get options() { return options; },
    get translation() { return translation; },
    get workspace() { return workspace; },
    get schema() { return (schema ??= configSchema()); },
    terms, documents, rules: new Map(rulesOf(packs).map((rule) => [rule.id, rule])),
  };
  const status = (state: Status["state"], message?: string) => void connection.sendNotification("pitlint/status", statusOf(workspace.views, state, version, message));
  const changed = () => {
    // What was under way when the editor shut down is nobody's news.
    if (phase === "down") return;
    diagnostics.refresh();
    if (options.inlayHints && capabilities.inlayRefresh) connection.sendRequest(InlayHintRefreshRequest.type).catch(() => connection.console.warn("the client refused to refresh inlay hints"));
    status("ready");
  };

  connection.onInitialize((params: InitializeParams) => faults.answered("initialize", (): InitializeResult | ResponseError<InitializeError> => {
    if (phase !== "new") return new ResponseError<InitializeError>(ErrorCodes.InvalidRequest, "already initialized", { retry: false });
    capabilities = capabilitiesOf(params.capabilities);
    options = (params.initializationOptions ?? {}) as InitializationOptions;
    translation = translationFor(params.locale);
    const root = params.rootUri ?? (params.rootPath ? URI.file(params.rootPath).toString() : undefined);
    folders = (params.workspaceFolders ?? []).map((one) => one.uri);
    if (folders.length === 0 && root) folders = [root];
    workspace = openWorkspace(documents, {
      ...(options.profile ? { profile: options.profile } : {}),
      encoding: () => capabilities.encoding,
      changed,
      progress: folderProgress(connection, terms.say(say`pitlint: reading the workspace`), () => capabilities.progress),
      failed(what, error) {
        // A session that is closed rejects what waits for it.
        if (phase === "down") return;
        faults.log(what, error);
        status("failed", briefly(error));
      },
    });
    diagnostics = diagnosticsFor(connection, terms, documents, workspace);
    phase = "up";
    return {
      serverInfo: { name: "pitlint", version },
      capabilities: {
        positionEncoding: capabilities.encoding,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind], resolveProvider: capabilities.resolveEdit },
        completionProvider: { triggerCharacters: [" ", ":", "/", "-"] },
        definitionProvider: true,
        documentLinkProvider: {},
        executeCommandProvider: { commands: [...commands] },
        hoverProvider: true,
        ...(options.inlayHints ? { inlayHintProvider: true } : {}),
        ...(capabilities.pull ? { diagnosticProvider: { identifier: "pitlint", interFileDependencies: true, workspaceDiagnostics: true } } : {}),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }));

  connection.onInitialized(() => faults.taken("initialized", () => {
    for (const uri of folders.filter((one) => one.startsWith("file:"))) void workspace.add(uri);
    status("indexing");
    if (capabilities.watchedFiles) {
      const watchers = [{ globPattern: "**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx,yaml,yml,json}" }, { globPattern: "**/{Dockerfile,Dockerfile.*,*.Dockerfile,*.dockerfile,.env,yarn.lock,.gitignore}" }];
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => connection.console.warn("the client does not watch files"));
    }
    if (capabilities.workspaceFolders)
      connection.workspace.onDidChangeWorkspaceFolders((event) => faults.taken("workspace/didChangeWorkspaceFolders", () => {
        for (const one of event.removed) void workspace.remove(one.uri);
        for (const one of event.added) if (one.uri.startsWith("file:")) void workspace.add(one.uri);
      }));
  }));

  /** Takes a message about a document. When that fails nobody knows its text any more. */
  const takes = <P extends { readonly textDocument: { readonly uri: string } }>(method: string, take: (params: P) => void) => (params: P) => faults.taken(method, () => {
    if (phase !== "up") return;
    const { uri } = params.textDocument;
    try {
      take(params);
    } catch (error) {
      documents.doubt(uri);
      diagnostics.refresh();
      throw error;
    }
  });
  connection.onDidOpenTextDocument(takes("textDocument/didOpen", ({ textDocument: { uri, version: number, text } }) => {
    documents.open(uri, number, text);
    void workspace.change(new Map([[uri, text]]));
    void workspace.opened();
  }));
  connection.onDidChangeTextDocument(takes("textDocument/didChange", ({ textDocument: { uri, version: number }, contentChanges }) => {
    const wasOut = documents.get(uri)?.desynced;
    const document = documents.change(uri, number, contentChanges);
    if (document && !document.desynced) return void workspace.change(new Map([[uri, document.text]]));
    if (!document || wasOut) return;
    connection.console.warn(`${uri} is out of step with the editor; it is analysed again when it is reopened or sent whole`);
    diagnostics.refresh();
  }));
  connection.onDidCloseTextDocument(takes("textDocument/didClose", ({ textDocument: { uri } }) => {
    documents.close(uri);
    void workspace.change(new Map([[uri, undefined]]));
  }));
  connection.onDidChangeWatchedFiles((params) => faults.taken("workspace/didChangeWatchedFiles", () => {
    if (phase !== "up") return;
    const outside = params.changes.filter((one) => isRead(one.uri) && !documents.get(one.uri) && [FileChangeType.Changed, FileChangeType.Created, FileChangeType.Deleted].includes(one.type));
    if (outside.length) void workspace.change(new Map(outside.map((one) => [one.uri, undefined])));
  }));
  answerRequests(connection, server, () => phase, () => diagnostics, faults);
  connection.onShutdown(() => faults.answered("shutdown", () => {
    if (phase === "new") throw new ResponseError(ErrorCodes.ServerNotInitialized, "initialize first");
    if (phase === "down") throw new ResponseError(ErrorCodes.InvalidRequest, "the server is shutting down");
    phase = "down";
    return workspace.close();
  }));
}

/** Whether a change of this file can matter: other JSON files, and what was installed, are watched only because a pattern cannot say it better. */
function isRead(uri: string): boolean {
  return !/\/(node_modules|\.git)\//.test(uri) && (languageOf(uri) !== undefined || isManifest(uri) || /\/(\.gitignore|pitlint-baseline\.json)$/.test(uri));
}
