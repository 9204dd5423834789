// Writes docs/rules from the rules. `npm run docs`; a test fails when a page is not current.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rulesOf } from "../engine/analyse.ts";
import { page } from "../engine/page.ts";
import { packs } from "../rules/packs/index.ts";

/** Every generated page, by path. */
export function pages(): Map<string, string> {
  const rules = rulesOf(packs);
  const index = ["# Rules", "", "| rule | what it finds |", "| --- | --- |", ...rules.map((rule) => `| [\`${rule.id}\`](${rule.id}.md) | ${rule.title} |`), ""].join("\n");
  return new Map([["docs/rules/README.md", index], ...rules.map((rule): [string, string] => [`docs/rules/${rule.id}.md`, page(rule, packs)])]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync("docs/rules", { recursive: true, force: true });
  for (const [path, text] of pages()) {
    mkdirSync(dirname(join(path)), { recursive: true });
    writeFileSync(path, text);
  }
}
