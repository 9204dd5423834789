// `tsx scripts/corpus-templates.ts <folder>...`: how many chart templates below the folders masking turns into YAML without an error,
// at unchanged length and line breaks, with first branches and with last ones. Names every other template.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readYaml } from "../engine/yaml/chart-template.ts";
import { maskTemplate, type Masked } from "../engine/yaml/mask.ts";
import { parseMasked } from "../engine/yaml/parse.ts";
import { isChartTemplate } from "../engine/yaml/template.ts";
import { enumerate } from "../host/enumerate.ts";

const breaks = (text: string) => [...text.matchAll(/[\r\n]/g)].map(({ index }) => index).join();

function faults(path: string, text: string, { text: masked }: Masked): string[] {
  const { documents, problems } = parseMasked(path, masked);
  return [
    ...(masked.length === text.length ? [] : [`${masked.length - text.length} characters`]),
    ...(breaks(masked) === breaks(text) ? [] : ["line breaks"]),
    ...problems.map(({ message }) => message),
    ...documents.flatMap(({ errors }) => errors.map(({ at, message }) => `${at.start}: ${message}`)),
  ];
}

const count = { all: 0, first: 0, last: 0, same: 0, judged: 0 };
for (const root of process.argv.slice(2)) {
  for (const path of enumerate(root, { ignore: () => false }).files.filter(isChartTemplate)) {
    const text = readFileSync(join(root, path), "utf8");
    if (!text.includes("{{")) continue;
    const masked = maskTemplate(text);
    const [first, last] = [faults(path, text, masked.then), faults(path, text, masked.else)];
    const isSame = [masked.then, masked.else].every((one) => one.text.length === text.length && breaks(one.text) === breaks(text));
    count.all += 1;
    count.first += first.length === 0 ? 1 : 0;
    count.last += last.length === 0 ? 1 : 0;
    count.same += isSame ? 1 : 0;
    count.judged += readYaml(path, text).notApplicable ? 0 : 1;
    for (const [branches, list] of [["first", first], ["last", last]] as const) if (list.length > 0) console.log(`${join(root, path)} (${branches} branches): ${list[0]}`);
  }
}
const share = (part: number) => `${part} (${((part / Math.max(count.all, 1)) * 100).toFixed(2)} %)`;
console.log(`${count.all} templates: clean with first branches ${share(count.first)}, with last branches ${share(count.last)}; same length and line breaks ${share(count.same)}; with documents to judge ${share(count.judged)}`);
