// textDocument/codeAction and its resolve: quick fixes, fix-all, suppressions and documentation, always from the server's own findings.

import { CodeActionKind, type CodeAction, type CodeActionParams, type Diagnostic as LspDiagnostic } from "vscode-languageserver/node";
import { isEager } from "../../engine/lower.ts";
import { toLsp, workspaceEdit, type Shown } from "../convert.ts";
import { fixAllEdits } from "./fix-all.ts";
import { suppressEdit } from "./suppress.ts";
import type { Server } from "../server.ts";
import type { Fix } from "../../engine/types.ts";

/** What a lazily made action needs to be made later, from the same text. */
interface ActionData {
  readonly uri: string;
  readonly version: number | null;
  readonly fingerprint: string;
  readonly fix: number;
}

export const fixAllKind = `${CodeActionKind.SourceFixAll}.pitlint`;

export async function codeAction(server: Server, { textDocument: { uri }, range, context }: CodeActionParams): Promise<CodeAction[]> {
  const place = server.workspace.locate(uri);
  if (!place || server.documents.get(uri)?.desynced) return [];
  const { folder, path } = place;
  const wants = (kind: string) => !context.only || context.only.some((one) => one === "" || kind === one || kind.startsWith(`${one}.`));
  const table = server.workspace.positions(folder, path);
  const [start, end] = [table.offset(range.start), table.offset(range.end)];
  const here = server.workspace.shown(folder, path).filter(({ at }) => at.start <= end && at.end >= start);
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    for (const shown of here) {
      const diagnostic = toLsp(shown, folder, server.capabilities, (file) => server.workspace.positions(folder, file));
      for (const [index, fix] of (shown.diagnostic.fixes ?? []).entries()) {
        const action = await quickFix(server, uri, shown, fix, index, diagnostic);
        if (action) actions.push(action);
      }
    }
    for (const shown of here) {
      const diagnostic = toLsp(shown, folder, server.capabilities, (file) => server.workspace.positions(folder, file));
      const edit = suppressEdit(server, folder, path, shown);
      if (edit) actions.push({ title: `Silence ${shown.diagnostic.rule} here, with a reason`, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit });
    }
  }
  if (wants(fixAllKind) && context.only) {
    const edit = await fixAllEdits(server, folder, path);
    if (edit) actions.push({ title: "Apply all safe pitlint fixes", kind: fixAllKind, edit });
  }
  return actions;
}

async function quickFix(server: Server, uri: string, shown: Shown, fix: Fix, index: number, diagnostic: LspDiagnostic): Promise<CodeAction | undefined> {
  const preferred = server.capabilities.isPreferred && index === 0 ? { isPreferred: true } : {};
  const action: CodeAction = { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], ...preferred };
  if (server.capabilities.resolveEdit && !isEager(fix)) {
    const data: ActionData = { uri, version: server.documents.get(uri)?.version ?? null, fingerprint: shown.diagnostic.fingerprint, fix: index };
    return { ...action, data };
  }
  const edit = await editOf(server, uri, fix);
  return edit && { ...action, edit };
}

/** Makes the edit of an action, unless the document has changed since it was offered. */
export async function resolveCodeAction(server: Server, action: CodeAction): Promise<CodeAction> {
  const data = action.data as ActionData | undefined;
  if (!data || action.edit) return action;
  const place = server.workspace.locate(data.uri);
  if (!place || (server.documents.get(data.uri)?.version ?? null) !== data.version) return action;
  const shown = server.workspace.shown(place.folder, place.path).find((one) => one.diagnostic.fingerprint === data.fingerprint);
  const fix = shown?.diagnostic.fixes?.[data.fix];
  const edit = fix && (await editOf(server, data.uri, fix));
  return edit ? { ...action, edit } : action;
}

async function editOf(server: Server, uri: string, fix: Fix) {
  const { folder, path } = server.workspace.locate(uri)!;
  const edits = await folder.session.lower(fix);
  if (!edits || edits.length === 0) return undefined;
  return workspaceEdit(edits, path, fix.title, folder, server.capabilities, (file) => server.workspace.positions(folder, file), (other) => server.documents.get(other)?.version ?? null);
}
