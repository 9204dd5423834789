// Which files must be read next, beyond those that mention something? Targets of references, and importers of followed facts.

import type { Index } from "./link.ts";
import { mentioned } from "./mention.ts";
import { languageOf, type Plan } from "./plan.ts";
import type { Exported } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Paths to read before the result is final; empty when nothing is missing. Those that were read before are to be read again with deferred kinds.
 * `textOf` gives texts of files that were not read yet.
 */
export function wanted(workspace: Workspace, plan: Plan, index: Index, textOf: (path: string) => string | undefined): string[] {
  const next = new Set([...index.missing].filter((path) => !workspace.extracts.has(path) && workspace.paths.has(path)));
  for (const path of index.shallow) next.add(path);
  for (const [kind, services] of index.asked)
    for (const path of workspace.paths) {
      if (workspace.extracts.has(path) || next.has(path) || languageOf(path) !== "ts" || !services.has(index.ownerOf(path))) continue;
      const text = textOf(path);
      if (text !== undefined && mentioned(kind.ts!.mentions, plan.scanner.words(text))) next.add(path);
    }
  const sources = followedSources(workspace, plan, index);
  if (sources.size > 0)
    for (const path of workspace.paths) {
      if (workspace.extracts.has(path) || next.has(path) || languageOf(path) !== "ts") continue;
      const text = textOf(path);
      if (text !== undefined && specifiers(text).some((one) => sources.has(index.resolve(path, one) ?? ""))) next.add(path);
    }
  return [...next].sort();
}

/** Files that export a followed fact, themselves or by passing it on. */
function followedSources(workspace: Workspace, plan: Plan, index: Index): Set<string> {
  const kinds = new Set(plan.kinds.filter((kind) => kind.followed).map((kind) => kind.id));
  const sources = new Set<string>();
  if (kinds.size === 0) return sources;
  const passesOn = (path: string, module: string | undefined) => module !== undefined && sources.has(index.resolve(path, module) ?? "");
  for (let grown = true; grown; ) {
    grown = false;
    for (const { path, exports, reexports } of workspace.extracts.values()) {
      if (sources.has(path)) continue;
      const found = reexports.some((module) => passesOn(path, module)) || Object.values(exports).some((entry) => ("ref" in entry ? passesOn(path, entry.ref.module) : holds(entry, kinds)));
      if (found) sources.add(path), (grown = true);
    }
  }
  return sources;
}

function holds(entry: Exported, kinds: ReadonlySet<string>): boolean {
  const open = [entry];
  for (let one = open.pop(); one; one = open.pop()) {
    if ("fact" in one && kinds.has(one.fact[0])) return true;
    if ("members" in one) open.push(...Object.values(one.members));
  }
  return false;
}

/** Module specifiers that a text imports, requires or passes on. */
function specifiers(text: string): string[] {
  return [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*(?:"([^"\n]+)"|'([^'\n]+)')/g)].map((match) => match[1] ?? match[2]!);
}
