// `tsx scripts/corpus-templates.ts <folder>...`: how many chart templates below the folders are read. Names those that masking does not turn into YAML.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readYaml } from "../engine/yaml/chart-template.ts";
import { maskTemplate } from "../engine/yaml/mask.ts";
import { parseMasked } from "../engine/yaml/parse.ts";
import { isChartTemplate } from "../engine/yaml/template.ts";
import { enumerate } from "../host/enumerate.ts";

let [all, read, empty] = [0, 0, 0];
for (const root of process.argv.slice(2)) {
  for (const path of enumerate(root, { ignore: () => false }).files.filter(isChartTemplate)) {
    const text = readFileSync(join(root, path), "utf8");
    if (!text.includes("{{")) continue;
    all += 1;
    const { notApplicable } = readYaml(path, text);
    const { then } = maskTemplate(text);
    if (!notApplicable) read += 1;
    // Partials, resource definitions, and what one action gives as a whole.
    else if (parseMasked(path, then.text).documents.every((one) => one.errors.length === 0)) empty += 1;
    else console.log(`not read: ${join(root, path)}`);
  }
}
console.log(`${all} templates: ${read} read, ${empty} without anything to read; ${(((read + empty) / Math.max(all, 1)) * 100).toFixed(2)} %`);
