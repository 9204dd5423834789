// The VS Code extension: starts the bundled server and shows what it says. Runs no code of the workspace.

import * as vscode from "vscode";
import { ErrorAction, LanguageClient, TransportKind, type ErrorHandler, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { registerCommands } from "./commands.ts";
import { explainUri, registerPages } from "./pages.ts";
import { statusItem } from "./status.ts";
import { registerTasks } from "./tasks.ts";
import type { InitializationOptions, Status } from "../server/protocol.ts";

const languages = ["typescript", "typescriptreact", "javascript", "javascriptreact", "yaml", "helm", "helm-template", "dockercompose", "dockerfile"];

/** VS Code waits for what `deactivate` returns, and gives it nothing to know the client by. */
const started = new Set<LanguageClient>();

/** Ends the server in order, before the editor ends the process that runs this. */
export async function deactivate(): Promise<void> {
  await Promise.all([...started].filter((client) => client.needsStop()).map((client) => client.stop()));
  started.clear();
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const clientOptions: LanguageClientOptions = {
    documentSelector: languages.map((language) => ({ scheme: "file", language })),
    initializationOptions: optionsOf,
    markdown: { isTrusted: { enabledCommands: ["pitlint.explainRule"] } },
    errorHandler: restarting(() => client),
    outputChannel: vscode.window.createOutputChannel("pitlint", { log: true }),
  };
  const client: LanguageClient = new LanguageClient("pitlint", "pitlint", serverAt(context.asAbsolutePath("dist/server.js")), clientOptions);
  started.add(client);
  const status = statusItem(context);
  client.onNotification("pitlint/status", (said: Status) => status.show(said));
  context.subscriptions.push(client, client.outputChannel);
  registerPages(context, client);
  registerCommands(context, client);
  registerTasks(context);
  context.subscriptions.push(vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration("pitlint.profile") || change.affectsConfiguration("pitlint.inlayHints")) void client.restart();
  }));
  await client.start();
}

/** A message to a server that has just died fails before its end is known, and by default such a failure is the end of all. Here only the end decides, and starts another server. */
function restarting(client: () => LanguageClient): ErrorHandler {
  let standard: ErrorHandler | undefined;
  return {
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: () => (standard ??= client().createDefaultErrorHandler()).closed(),
  };
}

/** Read anew at each start of the server. */
function optionsOf(): InitializationOptions {
  const settings = vscode.workspace.getConfiguration("pitlint");
  const profile = settings.get<string>("profile");
  return {
    ...(profile === "strict" || profile === "recommended" ? { profile } : {}),
    rulePage: explainUri, explainCommand: "pitlint.explainRule",
    inlayHints: settings.get<boolean>("inlayHints") === true,
  };
}

/** A recorder can stand between editor and server: the environment names a program that is given the server's command line. */
function serverAt(module: string): ServerOptions {
  const recorder = process.env["PITLINT_LSP_RECORDER"];
  if (recorder) return { command: process.execPath, args: [recorder, "--", process.execPath, module, "--stdio"], transport: TransportKind.stdio };
  return { run: { module, transport: TransportKind.ipc }, debug: { module, transport: TransportKind.ipc } };
}
