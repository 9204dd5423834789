// The sources of random tests: every example of every rule, and one analysis of texts whose plan is made once.

import { readConfigs } from "../../engine/read-config.ts";
import { wanted } from "../../engine/demand.ts";
import { isManifest, rulesOf } from "../../engine/analyse.ts";
import { parseExample } from "../../engine/example.ts";
import { extract } from "../../engine/extract.ts";
import { lint, type Linted } from "../../engine/lint.ts";
import { languageOf, needsOf, planOf, type Plan } from "../../engine/plan.ts";
import { contextFor, declaredIn, packagesOf, type Workspace } from "../../engine/workspace.ts";
import { packs } from "../../rules/packs/index.ts";
import type { Extract, Rule, Span } from "../../engine/types.ts";

export type Texts = ReadonlyMap<string, string>;

export const rules: readonly Rule[] = rulesOf(packs);
export const plan = planOf(rules, rules.map((rule) => rule.id));

/** One set of files for each example of each rule. */
export const fixtures: readonly Texts[] = rules.flatMap((rule) => rule.examples.map((one) => new Map(parseExample("bad" in one ? one.bad : one.good).files.map(({ path, text }) => [path, text]))));

/** Lints texts with every rule, every file read, deferred kinds too. */
export function lintAll(files: Texts, by: Plan = plan): Linted {
  const { configs, problems } = readConfigs([...files].filter(([path]) => /(^|\/)pitlint\.ya?ml$/.test(path)), packs);
  const manifests = new Map([...files].filter(([path]) => isManifest(path)));
  const paths = new Set([...files.keys()].filter((path) => languageOf(path) === "dockerfile" || (languageOf(path) !== undefined && !isManifest(path))));
  const packages = packagesOf(manifests);
  const context = contextFor(configs, packages, declaredIn(packages, needsOf(by), paths.size));
  const extracts = new Map<string, Extract>([...paths].sort().map((path) => [path, extract(path, files.get(path)!, context(path), by, true)]));
  const workspace: Workspace = { extracts, manifests, paths, configs, text: (path) => files.get(path), settled: true };
  const result = lint(workspace, { packs, plan: by, problems, profile: "strict" });
  for (const path of wanted(workspace, by, result.index, (one) => (files.has(one) ? by.scanner.outline(files.get(one)!, languageOf(one)!) : undefined))) if (!extracts.has(path)) throw new Error(`${path} was not read`);
  return result;
}

/** What must never be: an internal failure, or a place outside its file. */
export function faultsOf(files: Texts, result: Linted): string[] {
  const faults = result.problems.filter((one) => one.kind === "rule-failed" || one.kind === "crash").map((one) => `${one.file}: ${one.message}`);
  const check = (what: string, { file, start, end }: Span) => {
    const text = files.get(file);
    if (text === undefined || start < 0 || end < start || end > text.length) faults.push(`${what} at ${file} ${start}-${end}, which has ${text?.length} characters`);
  };
  for (const one of result.diagnostics) {
    check(one.rule, one.at);
    for (const other of one.related ?? []) check(`${one.rule}, related`, other.at);
    for (const fix of one.fixes ?? []) for (const edit of fix.edits) if ("at" in edit) check(`${one.rule}, fix`, edit.at);
  }
  for (const one of result.problems) if (one.at && files.has(one.file)) check(one.message, one.at);
  return faults;
}
