// The three passes over texts in memory: what tests, the documented Node API and the shards of a run share. Nothing is read from disk.

import { readConfigs } from "./read-config.ts";
import { wanted } from "./demand.ts";
import { extract } from "./extract.ts";
import { lint, type Linted } from "./lint.ts";
import type { Outline } from "./mention.ts";
import { languageOf, needsOf, planOf, reachable, relevant, type Plan } from "./plan.ts";
import { packagesOf, contextFor, declaredIn, type Workspace } from "./workspace.ts";
import type { Extract, Pack, Profile, Rule } from "./types.ts";

export interface AnalyseOptions {
  readonly packs: readonly Pack[];
  /** Only these rules. */
  readonly only?: readonly string[];
  /** Grades by this profile, whatever the configuration says. */
  readonly profile?: Profile;
  /** Read every file instead of those that mention something; findings are the same. */
  readonly everything?: boolean;
  /** The day, as `2027-03-01`: suppressions end on their dates. Without it none does. */
  readonly today?: string;
  /** What to look for, where it is known already: making it takes longer than analysing a few files. */
  readonly plan?: Plan;
  /** Stands for `extract`: for who keeps what it said of a text. */
  extract?(...of: Parameters<typeof extract>): Extract;
}

/** All rules that some release of the packs grades, once each, by id. */
export function rulesOf(packs: readonly Pack[]): readonly Rule[] {
  const rules = new Map<string, Rule>();
  for (const pack of packs) for (const release of pack.releases) for (const [rule] of release.grades) rules.set(rule.id, rule);
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** True for files whose text links others: package.json, lockfiles, tsconfig, Dockerfiles, and the .env that compose reads. */
export function isManifest(path: string): boolean {
  return /(^|\/)(package\.json|package-lock\.json|pnpm-lock\.yaml|yarn\.lock|tsconfig[^/]*\.json|Dockerfile[^/]*|\.env)$/.test(path);
}

/** Lints texts in memory. */
export function analyse(files: ReadonlyMap<string, string>, options: AnalyseOptions): Linted {
  const rules = rulesOf(options.packs);
  const plan: Plan = options.plan ?? planOf(options.only ? rules.filter((rule) => options.only!.includes(rule.id)) : rules, rules.map((rule) => rule.id));
  const { configs, problems } = readConfigs([...files].filter(([path]) => /(^|\/)pitlint\.ya?ml$/.test(path)), options.packs);
  const manifests = new Map([...files].filter(([path]) => isManifest(path)));
    const paths = new Set([...files.keys()].filter((path) => languageOf(path) === "dockerfile" || (languageOf(path) !== undefined && !isManifest(path))));
  const packages = packagesOf(manifests);
  const declared = declaredIn(packages, needsOf(plan), paths.size);
  const context = contextFor(configs, packages, declared);
  const extracts = new Map<string, Extract>();
  const read = (path: string) => void extracts.set(path, (options.extract ?? extract)(path, files.get(path)!, context(path), plan, options.everything === true || extracts.has(path)));
  for (const path of [...paths].sort()) {
    const language = languageOf(path)!;
    if (options.everything || (reachable(plan, language, context(path).below) && relevant(plan, path, plan.scanner.words(files.get(path)!, language), context(path).declared))) read(path);
  }
  const outlines = new Map<string, Outline>();
  const outlineOf = (path: string) => {
    const text = files.get(path);
    if (text !== undefined && !outlines.has(path)) outlines.set(path, plan.scanner.outline(text, languageOf(path)!));
    return outlines.get(path);
  };
  for (;;) {
    const workspace: Workspace = { extracts, manifests, paths, configs, text: (path) => files.get(path), settled: true };
    const result = lint(workspace, { packs: options.packs, plan, problems, ...(options.profile ? { profile: options.profile } : {}), ...(options.today ? { today: options.today } : {}) });
    const next = wanted(workspace, plan, result.index, outlineOf, declared);
    if (next.length === 0) return result;
    next.forEach(read);
  }
}
