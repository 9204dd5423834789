// Pages that the server writes, shown as Markdown inside the editor: rules, services, why a file is silent. Needs no network.

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Page } from "../server/protocol.ts";

const scheme = "pitlint";

/** Where a rule is explained: a command with the id of the rule in place of `{rule}`. */
export const explainUri = "command:pitlint.explainRule?%5B%22{rule}%22%5D";

/** Pages by kind, with what the server is asked for. */
const requests = { rule: "pitlint/rulePage", services: "pitlint/services", silence: "pitlint/silence" } as const;
type Kind = keyof typeof requests;

export function registerPages(context: vscode.ExtensionContext, client: LanguageClient): void {
  const provider: vscode.TextDocumentContentProvider = {
    async provideTextDocumentContent({ path, query }) {
      const kind = path.split("/")[1] as Kind;
      const about = kind === "rule" ? { rule: query } : kind === "silence" ? { uri: query } : undefined;
      const page = await client.sendRequest<Page | null>(requests[kind], about);
      return page?.markdown ?? vscode.l10n.t("pitlint knows nothing about this.");
    },
  };
  context.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider(scheme, provider));
}

/** Shows a page; `about` is the id of a rule or the URI of a file. */
export async function showPage(kind: Kind, name: string, about = ""): Promise<void> {
  const uri = vscode.Uri.from({ scheme, path: `/${kind}/${name}.md`, query: about });
  try {
    await vscode.commands.executeCommand("markdown.showPreview", uri);
  } catch {
    // The preview is an extension of its own, which can be switched off.
    await vscode.window.showTextDocument(uri);
  }
}
