// `tsx scripts/corpus-edits.ts [--times=2] <folder>...`: random edits of every YAML document below the folders, in LF, CRLF and without a
// final line break, each judged by parsing again. Prints counts and every fault. The cases of the YAML test suite are taken one by one.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readYaml } from "../engine/yaml/chart-template.ts";
import { keepsTemplate } from "../engine/yaml/template-edit.ts";
import { isChartTemplate } from "../engine/yaml/template.ts";
import { operations } from "../test/engine/yaml-operations.ts";
import { faultOf } from "../test/engine/yaml-oracle.ts";
import { isSuite, suiteCases } from "./yaml-suite-cases.ts";

const times = Number(/^--times=(\d+)$/.exec(process.argv.find((one) => one.startsWith("--times=")) ?? "")?.[1] ?? 2);
const forms = {
  LF: (text: string) => text.replace(/\r\n/g, "\n"),
  CRLF: (text: string) => text.replace(/\r\n/g, "\n").replace(/\n/g, "\r\n"),
  open: (text: string) => text.replace(/\r\n/g, "\n").replace(/\n+$/, ""),
};

function* textsBelow(folder: string): Generator<readonly [path: string, text: string]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== ".git" && entry.name !== "node_modules") yield* textsBelow(path);
    if (!entry.isFile() || !/\.ya?ml$/.test(entry.name)) continue;
    const text = readFileSync(path, "utf8");
    yield [path, text];
    if (isSuite(path)) for (const { id, yaml } of suiteCases(path, text)) yield [`${id}.yaml`, yaml];
  }
}

/** Mulberry32, seeded by the name: the same edits in every run. */
function random(name: string): (count: number) => number {
  let state = [...name].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 16777619), 2166136261);
  return (count) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return count === 0 ? 0 : ((value ^ (value >>> 14)) >>> 0) % count;
  };
}

const counts = new Map(Object.keys(operations).flatMap((name) => [name, `${name} in templates`]).map((name) => [name, { tried: 0, done: 0, wrong: 0 }]));
const seen = new Set<string>();
const total = { files: 0, documents: 0, templates: 0 };
for (const folder of process.argv.slice(2).filter((one) => !one.startsWith("--")))
  for (const [path, original] of textsBelow(folder)) {
    const name = isChartTemplate(path) ? `templates/${basename(path)}` : basename(path);
    if (seen.has(name + original)) continue;
    seen.add(name + original);
    for (const [form, shape] of Object.entries(forms)) {
      const text = shape(original);
      const read = readYaml(name, text);
      if (read.problems.length > 0 || read.documents.length === 0) continue;
      if (form === "LF") total.files += 1, total.documents += read.documents.length, total.templates += read.documents.some((one) => one.template) ? 1 : 0;
      for (const document of read.documents)
        for (const [operation, make] of Object.entries(operations))
          for (let time = 0; time < times; time += 1) {
            const outcome = make(text, document, random(`${path} ${document.index} ${operation} ${form} ${time}`));
            const count = counts.get(document.template ? `${operation} in templates` : operation);
            if (!outcome || !count) continue;
            count.tried += 1;
            // What `lower` refuses, too.
            if (!outcome.edits || (document.template && !keepsTemplate(name, text, read.documents, outcome.at, outcome.edits))) continue;
            count.done += 1;
            const fault = faultOf(text, read.documents, outcome, (after) => readYaml(name, after));
            if (fault === undefined) continue;
            count.wrong += 1;
            console.log(`${path} document ${document.index} ${operation} ${form}: ${fault}: ${JSON.stringify(outcome.edits)}`);
          }
    }
  }
const sum = (of: "tried" | "done" | "wrong") => [...counts.values()].reduce((all, one) => all + one[of], 0);
for (const [name, { tried, done, wrong }] of counts) console.log(`${name.padEnd(20)} ${tried} tried, ${done} done, ${wrong} wrong`);
console.log(`${total.files} files (${total.templates} templates), ${total.documents} documents: ${sum("tried")} tried, ${sum("done")} done, ${sum("wrong")} wrong`);
process.exitCode = sum("wrong") > 0 || sum("done") === 0 ? 1 : 0;
