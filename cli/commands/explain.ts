// `pitlint explain <rule>`: the rule's page, offline.

import { rulesOf } from "../../engine/analyse.ts";
import { page } from "../../engine/page.ts";
import { packs } from "../../rules/packs/index.ts";
import { symptomsOf } from "../../rules/symptoms.ts";
import { UsageError, type Arguments } from "../arguments.ts";
import { ruleMistake } from "../mistake.ts";

export function explain({ rest }: Arguments): number {
  const id = rest[0]!;
  const rules = rulesOf(packs);
  const rule = rules.find((one) => one.id === id);
  if (!rule) throw new UsageError(ruleMistake(id, rules.map((one) => one.id)));
  process.stdout.write(page(rule, packs, symptomsOf(rule.id)));
  return 0;
}
