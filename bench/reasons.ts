// Which rules and facts make a run open and parse files, for authors of mentions: npx tsx bench/reasons.ts <folder>. Prints only.

import { rulesOf } from "../engine/analyse.ts";
import { extract } from "../engine/extract.ts";
import { mentioned } from "../engine/mention.ts";
import { languageOf, met, needsOf, planOf, reachable } from "../engine/plan.ts";
import { declaredIn, packagesOf } from "../engine/workspace.ts";
import { openDisk } from "../host/disk.ts";
import { packs } from "../rules/packs/index.ts";

const plan = planOf(rulesOf(packs));
const disk = openDisk(process.argv[2] ?? ".");
Array.from(disk.enumerating());
const declared = declaredIn(packagesOf(disk.manifests), needsOf(plan), disk.paths.size);

const rows = new Map<string, { files: number; alone: number; found: number; ms: number }>();
const row = (name: string) => rows.get(name) ?? rows.set(name, { files: 0, alone: 0, found: 0, ms: 0 }).get(name)!;
// Every kind's search is timed, one after the other, in this one warm process.
const timed = { ...plan, kinds: plan.kinds.map((kind) => (kind.ts ? { ...kind, ts: { ...kind.ts, find: timing(kind.id, kind.ts.find) } } : kind)) };
let parsed = 0;
let reached = 0;

for (const path of disk.paths) {
  if (languageOf(path) !== "ts" || !reachable(plan, "ts", path)) continue;
  reached++;
  const words = plan.scanner.words(disk.scanText(path) ?? "", "ts");
  const reasons = [...plan.kinds.map((kind) => [kind.id, kind.ts && !kind.ts.lazy && met(kind.ts.needs, declared) ? kind.ts.mentions : undefined] as const), ...plan.rules.map((rule) => [rule.id, rule.check.ts && (rule.check.ts.reads || met(rule.check.ts.needs, declared)) ? rule.check.ts.mentions : undefined] as const)].filter(([, mentions]) => mentions && mentioned(mentions, words)).map(([id]) => id);
  if (reasons.length === 0) continue;
  parsed++;
  for (const id of reasons) row(id).files++;
  if (reasons.length === 1) row(reasons[0]!).alone++;
  const { facts } = extract(path, disk.text(path)!, { below: path, browserPackage: false, tool: false, wrappers: [], loggers: {}, ...(declared ? { declared } : {}) }, timed);
  for (const [kind, list] of Object.entries(facts)) row(kind).found += list.length > 0 ? 1 : 0;
}

console.log(`${reached} of ${disk.paths.size} files may be looked at, ${parsed} are parsed\n`);
console.log("files  alone  holding     ms  reason (alone: nothing else asks for the file; holding: files where the fact was found; ms: all searches)");
for (const [name, { files, alone, found, ms }] of [...rows].sort(([, a], [, b]) => b.alone - a.alone || b.ms - a.ms)) console.log([String(files).padStart(5), String(alone).padStart(6), String(found).padStart(8), ms.toFixed(0).padStart(6)].join(" ") + `  ${name}`);

function timing<F, R>(id: string, find: (file: F) => Iterable<R>): (file: F) => Iterable<R> {
  return (file) => {
    const start = performance.now();
    const list = [...find(file)];
    row(id).ms += performance.now() - start;
    return list;
  };
}
