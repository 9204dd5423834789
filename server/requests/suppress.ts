// The code action that silences one finding: a comment above its line, with a place for the reason.

import { suppressions, silences } from "../../engine/suppress.ts";
import { languageOf } from "../../engine/plan.ts";
import { lineStart } from "../../engine/yaml/lines.ts";
import { workspaceEdit, type Shown } from "../convert.ts";
import type { Server } from "../server.ts";
import type { Place } from "../workspace.ts";
import type { WorkspaceEdit } from "vscode-languageserver/node";

/**
 * The comment says `<reason>` where the reason goes: until one stands there it silences nothing, and says so.
 * Undefined where no comment can stand above the line, as in a block of text.
 */
export function suppressEdit(server: Server, { view, path, folder }: Place, { at, diagnostic }: Shown, title: string): WorkspaceEdit | undefined {
  const text = view.text(path);
  const language = languageOf(path);
  if (text === undefined || (language !== "ts" && language !== "yaml")) return undefined;
  const start = lineStart(text, at.start);
  const indent = /^[ \t]*/.exec(text.slice(start))![0];
  const head = `${indent}${language === "yaml" ? "#" : "//"} pitlint-ignore-next-line ${diagnostic.rule} -- `;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const inserted = `${head}<reason>${end}`;
  const filled = inserted.replace("<reason>", "reason");
  const { suppressions: read } = suppressions(path, text.slice(0, start) + filled + text.slice(start), language, new Set([diagnostic.rule]));
  if (!read.some((one) => silences(one, { ...at, start: at.start + filled.length }))) return undefined;
  const { capabilities } = server.terms;
  const versionOf = (uri: string) => server.documents.get(uri)?.version ?? null;
  if (capabilities.snippets) {
    const uri = folder.uriOf(path);
    const range = view.positions(path).range({ start, end: start });
    return { documentChanges: [{ textDocument: { uri, version: versionOf(uri) }, edits: [{ range, snippet: { kind: "snippet", value: `${head}\${0:<reason>}${end}` } }] }] };
  }
  return workspaceEdit([{ file: path, edits: [{ at: { file: path, start, end: start }, text: inserted }] }], { view, home: path, title, capabilities, versionOf });
}
