// The code action that silences one finding: a comment above its line, with a place for the reason.

import type { WorkspaceEdit } from "vscode-languageserver/node";
import { workspaceEdit, type Shown } from "../convert.ts";
import type { Folder } from "../folder.ts";
import type { Server } from "../server.ts";

export function suppressEdit(server: Server, folder: Folder, path: string, { at, diagnostic }: Shown): WorkspaceEdit | undefined {
  const text = folder.session.text(path);
  if (text === undefined) return undefined;
  let start = at.start;
  while (start > 0 && text[start - 1] !== "\n" && text[start - 1] !== "\r") start--;
  const indent = /^[ \t]*/.exec(text.slice(start))![0];
  const comment = `${indent}${/\.ya?ml$/.test(path) ? "#" : "//"} pitlint-ignore-next-line ${diagnostic.rule} -- reason`;
  const edits = [{ file: path, edits: [{ at: { file: path, start, end: start }, text: `${comment}${text.includes("\r\n") ? "\r\n" : "\n"}` }] }];
  return workspaceEdit(edits, path, "Silence this finding", folder, server.capabilities, (file) => server.workspace.positions(folder, file), (uri) => server.documents.get(uri)?.version ?? null);
}
