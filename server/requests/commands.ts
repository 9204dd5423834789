// workspace/executeCommand: what a user starts for the whole workspace.

import { ErrorCodes, ResponseError, type Connection } from "vscode-languageserver/node";
import { say } from "../../engine/message.ts";
import { workspaceEdit } from "../convert.ts";
import { merged } from "./fix-all.ts";
import { addToBaseline, addToBaselineCommand } from "./baseline.ts";
import { openRulePage, showRulePage } from "./explain.ts";
import type { Server } from "../server.ts";

/** Commands that every editor can offer. */
export const commands = ["pitlint.lintWorkspace", "pitlint.fixAllSafe", addToBaselineCommand, openRulePage] as const;

export async function executeCommand(connection: Connection, server: Server, command: string, args: readonly unknown[]): Promise<unknown> {
  switch (command) {
    case "pitlint.lintWorkspace": return server.workspace.reread().then(() => null);
    case "pitlint.fixAllSafe": return fixAllSafe(connection, server);
    case addToBaselineCommand: return addToBaseline(connection, server, args[0], args[1]);
    case openRulePage: return showRulePage(connection, server, args[0]);
    default: throw new ResponseError(ErrorCodes.InvalidParams, `unknown command ${command}; known commands are ${commands.join(", ")}`);
  }
}

/** Every safe fix of the workspace, shown for confirmation where the editor can. Returns how many files it edits. */
async function fixAllSafe(connection: Connection, server: Server): Promise<number> {
  const { terms, workspace } = server;
  if (!terms.capabilities.applyEdit) {
    connection.window.showWarningMessage(terms.say(say`This editor lets no server edit files: fix them with pitlint --fix`));
    return 0;
  }
  await workspace.settled();
  const title = terms.say(say`Apply all safe pitlint fixes`);
  let files = 0;
  for (const view of workspace.views) {
    const fixes = view.result.diagnostics.flatMap((one) => one.fixes?.find((fix) => fix.safe) ?? []);
    const edits = await merged(server, { folder: view.folder, view }, fixes, () => true);
    if (!edits) continue;
    files += edits.length;
    const edit = workspaceEdit(edits, { view, home: "", title, capabilities: terms.capabilities, confirm: true, versionOf: (uri) => server.documents.get(uri)?.version ?? null });
    const { applied, failureReason } = await connection.workspace.applyEdit({ label: title, edit });
    if (!applied && failureReason) connection.window.showWarningMessage(`pitlint: ${failureReason}`);
  }
  if (files === 0) connection.window.showInformationMessage(terms.say(say`There is no safe fix to apply`));
  return files;
}
