// How loud is a finding? The pack's grade for its variant, what a script or a development stage lowers, and what the team states for the path.

import { configFor } from "./config.ts";
import { isDevelopment, isDevelopmentName, isScript } from "./gate.ts";
import { grade, severityOf, type Graded } from "./pack.ts";
import { environments, statedGrade } from "./path-pattern.ts";
import { belowConfig, type Workspace } from "./workspace.ts";
import type { Config, Finding, Pack, Problem, Profile, Rule, Severity, Span } from "./types.ts";

/** A finding that nothing shows, and why. */
export interface Ungraded extends Finding {
  readonly rule: string;
  readonly why: string;
  /** Where the team states it. */
  readonly stated?: Span;
}

export interface Grading {
  /** Grades of the packs that hold for a path, by rule id. */
  graded(path: string): ReadonlyMap<string, Graded>;
  /** The severity of a finding, or why it has none. */
  judge(rule: Rule, finding: Finding): { readonly pack: string; readonly severity: Severity } | Ungraded;
}

export interface GradingOptions {
  readonly packs: readonly Pack[];
  /** Grades by this profile, whatever the configuration says. */
  readonly profile?: Profile;
  /** Grades by these versions of packs, whatever the configuration says. */
  readonly pins?: Readonly<Record<string, string>>;
}

/** Grades of a workspace. What is wrong with a configuration's pins is added to the problems once. */
export function grading({ configs }: Pick<Workspace, "configs">, { packs, profile, pins }: GradingOptions, problems: Problem[]): Grading {
  const known = new Map<Config, { readonly grades: ReadonlyMap<string, Graded>; readonly stated: ReturnType<typeof statedGrade> }>();
  const environment = environments(configs);
  const of = (path: string) => {
    const config = configFor(configs, path);
    const before = known.get(config);
    if (before) return before;
    const { grades, problems: wrong } = grade(packs, { ...config, ...(profile ? { profile } : {}), ...(pins ? { pins: { ...config.pins, ...pins } } : {}) });
    problems.push(...wrong);
    const now = { grades, stated: statedGrade(config) };
    known.set(config, now);
    return now;
  };
  return {
    graded: (path) => of(path).grades,
    judge(rule, finding) {
      const path = finding.at.file;
      const { grades, stated } = of(path);
      const given = grades.get(rule.id);
      if (!given) return { ...finding, rule: rule.id, why: "no pack grades the rule in this profile and version" };
      const below = belowConfig(configs, path);
      const named = environment(path);
      const lowered = isScript(below) || (named === undefined ? isDevelopment(below) : isDevelopmentName(named));
      const severity = severityOf(given.grade, finding.variant, lowered);
      if (severity === undefined) return { ...finding, rule: rule.id, why: `pack ${given.pack} does not grade this kind of finding${finding.variant ? ` (${finding.variant})` : ""}` };
      if (severity === "off") return { ...finding, rule: rule.id, why: `pack ${given.pack} grades it off${lowered ? " in scripts and development stages" : ""}` };
      const said = stated(rule.id, path);
      if (said?.grade === "off") return { ...finding, rule: rule.id, why: "pitlint.yaml grades it off", stated: said.at };
      return { pack: given.pack, severity: said?.grade ?? severity };
    },
  };
}
