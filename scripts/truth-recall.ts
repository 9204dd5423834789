// `tsx scripts/truth-recall.ts`: share of the strict lines of test/truth about YAML that are found: lines of YAML files, and lines whose rules
// read YAML. Names each line that is not found.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse, rulesOf } from "../engine/analyse.ts";
import { packs } from "../rules/packs/index.ts";

interface Expected {
  readonly file: string;
  readonly line: number;
  readonly rules: readonly string[];
  /** Why no rule finds it. */
  readonly none?: string;
}

const root = "test/truth";
const rules = new Map(rulesOf(packs).map((rule) => [rule.id, rule]));
const expected = JSON.parse(readFileSync(join(root, "expected.json"), "utf8")) as Record<string, readonly Expected[]>;
let [all, found, unmapped] = [0, 0, 0];
for (const [id, lines] of Object.entries(expected)) {
  const folder = join(root, id);
  const { status } = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as { readonly status?: string };
  if (status) continue;
  const texts = new Map(readdirSync(folder).filter((name) => name.startsWith("before.")).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  const { diagnostics } = analyse(new Map([...texts, ["package.json", "{}"]]), { packs });
  for (const one of lines) {
    if (!one.file.endsWith(".yaml") && !one.rules.some((rule) => rules.get(rule)?.check.yaml)) continue;
    all += 1;
    const hit = diagnostics.some(({ rule, at }) => one.rules.includes(rule) && Math.abs((texts.get(at.file)?.slice(0, at.start).split("\n").length ?? -9) - one.line) <= 2);
    found += hit ? 1 : 0;
    if (!one.rules.some((rule) => rules.has(rule))) unmapped += 1;
    if (!hit) console.log(`${id}:${one.line} ${one.none ?? `${one.rules.join(", ")} ${one.rules.some((rule) => rules.has(rule)) ? "is silent" : "is not in the packs"}`}`);
  }
}
console.log(`${found} of ${all} strict lines found (${((found / Math.max(all, 1)) * 100).toFixed(1)} %), ${all - unmapped} of them have a rule`);
