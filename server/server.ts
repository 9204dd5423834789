// The language server: wires requests to the workspace. Holds the life cycle; each request's answer stands in a file of its own.

import {
  CodeActionKind, DidChangeWatchedFilesNotification, ErrorCodes, FileChangeType, ResponseError, TextDocumentSyncKind,
  type Connection, type InitializeError, type InitializeParams, type InitializeResult,
} from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import { rulesOf } from "../engine/analyse.ts";
import { packs } from "../rules/packs/index.ts";
import { capabilitiesOf, type Capabilities } from "./capabilities.ts";
import { diagnosticsFor } from "./diagnostics.ts";
import { openDocuments, type Documents } from "./documents.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";
import { codeAction, fixAllKind, resolveCodeAction } from "./requests/code-action.ts";
import { definition } from "./requests/definition.ts";
import { hover } from "./requests/hover.ts";
import type { InitializationOptions, Status } from "./protocol.ts";
import type { Rule } from "../engine/types.ts";

/** What the requests may use. */
export interface Server {
  readonly capabilities: Capabilities;
  readonly documents: Documents;
  readonly workspace: Workspace;
  readonly rules: ReadonlyMap<string, Rule>;
}

/** Starts serving a connection. `version` is the version of this installation. */
export function serve(connection: Connection, version: string): void {
  let phase: "new" | "up" | "down" = "new";
  let capabilities = capabilitiesOf({});
  let folders: readonly string[] = [];
  let workspace!: Workspace;
  const documents = openDocuments(() => capabilities.encoding);
  const rules = new Map(rulesOf(packs).map((rule) => [rule.id, rule]));
  const server: Server = { get capabilities() { return capabilities; }, get workspace() { return workspace; }, documents, rules };
  let diagnostics!: ReturnType<typeof diagnosticsFor>;
  const status = (state: Status["state"], message?: string) => {
    const findings = workspace.folders.reduce((sum, one) => sum + one.session.result.diagnostics.length, 0);
    const servicesLinked = workspace.folders.reduce((sum, one) => sum + new Set(one.session.result.summary.linked.map((link) => link.source)).size, 0);
    void connection.sendNotification("pitlint/status", { state, version, findings, servicesLinked, ...(message ? { message } : {}) } satisfies Status);
  };

  /** The library answers requests before initialize and after shutdown; the protocol says they fail. */
  const request = <P, R>(answer: (params: P) => R | Promise<R>) => async (params: P): Promise<R> => {
    if (phase === "new") throw new ResponseError(ErrorCodes.ServerNotInitialized, "initialize first");
    if (phase === "down") throw new ResponseError(ErrorCodes.InvalidRequest, "the server is shutting down");
    await workspace.settled();
    return answer(params);
  };

  connection.onInitialize((params: InitializeParams): InitializeResult | ResponseError<InitializeError> => {
    if (phase !== "new") return new ResponseError<InitializeError>(ErrorCodes.InvalidRequest, "already initialized", { retry: false });
    phase = "up";
    capabilities = capabilitiesOf(params.capabilities);
    const options = (params.initializationOptions ?? {}) as InitializationOptions;
    const root = params.rootUri ?? (params.rootPath ? URI.file(params.rootPath).toString() : undefined);
    folders = (params.workspaceFolders ?? []).map((one) => one.uri);
    if (folders.length === 0 && root) folders = [root];
    workspace = openWorkspace(documents, {
      ...(options.profile ? { profile: options.profile } : {}),
      encoding: () => capabilities.encoding,
      changed: () => (diagnostics.refresh(), status("ready")),
      progress: () => {},
      failed: (message) => (connection.console.error(`pitlint: ${message}`), status("failed", message.split("\n")[0])),
    });
    diagnostics = diagnosticsFor(connection, () => capabilities, documents, workspace);
    return {
      serverInfo: { name: "pitlint", version },
      capabilities: {
        positionEncoding: capabilities.encoding,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind], resolveProvider: capabilities.resolveEdit },
        hoverProvider: true,
        definitionProvider: true,
        ...(capabilities.pull ? { diagnosticProvider: { identifier: "pitlint", interFileDependencies: true, workspaceDiagnostics: true } } : {}),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  connection.onInitialized(() => {
    for (const uri of folders.filter((one) => one.startsWith("file:"))) void workspace.add(uri);
    status("indexing");
    if (capabilities.watchedFiles) {
      const watchers = [{ globPattern: "**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx,yaml,yml,json}" }, { globPattern: "**/{Dockerfile,Dockerfile.*,*.Dockerfile,.env}" }];
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => connection.console.warn("the client does not watch files"));
    }
    if (capabilities.workspaceFolders)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const one of removed) void workspace.remove(one.uri);
        for (const one of added) if (one.uri.startsWith("file:")) void workspace.add(one.uri);
      });
  });

  connection.onDidOpenTextDocument(({ textDocument: { uri, version: number, text } }) => {
    if (phase !== "up") return;
    documents.open(uri, number, text);
    void workspace.change(new Map([[uri, text]]));
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version: number }, contentChanges }) => {
    if (phase !== "up") return;
    const document = documents.change(uri, number, contentChanges);
    if (document?.desynced) connection.console.warn(`${uri} is out of step with the editor; it is analysed again when it is reopened`);
    else if (document) void workspace.change(new Map([[uri, document.text]]));
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    if (phase !== "up") return;
    documents.close(uri);
    void workspace.change(new Map([[uri, undefined]]));
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (phase !== "up") return;
    const outside = changes.filter((one) => !documents.get(one.uri) && [FileChangeType.Changed, FileChangeType.Created, FileChangeType.Deleted].includes(one.type));
    if (outside.length) void workspace.change(new Map(outside.map((one) => [one.uri, undefined])));
  });
  connection.languages.diagnostics.on(request(({ textDocument, previousResultId }) => diagnostics.document(textDocument.uri, previousResultId)));
  connection.languages.diagnostics.onWorkspace(request(({ previousResultIds }) => diagnostics.workspace(new Map(previousResultIds.map((one) => [one.uri, one.value])))));
  connection.onCodeAction(request((params) => codeAction(server, params)));
  connection.onCodeActionResolve(request((action) => resolveCodeAction(server, action)));
  connection.onHover(request((params) => hover(server, params)));
  connection.onDefinition(request((params) => definition(server, params)));
  connection.onShutdown(async () => {
    phase = "down";
    await workspace?.close();
  });
}
