// The status item: what is running, how many findings there are, and why it is silent.

import * as vscode from "vscode";
import type { Status } from "../server/protocol.ts";

export function statusItem(context: vscode.ExtensionContext): { show(status: Status): void } {
  const item = vscode.window.createStatusBarItem("pitlint", vscode.StatusBarAlignment.Right, 50);
  item.name = "pitlint";
  item.command = "pitlint.showOutput";
  context.subscriptions.push(item);
  return {
    show({ state, version, findings, servicesLinked, message }) {
      item.text = state === "indexing" ? "$(sync~spin) pitlint" : state === "failed" ? "$(warning) pitlint" : `pitlint ${findings}`;
      item.tooltip = [`pitlint ${version}`, state === "ready" ? `${findings} findings, ${servicesLinked} services linked` : state, message].filter(Boolean).join("\n");
      item.show();
    },
  };
}
