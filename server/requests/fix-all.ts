// Several fixes of one file as one edit: every safe one (source.fixAll.pitlint), or all of one rule.

import { workspaceEdit } from "../convert.ts";
import type { Server } from "../server.ts";
import type { Place } from "../workspace.ts";
import type { FileEdit, Fix } from "../../engine/types.ts";
import type { WorkspaceEdit } from "vscode-languageserver/node";

/** Every safe fix that stays in this file: a fix-all on save must not write elsewhere. */
export async function fixAllEdits(server: Server, place: Place, title: string): Promise<WorkspaceEdit | undefined> {
  const fixes = place.view.shown(place.path).flatMap(({ diagnostic, mirror }) => (mirror ? [] : (diagnostic.fixes?.find((one) => one.safe) ?? [])));
  const edits = await merged(server, place, fixes, (edit) => edit.every((one) => one.file === place.path));
  return edits && asEdit(server, place, edits, title);
}

/** The first fix of every finding of a rule, safe or not: who asks has read what it does. */
export async function fixRuleEdits(server: Server, place: Place, rule: string, title: string): Promise<WorkspaceEdit | undefined> {
  const edits = await merged(server, place, fixesOf(place, rule), () => true);
  return edits && asEdit(server, place, edits, title);
}

/** The first fixes of a rule's findings in a file. */
export function fixesOf({ view, path }: Place, rule: string): readonly Fix[] {
  return view.shown(path).flatMap(({ diagnostic, mirror }) => (mirror || diagnostic.rule !== rule ? [] : (diagnostic.fixes?.[0] ?? [])));
}

/** The edits of all fixes that touch no document that has changed since, and do not collide with an earlier one; undefined when there are none. */
export async function merged({ documents }: Server, { folder, view }: Pick<Place, "folder" | "view">, fixes: readonly Fix[], admits: (edits: readonly FileEdit[]) => boolean): Promise<readonly FileEdit[] | undefined> {
  const files = new Map<string, FileEdit["edits"][number][]>();
  for (const fix of fixes) {
    const lowered = await folder.session.lower(fix);
    if (!lowered || !lowered.every(({ file }) => isCurrent(file)) || !admits(lowered)) continue;
    const fresh = lowered.map(({ file, edits }) => ({ file, edits: edits.filter((one) => !(files.get(file) ?? []).some((other) => isSame(one, other))) }));
    if (fresh.some(({ file, edits }) => edits.some((one) => (files.get(file) ?? []).some((other) => collide(one, other))))) continue;
    for (const { file, edits } of fresh) files.set(file, [...(files.get(file) ?? []), ...edits]);
  }
  const all = [...files].filter(([, edits]) => edits.length > 0).map(([file, edits]) => ({ file, edits: edits.sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end) }));
  // The session may have moved on to newer texts while the fixes were made.
  return all.length > 0 && all.every(({ file }) => isCurrent(file) && view.text(file) === folder.session.text(file)) ? all : undefined;

  function isCurrent(file: string): boolean {
    const open = documents.get(folder.uriOf(file));
    return !open?.desynced && open?.version === view.versions.get(folder.uriOf(file));
  }
}

type TextEdit = FileEdit["edits"][number];

const isSame = (a: TextEdit, b: TextEdit) => a.at.start === b.at.start && a.at.end === b.at.end && a.text === b.text;
const collide = (a: TextEdit, b: TextEdit) => (a.at.start < b.at.end && b.at.start < a.at.end) || (a.at.start === b.at.start && a.at.end === b.at.end);

/** Text edits of a place as the client takes them. */
export function asEdit(server: Server, { view, path }: Place, edits: readonly FileEdit[], title: string): WorkspaceEdit {
  return workspaceEdit(edits, { view, home: path, title, capabilities: server.terms.capabilities, versionOf: (uri) => server.documents.get(uri)?.version ?? null });
}
