// Writes docs/rules from the rules. `npm run docs`; a test fails when a page is not current.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rulesOf } from "../engine/analyse.ts";
import { page } from "../engine/page.ts";
import { usage } from "../cli/arguments.ts";
import { packs } from "../rules/packs/index.ts";

/** Every generated page, by path. */
export function pages(): Map<string, string> {
  const rules = rulesOf(packs);
  const index = ["# Rules", "", "| rule | what it finds |", "| --- | --- |", ...rules.map((rule) => `| [\`${rule.id}\`](${rule.id}.md) | ${rule.title} |`), ""].join("\n");
  const table = ["| rule | what it finds |", "| --- | --- |", ...rules.map((rule) => `| [\`${rule.id}\`](docs/rules/${rule.id}.md) | ${rule.title} |`)].join("\n");
  const readme = filled(filled(readFileSync("README.md", "utf8"), "rules", table), "usage", `\`\`\`\n${usage.trimEnd()}\n\`\`\``);
  return new Map([["README.md", readme], ["docs/rules/README.md", index], ...rules.map((rule): [string, string] => [`docs/rules/${rule.id}.md`, page(rule, packs)])]);
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
