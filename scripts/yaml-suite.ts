// `tsx scripts/yaml-suite.ts <checkout of yaml/yaml-test-suite>`: in how many cases pitlint refuses what the suite says must be refused, and
// only that. The parser runs with `strict: false`, so it lets through some texts that break a rule of indentation. Names every other verdict.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseYaml } from "../engine/yaml/parse.ts";
import { suiteCases } from "./yaml-suite-cases.ts";

const folder = join(process.argv[2] ?? ".", "src");
let [all, right] = [0, 0];
for (const name of readdirSync(folder).filter((one) => one.endsWith(".yaml")).sort())
  for (const { id, yaml, fail } of suiteCases(join(folder, name), readFileSync(join(folder, name), "utf8"))) {
    const { documents, problems } = parseYaml("case.yaml", yaml);
    const refused = problems.length > 0 || documents.some(({ errors }) => errors.length > 0);
    all += 1;
    if (refused === fail) right += 1;
    else console.log(`${id}: ${fail ? "let through" : "refused"}${refused ? `: ${problems[0]?.message}` : ""}`);
  }
console.log(`${right} of ${all} verdicts as the suite says`);
