// A baseline file that is not as pitlint writes it. Refuses what it does not know, with the place and what to do. Reads text only.

import { isEntry } from "./baseline.ts";
import { parseYaml } from "./yaml/parse.ts";
import { items, lookup, type Found } from "./yaml/read.ts";
import type { BaselineEntry, Problem, Span } from "./types.ts";

const anew = "run pitlint baseline to write it anew";
const expected = '{ "file": "src/a.ts", "rule": "timeout/timer-not-cleared", "fingerprint": "16 hex digits", "count": 1 }';

/** Entries, or the first thing that is wrong with the file. The YAML reader knows places; JSON is YAML. A comma too many, as a merge leaves it, does no harm. */
export function readBaseline(path: string, text: string): readonly BaselineEntry[] | Problem {
  const wrong = (at: Omit<Span, "file">, message: string): Problem => ({ kind: "config", file: path, at: { file: path, start: at.start, end: at.end }, message, incomplete: false });
  const conflict = /^(<{7}|={7}|>{7})(?= |$)/m.exec(text);
  if (conflict) return wrong({ start: conflict.index, end: conflict.index + 7 }, `holds a merge conflict: keep the lines of both sides, or ${anew}`);
  const { documents: [document], problems: [broken] } = parseYaml(path, text);
  if (broken) return wrong(broken.at ?? { start: 0, end: 0 }, `is no JSON (${broken.message}); ${anew}`);
  if (document?.root?.kind !== "map") return wrong(document?.root?.at ?? { start: 0, end: 0 }, `is no baseline: expected { "version": 1, "findings": [...] }; ${anew}`);
  const value = (at: Found | undefined) => (at?.node.kind === "scalar" ? at.node.value : undefined);
  const version = lookup(document, document.root, "version");
  if (value(version) !== 1) return wrong(version?.node.at ?? document.root.at, `is of version ${String(value(version) ?? "unknown")}, and this pitlint reads version 1; update pitlint, or ${anew}`);
  const findings = lookup(document, document.root, "findings");
  if (findings?.node.kind !== "seq") return wrong(findings?.node.at ?? document.root.at, `"findings" is no list; ${anew}`);
  const entries: BaselineEntry[] = [];
  for (const item of items(document, findings)) {
    const part = (key: string) => value(lookup(document, item, key));
    const entry = { file: part("file"), rule: part("rule"), fingerprint: part("fingerprint"), count: part("count") };
    if (!isEntry(entry)) return wrong(item.node.at, `is no entry: expected ${expected}; remove it, or ${anew}`);
    entries.push(entry);
  }
  return entries;
}
