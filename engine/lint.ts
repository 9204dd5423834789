// Third pass and the whole: link, check, grade, suppress, sort. Pure: the day comes as an argument.

import { accept } from "./baseline.ts";
import { checking, rechecking, type Checked, type Found } from "./check.ts";
import { languageOf, reachable, type Plan } from "./plan.ts";
import { fingerprint } from "./fingerprint.ts";
import { grading, type GradingOptions, type Ungraded } from "./grading.ts";
import type { Kept } from "./kept.ts";
import { link, linkMemory, type Index, type LinkMemory } from "./link.ts";
import { render } from "./message.ts";
import { incomplete, moved, movement, type Shift } from "./movement.ts";
import { place, placedFinding } from "./placed.ts";
import { quietRuns, type Quiet } from "./quiet.ts";
import { misplacedSources } from "./stated-audit.ts";
import { auditOf } from "./suppress-audit.ts";
import { belowConfig, type Workspace } from "./workspace.ts";
import { isChartTemplate } from "./yaml/template.ts";
import type { Baseline, BaselineEntry, Diagnostic, LintResult, Problem, Span } from "./types.ts";

export interface LintOptions extends GradingOptions {
  readonly plan: Plan;
  /** What went wrong before: enumeration, reading, configuration. */
  readonly problems?: readonly Problem[];
  /** The day, as `2027-03-01`: suppressions end on their dates. Without it none does. */
  readonly today?: string;
  /** Findings that are accepted for now. */
  readonly baseline?: Baseline;
  /** An earlier result with the same plan: what it says still is not asked again. The result is the same with it and without. */
  readonly before?: Before;
}

/** An earlier result, and the texts that it was about where they were others. */
export interface Before {
  readonly result: Linted;
  /** Other files may have to be read now. */
  readonly relink: boolean;
  text(path: string): string | undefined;
}

export interface Linted extends LintResult {
  readonly index: Index;
  /** Findings that nothing grades, or that are graded off, with the reason. */
  readonly ungraded: readonly Ungraded[];
  /** What the next pass can start from. */
  readonly pass: Pass;
  /** References were asked about, or nothing that they depend on has changed since they were: `index.missing` and its like are whole. */
  readonly relinked: boolean;
}

/** What a pass leaves. */
export interface Pass {
  readonly workspace: Workspace;
  readonly checked: Checked;
  /** What the documents and manifests gave, and what was asked for, when facts were last linked. */
  readonly deployed: Pick<Index, "association" | "isLoose" | "missing" | "shallow" | "asked">;
  readonly quiet: Quiet;
  readonly memory: LinkMemory;
}

/** Checks a workspace. `index.missing` names files that references need: read them and lint again until it is empty. */
export function lint(workspace: Workspace, options: LintOptions): Linted {
  const work = linting(workspace, options);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The same in steps, for who has other things to do in between. */
export function* linting(live: Workspace, options: LintOptions): Generator<void, Linted> {
  const workspace: Workspace = { ...live, extracts: new Map(live.extracts) };
  const last = options.before?.result.pass;
  const carried = options.before && !options.before.relink ? carriedOver(workspace, options.before) : undefined;
  if (last && carried) {
    yield;
    // Facts are linked again once somebody asks for them.
    if (carried.flipped.length === 0) return yield* judged(workspace, options, { index: linkedLater(workspace, last.memory), relinked: false, pass: { ...last, workspace, checked: carried } });
  }
  const { quiet, memory } = last ?? { quiet: quietRuns(), memory: linkMemory() };
  // Who is not asked again still needs what it asked for.
  const index = link(workspace, memory, carried ? last?.deployed.asked : undefined);
  yield;
  const services = new Set(carried?.flipped.map((path) => index.ownerOf(path)));
  const checked = (carried && (yield* rechecking(carried, services, workspace.extracts, options.plan, index, quiet))) ?? (yield* checking(workspace.extracts, options.plan, index, quiet));
  return yield* judged(workspace, options, { index, relinked: true, pass: { workspace, checked, deployed: index, quiet, memory } });
}

/** What was found before, where all that has changed since are places within files; `flipped` are those that can be read now, or no longer. */
function carriedOver(workspace: Workspace, { result: { pass }, text }: Before): (Checked & { readonly flipped: readonly string[] }) | undefined {
  const last = pass.workspace;
  if (last.manifests !== workspace.manifests || last.paths !== workspace.paths || last.configs !== workspace.configs || last.settled !== workspace.settled || last.extracts.size !== workspace.extracts.size) return undefined;
  const shifts = new Map<string, Shift>();
  const flipped: string[] = [];
  for (const [path, after] of workspace.extracts) {
    const before = last.extracts.get(path);
    if (before === after) continue;
    const shift = before && movement(before, after, text(path) ?? "", workspace.text(path) ?? "");
    if (!shift) return undefined;
    shifts.set(path, shift);
    if (incomplete(before) !== incomplete(after)) flipped.push(path);
  }
  const found = moved(pass.checked.found, shifts, pass.memory.keep);
  return found && { ...pass.checked, found, flipped };
}

/** An index that is made when it is first asked. */
function linkedLater(workspace: Workspace, memory: LinkMemory): Index {
  let made: Index | undefined;
  const now = () => (made ??= link(workspace, memory));
  return {
    get facts() { return now().facts; },
    factsFor: (document) => now().factsFor(document),
    isLoose: (document) => now().isLoose(document),
    get documents() { return now().documents; },
    get association() { return now().association; },
    get resolve() { return now().resolve; },
    list: (kind) => now().list(kind),
    filesOf: (kind) => now().filesOf(kind),
    get missing() { return now().missing; },
    get asked() { return now().asked; },
    get shallow() { return now().shallow; },
    ownerOf: (path) => now().ownerOf(path),
  };
}

/** Grades, silences and sorts what checks found. */
function* judged(workspace: Workspace, options: LintOptions, { index, relinked, pass }: Pick<Linted, "index" | "relinked" | "pass">): Generator<void, Linted> {
  const { association, isLoose } = pass.deployed;
  const problems: Problem[] = [...(options.problems ?? []), ...misplacedSources(workspace), ...[...workspace.extracts.values()].flatMap((one) => one.problems), ...pass.checked.problems];
  const rules = new Map(options.plan.rules.map((rule) => [rule.id, rule]));
  const { keep } = pass.memory;
  const local = [...workspace.extracts.values()].flatMap((one): Found[] => one.findings.flatMap(({ rule, finding }) => (rules.has(rule) ? [{ rule: rules.get(rule)!, finding: keep(finding, "placed", [one.path], () => placedFinding(finding, one.path)) }] : [])));
  const found = [...local, ...pass.checked.found];
  const { graded, judge } = grading(workspace, options, problems);
  const ungraded: Ungraded[] = [];
  const diagnostics = distinct(found.flatMap(({ rule, finding }) => {
    const given = judge(rule, finding);
    if ("why" in given) return ungraded.push(given), [];
    return [{ ...finding, ...given, rule: rule.id, fingerprint: "" } satisfies Diagnostic];
  }), keep);
  yield;
  const audit = auditOf(workspace, options.today);
  const silencers = (one: Pick<Diagnostic, "rule" | "at" | "related">) => [one.at, ...(one.related ?? []).filter((other) => other.mirror).map((other) => other.at)].flatMap((at) => audit.silencer(one.rule, at) ?? []);
  const judged = diagnostics.map((one) => ({ one, by: silencers(one)[0] }));
  // A finding that this profile or a script's grade does not show keeps its suppression.
  for (const { rule, finding } of found) silencers({ ...finding, rule: rule.id });
  const shown = judged.flatMap(({ one, by }) => (by ? [] : [one]));
  const silent = judged.flatMap(({ one, by }) => (by ? [{ one, by }] : []));
  yield;
  // What is shown comes first: a comment changes no fingerprint of what it does not silence.
  const printed = fingerprinted(workspace, [...shown, ...silent.map(({ one }) => one)], keep);
  yield;
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
    notApplicable: [...workspace.extracts.values()].filter((one) => one.notApplicable || (one.documents.length > 0 && one.documents.every((document) => document.class === "other" || isLoose(document)))).length,
    suppressed: silent.length, baselined: accepted.length, stale: stale.reduce((sum, one) => sum + one.count, 0), linked: association.links, unlinked: association.unlinked,
  };
  return {
    diagnostics: fresh, baselined: accepted, stale, suppressed: printed.slice(shown.length).map((one, index) => ({ ...one, by: silent[index]!.by })),
    problems: sortProblems(problems.map((one) => (one.at ? { ...one, at: place(one.at, one.file) } : one))), complete, summary, ungraded, index, relinked, pass,
  };
}

/** Sorted, and equal findings (of several units) once. A value that a rule sees in the values of a chart and again in a template is found in the values. */
function distinct(diagnostics: readonly Diagnostic[], keep: Kept): Diagnostic[] {
  const said = (one: Diagnostic) => keep(one.at, `said ${one.rule}`, [one.message], () => JSON.stringify([one.rule, render(one.message)]));
  const key = (one: Diagnostic, at: Span) => `${at.file}\0${at.start}\0${at.end}\0${said(one)}`;
  let places: ReadonlySet<string> | undefined;
  const isPlace = (of: string) => (places ??= new Set(diagnostics.map((one) => key(one, one.at)))).has(of);
  const seen = new Set<string>();
  return [...diagnostics]
    .sort((a, b) => compare(a.at.file, b.at.file) || a.at.start - b.at.start || a.at.end - b.at.end || compare(a.rule, b.rule) || compare(render(a.message), render(b.message)))
    .filter((one) => {
      if (isChartTemplate(one.at.file) && one.related?.some(({ at, mirror }) => mirror && isPlace(key(one, at)))) return false;
      const mine = key(one, one.at);
      return !seen.has(mine) && seen.add(mine);
    });
}

function fingerprinted(workspace: Workspace, diagnostics: readonly Diagnostic[], keep: Kept): Diagnostic[] {
  const count = new Map<string, number>();
  return diagnostics.map((one) => {
    const text = workspace.text(one.at.file) ?? "";
    const print = keep(one.at, `print ${one.rule} ${one.variant}`, [one.message, text], () => fingerprint(one.rule, one.variant, one.message, linesAround(text, one.at)));
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
