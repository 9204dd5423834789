// What somebody sees before they know which rule they need: phrases of on-call engineers, and the rules that explain them.

import table from "./symptoms.json" with { type: "json" };

export interface Symptom {
  readonly symptom: string;
  /** Ids, the likeliest first. */
  readonly rules: readonly string[];
}

export const symptoms: readonly Symptom[] = table;

/** Phrases under which somebody may look for a rule. */
export function symptomsOf(rule: string): readonly string[] {
  return symptoms.filter((one) => one.rules.includes(rule)).map((one) => one.symptom);
}
