// Runs the checks that read facts, one rule on one file at a time, and hands the turn back after each. Knows which of them cannot find anything.

import { admits, languageOf, type Plan } from "./plan.ts";
import { isOwn, settled } from "./filled.ts";
import type { Index } from "./link.ts";
import { placedFinding } from "./placed.ts";
import type { Quiet } from "./quiet.ts";
import type { Extract, Finding, Problem, Rule } from "./types.ts";

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
  const sources = [...extracts.values()].filter((one) => languageOf(one.path) === "ts");
  const fresh = quiet.unknown(sources);
  for (const rule of plan.rules) {
    const { ts, yaml } = rule.check;
    if (ts?.reads)
      for (const path of quiet.worthwhile(rule, fresh, index)) {
        const one = extracts.get(path);
        if (!one || !admits(ts.where, { tests: false, browser: one.browser === true })) continue;
        isolated(rule, path, () => quiet.listen(rule, path, index.facts, (facts) => [...ts.find({ path }, facts)]));
        yield;
      }
    if (yaml)
      for (const document of index.documents) {
        const before = quiet.said(rule, document, () => index.factsFor(document));
        if (before) {
          for (const finding of before) found.push({ rule, finding });
          continue;
        }
        isolated(rule, document.path, () => quiet.judge(rule, document, index.factsFor(document), (facts) => [...yaml.find(document, facts)].filter((finding) => isOwn(document, finding.at)).map((finding) => placedFinding(settled(document, finding), document.path))));
        yield;
      }
    yield;
  }
  quiet.heard(sources);
  return { found, problems };

  function isolated(rule: Rule, path: string, run: () => readonly Finding[]): void {
    try {
      for (const finding of run()) found.push({ rule, finding: placedFinding(finding, path) });
    } catch (error) {
      problems.push({ kind: "rule-failed", file: path, message: `${rule.id} failed: ${error instanceof Error ? error.message : String(error)}`, incomplete: true });
    }
  }
}
