// What a run looks for, and which files can hold any of it. Loads no parser.

import { isMarkup, isSource, isTest } from "./gate.ts";
import { buildMentions } from "./image-build.ts";
import { mentioned, scanner, type Found, type Scanner } from "./mention.ts";
import { suppressionMentions } from "./suppress.ts";
import { workloadMentions } from "./workload.ts";
import { isChartTemplate } from "./yaml/template.ts";
import type { FactKind, Mentions, Needs, Rule, Where } from "./types.ts";

/** What to look for: the graded rules and every fact kind they read, directly or through links. */
export interface Plan {
  readonly rules: readonly Rule[];
  readonly kinds: readonly FactKind<any>[];
  readonly scanner: Scanner;
  /** One of the mentions is met without which no file of the language is parsed; `markup`: it holds JSX. Asked once of the same words. */
  meets(words: Found, language: Language, markup: boolean, declared: readonly string[] | undefined): boolean;
  /** All rule ids that exist, graded or not: a suppression of an unknown one is a mistake. */
  readonly known: ReadonlySet<string>;
}

export function planOf(rules: readonly Rule[], known: Iterable<string> = rules.map((rule) => rule.id)): Plan {
  const kinds = new Set<FactKind<any>>();
  const open = rules.flatMap((rule) => [rule.check.ts, rule.check.yaml]).flatMap((check) => check?.reads ?? []);
  for (let kind = open.pop(); kind; kind = open.pop()) {
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    open.push(...(kind.link?.reads ?? []));
  }
  const sorted = [...kinds].sort((a, b) => (a.id < b.id ? -1 : 1));
  // Asked of every file: what is declared is told apart by the list itself, not by what stands in it.
  const nothing: readonly string[] = [];
  const asked = new WeakMap<readonly string[], Map<string, Reasons>>();
  let looking: Scanner | undefined;
  return {
    rules, kinds: sorted, known: new Set(known),
    // Made for who scans: a worker is told the words of its files.
    get scanner() { return (looking ??= scanner(mentionsOf(rules, sorted))); },
    meets(words, language, markup, declared) {
      const known = asked.get(declared ?? nothing) ?? new Map<string, Reasons>();
      asked.set(declared ?? nothing, known);
      const key = markup ? `${language} markup` : language;
      const reasons = known.get(key) ?? { mentions: [...new Set(reasonsFor({ rules, kinds: sorted }, language, markup, declared))], met: new WeakMap() };
      known.set(key, reasons);
      const met = reasons.met.get(words) ?? reasons.mentions.some((mentions) => mentioned(mentions, words));
      reasons.met.set(words, met);
      return met;
    },
  };
}

/** Mentions of which one must be met, and of which words that is known. */
interface Reasons {
  readonly mentions: readonly Mentions[];
  readonly met: WeakMap<Found, boolean>;
}

function* mentionsOf(rules: readonly Rule[], kinds: readonly FactKind<any>[]): Iterable<Mentions> {
  for (const rule of rules) for (const check of [rule.check.ts, rule.check.yaml]) if (check?.mentions) yield check.mentions;
  for (const kind of kinds) for (const extractor of [kind.ts, kind.yaml, kind.dockerfile]) if (extractor) yield extractor.mentions;
  yield workloadMentions;
  yield buildMentions;
  yield suppressionMentions;
}

export type Language = "ts" | "yaml" | "dockerfile";

/** The language of a path, by its extension; undefined for files that are no source. */
export function languageOf(path: string): Language | undefined {
  if (/\.[cm]?[jt]sx?$/.test(path)) return "ts";
  if (/(^|\/)Dockerfile(\.(?!dockerignore$)[^/]*)?$|\.[Dd]ockerfile$/.test(path)) return "dockerfile";
  return /\.ya?ml$|(^|\/)Kustomization$/.test(path) ? "yaml" : undefined;
}

/** True when some check may look at a file, by its path below the nearest pitlint.yaml. What none may look at need not be opened: often most of a repository is tests. */
export function reachable(plan: Plan, language: Language, below: string): boolean {
  if (language === "dockerfile") return !isTest(below);
  // Of the forge's files only workflows say something: from which folder an image is built.
  if (language === "yaml") return !/(^|\/)\.github\/(?!workflows\/)/.test(below);
  return isSource(below) && (!isTest(below) || plan.rules.some((rule) => rule.check.ts?.where?.tests === true));
}

/** True when some check or fact can find something in a file with these words. A chart template says the rest of its words in other files, so each is read. */
export function relevant(plan: Plan, path: string, words: Found, declared?: readonly string[]): boolean {
  const language = languageOf(path)!;
  if (/(^|\/)\.github\/workflows\//.test(path)) return mentioned(buildMentions, words);
  if (language === "yaml" && isChartTemplate(path) && [...plan.rules.map((rule) => rule.check), ...plan.kinds].some((one) => one.yaml)) return true;
  return plan.meets(words, language, isMarkup(path), declared);
}

/** Mentions that are a reason to parse a file. */
function* reasonsFor({ rules, kinds }: Pick<Plan, "rules" | "kinds">, language: Language, markup: boolean, declared: readonly string[] | undefined): Iterable<Mentions> {
  // A suppression without anything to silence is said too.
  if (language !== "dockerfile") yield suppressionMentions;
  if (language === "yaml") yield workloadMentions;
  for (const rule of rules) {
    const check = language === "dockerfile" ? undefined : rule.check[language];
    if (!check?.mentions || !met("needs" in check ? check.needs : undefined, declared)) continue;
    // In browser code no check of a single file looks for anything.
    if (language === "yaml" || !markup || check.reads !== undefined || check.where?.browser) yield check.mentions;
  }
  for (const kind of kinds) {
    const { mentions, lazy, serverOnly, needs } = kind[language] ?? {};
    if (mentions?.length && !lazy && !(serverOnly && markup) && met(needs, declared)) yield mentions;
  }
}

/** True when the workspace declares one of the packages that a check needs, or declares nothing that could tell. */
export function met(needs: Needs | undefined, declared: readonly string[] | undefined): boolean {
  return !needs || !declared || needs.some((one) => declared.includes(one));
}

/** Packages that some check needs. */
export function needsOf(plan: Plan): ReadonlySet<string> {
  return new Set([...plan.rules.map((rule) => rule.check.ts), ...plan.kinds.map((kind) => kind.ts)].flatMap((one) => (one && "needs" in one ? (one.needs ?? []) : [])));
}

/** True when the file's gates let a check look at it. */
export function admits(where: Where | undefined, gates: { readonly tests: boolean; readonly browser: boolean }): boolean {
  return (!gates.tests || where?.tests === true) && (!gates.browser || where?.browser === true);
}
