// Runs the checks that read facts, one rule on one file at a time, and hands the turn back after each. Knows which of them cannot find anything.

import { blamed } from "./blame.ts";
import { admits, languageOf, type Plan } from "./plan.ts";
import { isOwn, settled } from "./filled.ts";
import type { Index } from "./link.ts";
import { placedFinding } from "./placed.ts";
import type { Quiet, Round } from "./quiet.ts";
import type { Extract, Finding, Problem, Rule, YamlDocument } from "./types.ts";

export interface Found {
  readonly rule: Rule;
  readonly finding: Finding;
}

/** What checks of facts found, and which of them failed. */
export interface Checked {
  readonly found: readonly Found[];
  readonly problems: readonly Problem[];
  /** The pass whose runs these are of. */
  readonly round: Round;
}

/** One step for each run of a rule on a file. */
export function* checking(extracts: ReadonlyMap<string, Extract>, plan: Plan, index: Index, quiet: Quiet): Generator<void, Checked> {
  const found: Found[] = [];
  const problems: Problem[] = [];
  const isolated = isolating(found, problems);
  const told = new Map<string, string | undefined>();
  const sources = sourcesOf(extracts);
  const fresh = quiet.unknown(sources);
  quiet.begin();
  yield;
  for (const rule of plan.rules) {
    const { ts } = rule.check;
    if (!ts?.reads) continue;
    for (const path of quiet.worthwhile(rule, fresh, index)) {
      const one = extracts.get(path);
      if (!one || !admits(ts.where, { tests: false, browser: one.browser === true })) continue;
      isolated(rule, path, () => onSource(rule, path, index, quiet));
      yield;
    }
  }
  const rules = ofYaml(plan);
  for (const document of index.documents) {
    const said = quiet.said(document, () => index.factsFor(document));
    for (const rule of quiet.looking(rules, document)) {
      const before = document.built ? undefined : said(rule);
      if (before) for (const finding of before) found.push({ rule, finding });
      else isolated(rule, document.path, () => onDocument(rule, document, index, quiet).flatMap((finding) => blamed(document, finding, (other) => onDocument(rule, other, index, quiet)) ?? []).filter((finding) => isNew(rule, document, finding)));
      if (!before) yield;
    }
    yield;
  }
  return { found, problems, round: quiet.heard(sources) };

  /** What is wrong in several overlays alike, or is put right by the same edit of what they take, is told once. */
  function isNew(rule: Rule, { built, unit }: YamlDocument, { at, fixes }: Finding): boolean {
    if (!built) return true;
    const edits = fixes?.[0]?.edits ?? [];
    const places = [at, ...edits.flatMap((edit) => ("yaml" in edit ? edit.yaml : "at" in edit ? edit.at : []))].map(({ file, start, end }) => [file, start, end]);
    const isShared = edits.length > 0 && places.slice(1).every(([file]) => file !== at.file);
    const keys = [places[0], ...(isShared ? [places.slice(1)] : [])].map((one) => JSON.stringify([rule.id, one]));
    const isOld = keys.some((key) => told.has(key) && told.get(key) !== unit);
    for (const key of keys) if (!told.has(key)) told.set(key, unit);
    return !isOld;
  }
}

/**
 * What was found before, where facts of some files have only moved and some of them parse now, or no longer: of their services it is known anew whether all is read.
 * Only runs that asked for that are made again. Undefined where it cannot be told which did.
 */
export function* rechecking({ found: before, problems: failed, round }: Checked, services: ReadonlySet<string>, extracts: ReadonlyMap<string, Extract>, plan: Plan, index: Index, quiet: Quiet): Generator<void, Checked | undefined> {
  const runs = quiet.wholly(round, services, ofYaml(plan), index.documents);
  // A kind may be derived from what is all; a finding of a built object may lie anywhere.
  if (!runs || failed.length > 0 || plan.kinds.some((kind) => kind.link) || (runs.yaml.length > 0 && index.documents.some((one) => one.built))) return undefined;
  const key = (rule: Rule, file: string) => `${rule.id} ${file}`;
  const again = new Set([...runs.ts.map(([rule, path]) => key(rule, path)), ...runs.yaml.map(([rule, { path }]) => key(rule, path))]);
  quiet.begin();
  const found = before.filter(({ rule, finding }) => !again.has(key(rule, finding.at.file)));
  const problems: Problem[] = [];
  const isolated = isolating(found, problems);
  for (const [rule, path] of runs.ts) {
    isolated(rule, path, () => onSource(rule, path, index, quiet));
    yield;
  }
  const rules = [...new Set(runs.yaml.map(([rule]) => rule))];
  for (const document of index.documents)
    for (const rule of rules) {
      if (!again.has(key(rule, document.path))) continue;
      isolated(rule, document.path, () => onDocument(rule, document, index, quiet));
      yield;
    }
  return { found, problems, round: quiet.heard(sourcesOf(extracts)) };
}

const sourcesOf = (extracts: ReadonlyMap<string, Extract>): readonly Extract[] => [...extracts.values()].filter((one) => languageOf(one.path) === "ts");

const ofYaml = (plan: Plan): readonly Rule[] => plan.rules.filter((rule) => rule.check.yaml);

function onSource(rule: Rule, path: string, index: Index, quiet: Quiet): readonly Finding[] {
  return quiet.listen(rule, path, index.facts, (facts) => [...rule.check.ts!.find({ path } as never, facts)]).map((finding) => placedFinding(finding, path));
}

function onDocument(rule: Rule, document: YamlDocument, index: Index, quiet: Quiet): readonly Finding[] {
  const facts = index.factsFor(document);
  return quiet.said(document, () => facts)(rule) ?? quiet.judge(rule, document, facts, (asked) => [...rule.check.yaml!.find(document, asked)].filter((finding) => isOwn(document, finding.at)).map((finding) => placedFinding(settled(document, finding), document.path)));
}

/** Runs a rule; what it throws is a problem of the file, and the others run on. */
function isolating(found: Found[], problems: Problem[]): (rule: Rule, path: string, run: () => readonly Finding[]) => void {
  return (rule, path, run) => {
    try {
      for (const finding of run()) found.push({ rule, finding });
    } catch (error) {
      problems.push({ kind: "rule-failed", file: path, message: `${rule.id} failed: ${error instanceof Error ? error.message : String(error)}`, incomplete: true });
    }
  };
}
