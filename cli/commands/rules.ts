// `pitlint rules`: every rule with its pack and grade.

import { grade } from "../../engine/pack.ts";
import { rulesOf } from "../../engine/analyse.ts";
import { defaultConfig } from "../../engine/config.ts";
import { packs } from "../../rules/packs/index.ts";
import type { Arguments } from "../arguments.ts";
import type { Grade } from "../../engine/types.ts";

export function rules({ profile }: Arguments): number {
  const { grades } = grade(packs, { ...defaultConfig, ...(profile ? { profile } : {}) });
  const all = rulesOf(packs);
  const width = Math.max(...all.map((one) => one.id.length));
  for (const rule of all) {
    const graded = grades.get(rule.id);
    process.stdout.write(`${rule.id.padEnd(width)}  ${(graded?.pack ?? "-").padEnd(13)}  ${graded ? spell(graded.grade) : "off"}\n`);
  }
  return 0;
}

function spell(grade: Grade): string {
  return typeof grade === "string" ? grade : Object.entries(grade).map(([variant, severity]) => (variant === "default" ? severity : `${variant}: ${severity}`)).join(", ");
}
