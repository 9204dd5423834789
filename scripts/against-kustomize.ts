// Compares what the engine builds of Kustomize overlays with what Kustomize builds: `npx tsx scripts/against-kustomize.ts <kustomize> <random overlays | folder> [file to record in]`.
// What the engine calls unknown may be anything; names are compared without what overlays put around them.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseAllDocuments } from "yaml";
import { builtBy, difference, logical, type Files } from "../test/engine/kustomize-built.ts";
import { overlay } from "../test/engine/kustomize-overlays.ts";

const [program, what = "200", record] = process.argv.slice(2);
if (!program) throw new Error("usage: npx tsx scripts/against-kustomize.ts <kustomize> <count | folder> [file to record in]");
const cases = /^\d+$/.test(what) ? Array.from({ length: Number(what) }, (_, seed) => [`random ${seed}`, overlay(seed)] as const) : [[what, textsIn(what)] as const];
const recorded: unknown[] = [];
let [same, other, refused, unknowns] = [0, 0, 0, 0];
for (const [name, files] of cases) {
  const folder = mkdtempSync(join(tmpdir(), "pitlint-kustomize-"));
  for (const [path, text] of Object.entries(files)) mkdirSync(dirname(join(folder, path)), { recursive: true }), writeFileSync(join(folder, path), text);
  const built = builtBy(files);
  for (const [root, objects] of built) {
    let said: unknown[];
    try {
      said = parseAllDocuments(execFileSync(program, ["build", "--load-restrictor", "LoadRestrictionsNone", join(folder, dirname(root))], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })).map((one) => logical(one.toJS()));
    } catch (error) {
      refused++;
      if (process.env.VERBOSE || !/^\d+$/.test(what)) console.log(`${name} ${root}: ${String((error as { stderr?: unknown }).stderr).slice(0, 200)}`);
      continue;
    }
    const { found, open } = difference(objects, said);
    unknowns += open;
    if (found.length === 0) same++;
    else other++, console.log(`${name} ${root}\n  ${found.slice(0, 6).join("\n  ")}`);
    if (/^\d+$/.test(what)) recorded.push({ seed: Number(name.slice(7)), root, said });
  }
  rmSync(folder, { recursive: true });
}
console.log(`${same} overlays alike, ${other} not, ${refused} that Kustomize refuses; ${unknowns} values unknown`);
if (record) writeFileSync(record, `${recorded.map((one) => JSON.stringify(one)).join("\n")}\n`);

function textsIn(root: string): Files {
  const files: Record<string, string> = {};
  for (const name of readdirSync(root, { recursive: true, withFileTypes: true })) if (name.isFile() && /\.ya?ml$|\.env$|\.json$|\.properties$|\.sh$|\.conf$|\.tmpl$/.test(name.name) && !/node_modules|\.git\//.test(name.parentPath)) files[relative(root, join(name.parentPath, name.name))] = readFileSync(join(name.parentPath, name.name), "utf8");
  return files;
}
