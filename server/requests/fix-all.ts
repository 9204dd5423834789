// source.fixAll.pitlint: every safe fix of one file that does not collide with another.

import type { WorkspaceEdit } from "vscode-languageserver/node";
import { workspaceEdit } from "../convert.ts";
import type { Folder } from "../folder.ts";
import type { Server } from "../server.ts";
import type { FileEdit } from "../../engine/types.ts";

/** Edits of this file only: a fix-all on save must not write elsewhere. */
export async function fixAllEdits(server: Server, folder: Folder, path: string): Promise<WorkspaceEdit | undefined> {
  const taken: FileEdit["edits"][number][] = [];
  for (const { diagnostic, mirror } of server.workspace.shown(folder, path)) {
    const fix = mirror ? undefined : diagnostic.fixes?.find((one) => one.safe);
    const edits = fix && (await folder.session.lower(fix));
    if (!edits || edits.some((one) => one.file !== path)) continue;
    const mine = edits.flatMap((one) => one.edits);
    if (!mine.some((one) => taken.some((other) => one.at.start < other.at.end && other.at.start < one.at.end))) taken.push(...mine);
  }
  if (taken.length === 0) return undefined;
  const all: FileEdit[] = [{ file: path, edits: taken.sort((a, b) => a.at.start - b.at.start) }];
  return workspaceEdit(all, path, "Apply all safe pitlint fixes", folder, server.capabilities, (file) => server.workspace.positions(folder, file), (uri) => server.documents.get(uri)?.version ?? null);
}
