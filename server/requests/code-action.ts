// textDocument/codeAction and its resolve: quick fixes, fix-all, suppressions and explanations, always from the server's own findings.

import { CodeActionKind, type CodeAction, type CodeActionParams, type WorkspaceEdit } from "vscode-languageserver/node";
import { isEager } from "../../engine/lower.ts";
import { say } from "../../engine/message.ts";
import { problemToLsp, toLsp } from "../convert.ts";
import { baselineAction } from "./baseline.ts";
import { explainAction } from "./explain.ts";
import { asEdit, fixAllEdits, fixesOf, fixRuleEdits, merged } from "./fix-all.ts";
import { suppressEdit } from "./suppress.ts";
import type { Server } from "../server.ts";
import type { Place } from "../workspace.ts";
import type { Fix, Problem } from "../../engine/types.ts";

/** What a lazily made action needs to be made later, from the same text. */
interface ActionData {
  readonly uri: string;
  readonly version: number | null;
  /** One fix of a finding or of a problem, or the first fixes of all findings of a rule. */
  readonly make: { readonly fingerprint: string; readonly fix: number } | { readonly problem: string; readonly fix: number } | { readonly rule: string };
}

export const fixAllKind = `${CodeActionKind.SourceFixAll}.pitlint`;

/** Whether somebody waits for the edit itself, as an editor that saves does: then the analysis of the newest text is waited for. */
export function asksForAll({ context: { only } }: CodeActionParams): boolean {
  return only !== undefined && wants(only, fixAllKind);
}

const wants = (only: readonly string[] | undefined, kind: string) => !only || only.some((one) => one === "" || kind === one || kind.startsWith(`${one}.`));

export async function codeAction(server: Server, place: Place, { range, context: { only } }: CodeActionParams): Promise<CodeAction[]> {
  const { view, path } = place;
  const { terms } = server;
  const table = view.positions(path);
  const [start, end] = [table.offset(range.start), table.offset(range.end)];
  const here = view.shown(path).filter(({ at }) => at.start <= end && at.end >= start);
  const fixes: CodeAction[] = [];
  const rest: CodeAction[] = [];
  if (wants(only, CodeActionKind.QuickFix)) {
    const rules = new Set<string>();
    for (const shown of here) {
      const { rule } = shown.diagnostic;
      const diagnostics = [toLsp(shown, view, terms)];
      for (const action of await offerAll(server, place, shown.diagnostic.fixes ?? [], (fix) => ({ fingerprint: shown.diagnostic.fingerprint, fix }))) fixes.push({ ...action, diagnostics });
      const title = terms.say(say`Silence ${rule} here, with a reason`);
      const edit = suppressEdit(server, place, shown, title);
      if (edit) rest.push({ title, kind: CodeActionKind.QuickFix, diagnostics, edit });
      if (rules.has(rule)) continue;
      rules.add(rule);
      const all = await fixRule(server, place, rule);
      if (all) rest.unshift({ ...all, diagnostics });
      rest.push(...[baselineAction(server, place, shown.diagnostic), explainAction(server, rule)].flatMap((one) => (one ? [{ ...one, diagnostics }] : [])));
    }
    for (const problem of view.problems(path)) {
      if (!problem.at || problem.at.start > end || problem.at.end < start) continue;
      const diagnostics = [problemToLsp(problem, view)];
      for (const action of await offerAll(server, place, problem.fixes ?? [], (fix) => ({ problem: keyOf(problem), fix }))) fixes.push({ ...action, diagnostics });
    }
  }
  if (only && wants(only, fixAllKind)) {
    const title = terms.say(say`Apply all safe pitlint fixes`);
    const edit = await fixAllEdits(server, place, title);
    if (edit) rest.push({ title, kind: fixAllKind, edit });
  }
  return [...fixes, ...rest];
}

async function offerAll(server: Server, place: Place, fixes: readonly Fix[], make: (fix: number) => ActionData["make"]): Promise<CodeAction[]> {
  const { capabilities } = server.terms;
  const actions: CodeAction[] = [];
  for (const [index, fix] of fixes.entries()) {
    const action: CodeAction = { title: fix.title, kind: CodeActionKind.QuickFix, ...(capabilities.isPreferred && index === 0 ? { isPreferred: true } : {}) };
    const made = await offer(server, place, action, make(index), isEager(fix));
    if (made) actions.push(made);
  }
  return actions;
}

const keyOf = ({ at, message }: Problem) => `${at?.start}:${message}`;

async function fixRule(server: Server, place: Place, rule: string): Promise<CodeAction | undefined> {
  if (fixesOf(place, rule).length < 2) return undefined;
  const title = server.terms.say(say`Fix all of ${rule} in this file`);
  return offer(server, place, { title, kind: CodeActionKind.QuickFix }, { rule }, false);
}

/** An action with its edit where that is cheap or the client cannot ask for it later, else with what makes it. */
async function offer(server: Server, place: Place, action: CodeAction, make: ActionData["make"], eager: boolean): Promise<CodeAction | undefined> {
  const { capabilities } = server.terms;
  const edit = eager || !capabilities.resolveEdit ? await editOf(server, place, make, action.title) : undefined;
  if (edit) return { ...action, edit };
  // While an analysis runs, an edit may be made from texts of which some are newer: then it is made when they stand still.
  if (!capabilities.resolveEdit || (eager && !server.workspace.busy)) return undefined;
  const data: ActionData = { uri: place.uri, version: server.documents.get(place.uri)?.version ?? null, make };
  return { ...action, data };
}

/** Makes the edit of an action, unless the document has changed since it was offered. */
export async function resolveCodeAction(server: Server, action: CodeAction): Promise<CodeAction> {
  const data = action.data as ActionData | undefined;
  if (!data || action.edit) return action;
  await server.workspace.settled();
  const place = await server.workspace.known(data.uri);
  if (!place || (server.documents.get(data.uri)?.version ?? null) !== data.version) return action;
  const edit = await editOf(server, place, data.make, action.title);
  return edit ? { ...action, edit } : action;
}

async function editOf(server: Server, place: Place, make: ActionData["make"], title: string): Promise<WorkspaceEdit | undefined> {
  if ("rule" in make) return fixRuleEdits(server, place, make.rule, title);
  const { view, path } = place;
  const holder = "problem" in make ? view.problems(path).find((one) => keyOf(one) === make.problem) : view.shown(path).find((one) => one.diagnostic.fingerprint === make.fingerprint)?.diagnostic;
  const fix = holder?.fixes?.[make.fix];
  const edits = fix && (await merged(server, place, [fix], () => true));
  return edits && asEdit(server, place, edits, title);
}
