// The status item: what is running, how many findings there are, and the way to why a file is silent.

import * as vscode from "vscode";
import type { Status } from "../server/protocol.ts";

export function statusItem(context: vscode.ExtensionContext): { show(status: Status): void } {
  const item = vscode.window.createStatusBarItem("pitlint", vscode.StatusBarAlignment.Right, 50);
  item.name = "pitlint";
  item.command = "pitlint.showMenu";
  context.subscriptions.push(item);
  return {
    show(status) {
      item.text = status.state === "indexing" ? "$(sync~spin) pitlint" : status.state === "failed" || status.wantedVersion ? `$(warning) pitlint ${status.findings}` : `pitlint ${status.findings}`;
      item.tooltip = tooltip(status);
      item.accessibilityInformation = { label: `pitlint: ${stateOf(status)}` };
      item.show();
    },
  };
}

function stateOf({ state, findings, servicesLinked }: Status): string {
  if (state === "indexing") return vscode.l10n.t("reading the workspace");
  if (state === "failed") return vscode.l10n.t("the last analysis failed; its output says why");
  return vscode.l10n.t("{0} findings, {1} services linked", findings, servicesLinked);
}

function tooltip(status: Status): vscode.MarkdownString {
  const packs = Object.entries(status.packs).map(([name, version]) => `${name} ${version}`).join(", ");
  const text = new vscode.MarkdownString("", true);
  text.isTrusted = { enabledCommands: ["pitlint.whySilent", "pitlint.showServices", "pitlint.showOutput"] };
  const line = (said: string) => text.appendText(said).appendMarkdown("\n\n");
  line(`pitlint ${status.version}: ${stateOf(status)}`);
  line(packs);
  if (status.incomplete > 0) line(vscode.l10n.t("{0} files were not analysed", status.incomplete));
  if (status.wantedVersion) line(vscode.l10n.t("package.json asks for pitlint {0}; the extension runs its own", status.wantedVersion));
  if (status.message) line(status.message);
  text.appendMarkdown(`[${vscode.l10n.t("Why is this file silent?")}](command:pitlint.whySilent) | [${vscode.l10n.t("Show how services are linked")}](command:pitlint.showServices)`);
  return text;
}
