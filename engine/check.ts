// Runs the checks that read facts, one rule on one file at a time, and hands the turn back after each. Knows which of them cannot find anything.

import { blamed } from "./blame.ts";
import { admits, languageOf, type Plan } from "./plan.ts";
import { isOwn, settled } from "./filled.ts";
import type { Index } from "./link.ts";
import { placedFinding } from "./placed.ts";
import type { Quiet } from "./quiet.ts";
import type { Extract, Finding, LinkedCheck, Problem, Rule, YamlDocument } from "./types.ts";

export interface Found {
  readonly rule: Rule;
  readonly finding: Finding;
}

/** What checks of facts found, and which of them failed. */
export interface Checked {
  readonly found: readonly Found[];
  readonly problems: readonly Problem[];
}

/** One step for each run of a rule on a file. */
export function* checking(extracts: ReadonlyMap<string, Extract>, plan: Plan, index: Index, quiet: Quiet): Generator<void, Checked> {
  const found: Found[] = [];
  const problems: Problem[] = [];
  const told = new Map<string, string | undefined>();
  const sources = [...extracts.values()].filter((one) => languageOf(one.path) === "ts");
  const fresh = quiet.unknown(sources);
  yield;
  for (const rule of plan.rules) {
    const { ts } = rule.check;
    if (!ts?.reads) continue;
    for (const path of quiet.worthwhile(rule, fresh, index)) {
      const one = extracts.get(path);
      if (!one || !admits(ts.where, { tests: false, browser: one.browser === true })) continue;
      isolated(rule, path, () => quiet.listen(rule, path, index.facts, (facts) => [...ts.find({ path }, facts)]).map((finding) => placedFinding(finding, path)));
      yield;
    }
  }
  const ofYaml = plan.rules.filter((rule) => rule.check.yaml);
  for (const document of index.documents) {
    const said = quiet.said(document, () => index.factsFor(document));
    for (const rule of quiet.looking(ofYaml, document)) {
      const before = document.built ? undefined : said(rule);
      if (before) for (const finding of before) found.push({ rule, finding });
      else isolated(rule, document.path, () => judged(rule, rule.check.yaml!, document).flatMap((finding) => blamed(document, finding, (other) => judged(rule, rule.check.yaml!, other)) ?? []).filter((finding) => isNew(rule, document, finding)));
      if (!before) yield;
    }
    yield;
  }
  quiet.heard(sources);
  return { found, problems };

  function judged(rule: Rule, check: LinkedCheck<YamlDocument>, document: YamlDocument): readonly Finding[] {
    const facts = index.factsFor(document);
    return quiet.said(document, () => facts)(rule) ?? quiet.judge(rule, document, facts, (asked) => [...check.find(document, asked)].filter((finding) => isOwn(document, finding.at)).map((finding) => placedFinding(settled(document, finding), document.path)));
  }

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

  function isolated(rule: Rule, path: string, run: () => readonly Finding[]): void {
    try {
      for (const finding of run()) found.push({ rule, finding });
    } catch (error) {
      problems.push({ kind: "rule-failed", file: path, message: `${rule.id} failed: ${error instanceof Error ? error.message : String(error)}`, incomplete: true });
    }
  }
}
