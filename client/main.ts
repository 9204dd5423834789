// The VS Code extension: starts the bundled server and shows what it says. Runs no code of the workspace.

import * as vscode from "vscode";
import { LanguageClient, TransportKind, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { statusItem } from "./status.ts";
import type { InitializationOptions, Status } from "../server/protocol.ts";

const languages = ["typescript", "typescriptreact", "javascript", "javascriptreact", "yaml", "helm", "helm-template", "dockercompose"];

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = context.asAbsolutePath("dist/server.js");
  const serverOptions: ServerOptions = serverAt(module);
  const profile = vscode.workspace.getConfiguration("pitlint").get<string>("profile");
  const initializationOptions: InitializationOptions = profile === "strict" || profile === "recommended" ? { profile } : {};
  const clientOptions: LanguageClientOptions = {
    documentSelector: languages.map((language) => ({ scheme: "file", language })),
    initializationOptions,
    outputChannelName: "pitlint",
  };
  const client = new LanguageClient("pitlint", "pitlint", serverOptions, clientOptions);
  const status = statusItem(context);
  client.onNotification("pitlint/status", (said: Status) => status.show(said));
  context.subscriptions.push(
    client,
    vscode.commands.registerCommand("pitlint.restart", () => client.restart()),
    vscode.commands.registerCommand("pitlint.showOutput", () => client.outputChannel.show()),
  );
  await client.start();
}

/** A recorder can stand between editor and server: the environment names a program that is given the server's command line. */
function serverAt(module: string): ServerOptions {
  const recorder = process.env["PITLINT_LSP_RECORDER"];
  if (recorder) return { command: process.execPath, args: [recorder, "--", process.execPath, module, "--stdio"], transport: TransportKind.stdio };
  return { run: { module, transport: TransportKind.ipc }, debug: { module, transport: TransportKind.ipc } };
}
