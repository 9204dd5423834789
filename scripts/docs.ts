// Writes the generated pages: rules, their indexes, defaults, and the tables of README.md. `npm run docs`; a test fails when a page is not current.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rulesOf } from "../engine/analyse.ts";
import { page } from "../engine/page.ts";
import { usage } from "../cli/usage.ts";
import { packs } from "../rules/packs/index.ts";
import { symptoms, symptomsOf } from "../rules/symptoms.ts";
import { defaultsPage } from "./defaults-page.ts";
import type { Rule } from "../engine/types.ts";

/** Every generated page, by path. */
export function pages(): Map<string, string> {
  const rules = rulesOf(packs);
  const index = ["# Rules", "", "By pack; also [by symptom](symptoms.md). What pitlint assumes where nothing is set: [defaults](../defaults.md).", ""];
  for (const pack of packs) {
    const mine = rules.filter((rule) => packs.findLast((one) => one.releases.some((release) => release.grades.some(([graded]) => graded.id === rule.id))) === pack);
    if (mine.length) index.push(`## ${pack.title}`, "", `Pack \`${pack.name}\`, ${pack.releases.at(-1)!.version}`, "", ...table(mine, ""));
  }
  const readme = filled(filled(readFileSync("README.md", "utf8"), "rules", table(rules, "docs/rules/").join("\n").trimEnd()), "usage", `\`\`\`\n${usage.trimEnd()}\n\`\`\``);
  return new Map([
    ["README.md", readme], ["docs/rules/README.md", index.join("\n")], ["docs/rules/symptoms.md", bySymptom(rules)], ["docs/defaults.md", defaultsPage()],
    ...rules.map((rule): [string, string] => [`docs/rules/${rule.id}.md`, page(rule, packs, symptomsOf(rule.id))]),
  ]);
}

function table(rules: readonly Rule[], below: string): string[] {
  return ["| rule | what it finds |", "| --- | --- |", ...rules.map((rule) => `| [\`${rule.id}\`](${below}${rule.id}.md) | ${rule.title} |`), ""];
}

function bySymptom(rules: readonly Rule[]): string {
  const titles = new Map(rules.map((rule) => [rule.id, rule.title]));
  const rows = symptoms.map((one) => `| ${one.symptom} | ${one.rules.map((id) => `[${titles.get(id)}](${id}.md)`).join("<br>")} |`);
  return ["# Rules by symptom", "", "What you see, and what may be behind it, the likeliest first.", "", "| symptom | look at |", "| --- | --- |", ...rows, ""].join("\n");
}

/** Puts generated text between its two marks. */
function filled(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  return text.slice(0, text.indexOf(open) + open.length) + content + "\n" + text.slice(text.indexOf(close));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync("docs/rules", { recursive: true, force: true });
  for (const [path, text] of pages()) {
    mkdirSync(dirname(join(path)), { recursive: true });
    writeFileSync(path, text);
  }
}
