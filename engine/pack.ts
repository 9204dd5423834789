// Packs to grades: releases replayed in order up to the pinned one say what runs and how loudly.

import type { Config, Grade, Pack, Problem, Release, Rule, Severity } from "./types.ts";

export interface Graded {
  readonly rule: Rule;
  readonly pack: string;
  readonly grade: Grade;
}

/** Grades by rule id. A pin "1.2" means the newest 1.2.x; a pin that names no release is a problem, and the newest release runs. */
export function grade(packs: readonly Pack[], config: Pick<Config, "profile" | "pins" | "path">): { grades: ReadonlyMap<string, Graded>; problems: readonly Problem[] } {
  const grades = new Map<string, Graded>();
  const problems: Problem[] = [];
  for (const name of Object.keys(config.pins))
    if (!packs.some((pack) => pack.name === name)) problems.push(wrong(config, `unknown pack "${name}"; known packs are ${packs.map((pack) => pack.name).join(", ")}`));
  for (const pack of packs) {
    const pin = Object.hasOwn(config.pins, pack.name) ? config.pins[pack.name] : undefined;
    let last = pack.releases.length;
    if (pin !== undefined) {
      last = pack.releases.findLastIndex((one) => matches(one, pin)) + 1;
      if (last === 0) problems.push(wrong(config, `unknown version "${pin}" of pack ${pack.name}; known versions are ${pack.releases.map((one) => one.version).join(", ")}`));
    }
    for (const release of pack.releases.slice(0, last || pack.releases.length))
      for (const [rule, given, strict] of release.grades) if (!strict || config.profile === "strict") grades.set(rule.id, { rule, pack: pack.name, grade: given });
  }
  return { grades, problems };
}

/** The release of a pack that a pin means; the newest without one, and for a pin that names none. */
export function releaseOf(pack: Pack, pin: string | undefined): Release {
  return (pin === undefined ? undefined : pack.releases.findLast((one) => matches(one, pin))) ?? pack.releases.at(-1)!;
}

const matches = (release: Release, pin: string) => release.version === pin || release.version.startsWith(`${pin}.`);
const wrong = (config: Pick<Config, "path">, message: string): Problem => ({ kind: "config", file: config.path ?? "", message, incomplete: false });

/**
 * Severity of a finding; undefined when nothing grades it, and then it is silent.
 * A plain grade holds for findings without a variant only. The record form names each variant, and `default` stands for findings without one:
 * no rule calls a variant `default` or `script`. A variant without an entry is silent, so that an upgrade adds no finding unasked.
 * In scripts run by hand the entry `script`, where there is one, lowers what the finding has elsewhere; it never raises it, and grades nothing that is silent elsewhere.
 */
export function severityOf(given: Grade, variant: string | undefined, script: boolean): Severity | "off" | undefined {
  if (typeof given === "string") return variant === undefined ? given : undefined;
  const entry = (name: string) => (Object.hasOwn(given, name) ? given[name] : undefined);
  const usual = entry(variant ?? "default");
  const lowered = script ? entry("script") : undefined;
  return usual !== undefined && lowered !== undefined && order.indexOf(lowered) > order.indexOf(usual) ? lowered : usual;
}

const order: readonly string[] = ["error", "warning", "info", "hint", "off"];
