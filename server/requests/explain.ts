// The code action and the command that explain a rule: in the editor where it can, else on the published page.

import { CodeActionKind, ShowDocumentRequest, type CodeAction, type Connection } from "vscode-languageserver/node";
import { say } from "../../engine/message.ts";
import { page } from "../../engine/page.ts";
import { packs } from "../../rules/packs/index.ts";
import type { Page } from "../protocol.ts";
import type { Server } from "../server.ts";

/** Command of the server: opens the published page of a rule. For editors without a command of their own. */
export const openRulePage = "pitlint.openRulePage";

export function explainAction(server: Server, rule: string): CodeAction | undefined {
  const command = server.options.explainCommand ?? (server.terms.capabilities.showDocument ? openRulePage : undefined);
  if (!command) return undefined;
  const title = server.terms.say(say`Explain ${rule}`);
  return { title, kind: CodeActionKind.QuickFix, command: { title, command, arguments: [rule] } };
}

/** The page of a rule, from the rule itself; undefined when there is none of that id. */
export function rulePage(server: Server, rule: string): Page | undefined {
  const found = server.rules.get(rule);
  return found && { title: server.translation.title(found.title), markdown: page(found, packs) };
}

/** Opens a rule's published page outside the editor, or says where it is. */
export async function showRulePage(connection: Connection, server: Server, rule: unknown): Promise<null> {
  if (typeof rule !== "string" || !server.rules.has(rule)) return null;
  const uri = publishedPage(rule);
  // Who cannot open a page can show where it is.
  if (server.terms.capabilities.showDocument) await connection.sendRequest(ShowDocumentRequest.type, { uri, external: true });
  else connection.window.showInformationMessage(uri);
  return null;
}

/** Address of a rule's page. */
export function publishedPage(rule: string): string {
  return `https://github.com/pitlint/pitlint/blob/main/docs/rules/${rule}.md`;
}
