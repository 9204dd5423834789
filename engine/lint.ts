// Third pass and the whole: link, check, grade, suppress, sort. Pure: the day comes as an argument.

import { accept } from "./baseline.ts";
import { admits, languageOf, reachable, type Plan } from "./plan.ts";
import { isOwn, settled } from "./filled.ts";
import { fingerprint } from "./fingerprint.ts";
import { grading, type GradingOptions, type Ungraded } from "./grading.ts";
import { link, type Index } from "./link.ts";
import { render } from "./message.ts";
import { misplacedSources } from "./stated-audit.ts";
import { auditOf } from "./suppress-audit.ts";
import { belowConfig, type Workspace } from "./workspace.ts";
import { isChartTemplate } from "./yaml/template.ts";
import type { Baseline, BaselineEntry, Diagnostic, Finding, LintResult, Problem, Rule, Span } from "./types.ts";

export interface LintOptions extends GradingOptions {
  readonly plan: Plan;
  /** What went wrong before: enumeration, reading, configuration. */
  readonly problems?: readonly Problem[];
  /** The day, as `2027-03-01`: suppressions end on their dates. Without it none does. */
  readonly today?: string;
  /** Findings that are accepted for now. */
  readonly baseline?: Baseline;
}

export interface Linted extends LintResult {
  readonly index: Index;
  /** Findings that nothing grades, or that are graded off, with the reason. */
  readonly ungraded: readonly Ungraded[];
}

/** Checks a workspace. `index.missing` names files that references need: read them and lint again until it is empty. */
export function lint(workspace: Workspace, options: LintOptions): Linted {
  const index = link(workspace);
  const problems: Problem[] = [...(options.problems ?? []), ...misplacedSources(workspace), ...[...workspace.extracts.values()].flatMap((one) => one.problems)];
  const found: { rule: Rule; finding: Finding }[] = [];
  const rules = new Map(options.plan.rules.map((rule) => [rule.id, rule]));
  for (const one of workspace.extracts.values())
    for (const { rule, finding } of one.findings) if (rules.has(rule)) found.push({ rule: rules.get(rule)!, finding: placedFinding(finding, one.path) });
  for (const rule of options.plan.rules) {
    const { ts, yaml } = rule.check;
    if (ts?.reads)
      for (const one of workspace.extracts.values()) {
        if (languageOf(one.path) !== "ts" || !admits(ts.where, { tests: false, browser: one.browser === true })) continue;
        isolated(rule, one.path, () => [...ts.find({ path: one.path }, index.facts)]);
      }
    if (yaml) for (const document of index.documents) isolated(rule, document.path, () => [...yaml.find(document, index.factsFor(document))].filter((finding) => isOwn(document, finding.at)).map((finding) => settled(document, finding)));
  }
  const { graded, judge } = grading(workspace, options, problems);
  const ungraded: Ungraded[] = [];
  const diagnostics = distinct(found.flatMap(({ rule, finding }) => {
    const given = judge(rule, finding);
    if ("why" in given) return ungraded.push(given), [];
    return [{ ...finding, ...given, rule: rule.id, fingerprint: "" } satisfies Diagnostic];
  }));
  const audit = auditOf(workspace, options.today);
  const silencers = (one: Pick<Diagnostic, "rule" | "at" | "related">) => [one.at, ...(one.related ?? []).filter((other) => other.mirror).map((other) => other.at)].flatMap((at) => audit.silencer(one.rule, at) ?? []);
  const judged = diagnostics.map((one) => ({ one, by: silencers(one)[0] }));
  // A finding that this profile or a script's grade does not show keeps its suppression.
  for (const { rule, finding } of found) silencers({ ...finding, rule: rule.id });
  const shown = judged.flatMap(({ one, by }) => (by ? [] : [one]));
  const silent = judged.flatMap(({ one, by }) => (by ? [{ one, by }] : []));
  // What is shown comes first: a comment changes no fingerprint of what it does not silence.
  const printed = fingerprinted(workspace, [...shown, ...silent.map(({ one }) => one)]);
  const complete = workspace.settled && !problems.some((one) => one.incomplete);
  // What was not analysed may hold what a suppression waits for.
  if (complete) problems.push(...audit.problems((rule, path) => rules.has(rule) && graded(path).has(rule) && reachable(options.plan, languageOf(path)!, belowConfig(workspace.configs, path))));
  const { fresh, accepted, stale: left } = accept(printed.slice(0, shown.length), options.baseline?.entries ?? []);
  // A rule that did not run, a grade that shows nothing, or a file that was not read, may have what an entry waits for.
  const silenced = new Set(ungraded.map((one) => JSON.stringify([one.rule, one.at.file])));
  const hidden = (entry: BaselineEntry) => (options.plan.known.has(entry.rule) && !rules.has(entry.rule)) || silenced.has(JSON.stringify([entry.rule, entry.file]));
  const stale = complete && options.baseline?.whole ? left.filter((entry) => !hidden(entry)) : [];
  const summary = {
    files: workspace.paths.size, parsed: [...workspace.extracts.values()].filter((one) => !one.notApplicable).length,
    notApplicable: [...workspace.extracts.values()].filter((one) => one.notApplicable || (one.documents.length > 0 && one.documents.every((document) => document.class === "other" || index.isLoose(document)))).length,
    suppressed: silent.length, baselined: accepted.length, stale: stale.reduce((sum, one) => sum + one.count, 0), linked: index.association.links, unlinked: index.association.unlinked,
  };
  return {
    diagnostics: fresh, baselined: accepted, stale, suppressed: printed.slice(shown.length).map((one, index) => ({ ...one, by: silent[index]!.by })),
    problems: sortProblems(problems.map((one) => (one.at ? { ...one, at: place(one.at, one.file) } : one))), complete, summary, index, ungraded,
  };

  function isolated(rule: Rule, path: string, run: () => Finding[]): void {
    try {
      for (const finding of run()) found.push({ rule, finding: placedFinding(finding, path) });
    } catch (error) {
      problems.push({ kind: "rule-failed", file: path, message: `${rule.id} failed: ${error instanceof Error ? error.message : String(error)}`, incomplete: true });
    }
  }
}

function placedFinding(finding: Finding, path: string): Finding {
  const at = place(finding.at, path);
  if (at.file !== path) throw new Error(`reports on ${at.file}, but was given ${path}`);
  return {
    ...finding, at,
    ...(finding.related ? { related: finding.related.map((one) => ({ ...one, at: place(one.at, path) })) } : {}),
    ...(finding.fixes ? { fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => placeEdit(edit, path)) })) } : {}),
  };
}

function placeEdit<T extends object>(edit: T, path: string): T {
  return Object.fromEntries(Object.entries(edit).map(([key, value]) => [key, isSpan(value) ? place(value, path) : Array.isArray(value) ? value.map((one) => (isSpan(one) ? place(one, path) : one)) : key === "thread" ? placeEdit(value, path) : value])) as T;
}

const isSpan = (value: any): value is Span => value !== null && typeof value === "object" && "start" in value && "end" in value && "file" in value;
const place = (at: Span, path: string): Span => (at.file === "" ? { ...at, file: path } : at);

/** Sorted, and equal findings (of several units) once. A value that a rule sees in the values of a chart and again in a template is found in the values. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const key = (one: Diagnostic, at: Span) => JSON.stringify([one.rule, at, render(one.message)]);
  const places = new Set(diagnostics.map((one) => key(one, one.at)));
  const seen = new Set<string>();
  return [...diagnostics]
    .sort((a, b) => compare(a.at.file, b.at.file) || a.at.start - b.at.start || a.at.end - b.at.end || compare(a.rule, b.rule) || compare(render(a.message), render(b.message)))
    .filter((one) => {
      if (isChartTemplate(one.at.file) && one.related?.some(({ at, mirror }) => mirror && places.has(key(one, at)))) return false;
      const mine = key(one, one.at);
      return !seen.has(mine) && seen.add(mine);
    });
}

function fingerprinted(workspace: Workspace, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const count = new Map<string, number>();
  return diagnostics.map((one) => {
    const text = workspace.text(one.at.file) ?? "";
    const print = fingerprint(one.rule, one.variant, one.message, linesAround(text, one.at));
    const seen = count.get(print) ?? 0;
    count.set(print, seen + 1);
    return { ...one, fingerprint: seen === 0 ? print : `${print}-${seen}` };
  });
}

/** The whole lines that a place lies on. Looks no further than these: a file may have many findings. */
function linesAround(text: string, { start, end }: Span): string {
  const isBreak = (at: number) => text[at] === "\n" || text[at] === "\r";
  let from = start;
  while (from > 0 && !isBreak(from - 1)) from--;
  let to = end;
  while (to < text.length && !isBreak(to)) to++;
  return text.slice(from, to);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function sortProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return [...problems].sort((a, b) => compare(a.file, b.file) || (a.at?.start ?? 0) - (b.at?.start ?? 0) || compare(a.message, b.message)).filter((one) => {
    const key = `${one.file}\0${one.at?.start}\0${one.message}`;
    return !seen.has(key) && seen.add(key);
  });
}
