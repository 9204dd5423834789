// The commands of the extension. What the server can do by itself (fix, baseline) it registers itself.

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { openReport, writeConfiguration } from "./run.ts";
import { showPage } from "./pages.ts";
import type { RuleEntry } from "../server/protocol.ts";

export function registerCommands(context: vscode.ExtensionContext, client: LanguageClient): void {
  const command = (name: string, run: (argument?: unknown) => unknown) => context.subscriptions.push(vscode.commands.registerCommand(`pitlint.${name}`, run));
  command("restart", () => client.restart());
  command("showOutput", () => client.outputChannel.show());
  command("lint", async () => {
    await client.sendRequest("workspace/executeCommand", { command: "pitlint.lintWorkspace" });
    await vscode.commands.executeCommand("workbench.actions.view.problems");
  });
  command("explainRule", async (rule) => {
    const id = typeof rule === "string" ? rule : await chooseRule(client);
    if (id !== undefined) await showPage("rule", id, id);
  });
  command("showServices", () => showPage("services", vscode.l10n.t("Services")));
  command("whySilent", async () => {
    const uri = vscode.window.activeTextEditor?.document.uri;
    if (uri?.scheme !== "file") return void vscode.window.showInformationMessage(vscode.l10n.t("Open a file first: pitlint says why it is silent there."));
    await showPage("silence", uri.path.slice(uri.path.lastIndexOf("/") + 1), client.code2ProtocolConverter.asUri(uri));
  });
  command("openReport", () => openReport(context));
  command("createConfiguration", () => writeConfiguration(context));
  command("showMenu", () => showMenu());
}

async function chooseRule(client: LanguageClient): Promise<string | undefined> {
  const rules = client.sendRequest<readonly RuleEntry[]>("pitlint/rules").then((all) => all.map(({ id, title }) => ({ label: id, description: title })));
  return (await vscode.window.showQuickPick(rules, { placeHolder: vscode.l10n.t("Which rule?"), matchOnDescription: true }))?.label;
}

/** What the status item leads to. */
async function showMenu(): Promise<void> {
  const entries = [
    { label: `$(question) ${vscode.l10n.t("Why is this file silent?")}`, command: "pitlint.whySilent" },
    { label: `$(warning) ${vscode.l10n.t("Show findings")}`, command: "workbench.actions.view.problems" },
    { label: `$(link) ${vscode.l10n.t("Show how services are linked")}`, command: "pitlint.showServices" },
    { label: `$(book) ${vscode.l10n.t("Explain a rule")}`, command: "pitlint.explainRule" },
    { label: `$(output) ${vscode.l10n.t("Show output")}`, command: "pitlint.showOutput" },
    { label: `$(debug-restart) ${vscode.l10n.t("Restart the server")}`, command: "pitlint.restart" },
  ];
  const chosen = await vscode.window.showQuickPick(entries, { title: "pitlint" });
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}
