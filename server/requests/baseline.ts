// The code action and the command that accept one finding for now: they write the workspace's baseline.

import { join } from "node:path";
import { CodeActionKind, type CodeAction, type Connection } from "vscode-languageserver/node";
import { entriesOf, printBaseline, pruned } from "../../engine/baseline.ts";
import { say } from "../../engine/message.ts";
import { baselineName } from "../../host/baseline.ts";
import { reasonOf } from "../../host/failure.ts";
import { replaceFile } from "../../host/replace-file.ts";
import type { Diagnostic } from "../../engine/types.ts";
import type { Server } from "../server.ts";
import type { Place } from "../workspace.ts";
import type { Session } from "../../host/session.ts";

export const addToBaselineCommand = "pitlint.addToBaseline";

export function baselineAction(server: Server, { uri, view, folder: { session } }: Place, { fingerprint }: Diagnostic): CodeAction | undefined {
  if (!isOurs(session) || view.result.baselined.some((one) => one.fingerprint === fingerprint)) return undefined;
  const title = server.terms.say(say`Accept it for now: add it to the baseline`);
  return { title, kind: CodeActionKind.QuickFix, command: { title, command: addToBaselineCommand, arguments: [uri, fingerprint] } };
}

/** Adds a finding to the baseline and lints again. Says in the editor why it cannot. */
export async function addToBaseline(connection: Connection, server: Server, uri: unknown, fingerprint: unknown): Promise<null> {
  await server.workspace.settled();
  const place = typeof uri === "string" ? server.workspace.locate(uri) : undefined;
  const found = place?.view.shown(place.path).find((one) => one.diagnostic.fingerprint === fingerprint)?.diagnostic;
  if (!place || !found) return null;
  const { session } = place.folder;
  if (!isOurs(session)) return null;
  const path = session.baseline?.path ?? join(session.root, baselineName);
  const before = session.baseline?.baseline?.entries ?? [];
  try {
    await replaceFile(path, printBaseline(pruned([...before, ...entriesOf([found])], [])));
  } catch (error) {
    connection.window.showErrorMessage(`pitlint: cannot write the baseline to ${path}: ${reasonOf(error)}`);
    return null;
  }
  await server.workspace.reread();
  return null;
}

/** A baseline that cannot be read is not overwritten, and one of a folder above names files in another way. */
function isOurs({ baseline }: Session): boolean {
  return baseline === undefined || baseline.baseline?.whole === true;
}
