// Which files must be read next, beyond those that mention something? Targets of references, importers of followed facts, and users of what a module near by imports.

import { isMarkup } from "./gate.ts";
import type { Index } from "./link.ts";
import { maybeNear, mentioned, withNear, type Outline } from "./mention.ts";
import { languageOf, relevant, type Plan } from "./plan.ts";
import type { Resolve } from "./resolve.ts";
import type { Exported, FactKind } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Paths to read before the result is final; empty when nothing is missing. Those that were read before are to be read again with deferred kinds.
 * `outlineOf` tells of files that a check may look at, read or not; `declared` are the packages that the workspace declares, of those that checks need.
 */
export function wanted(workspace: Workspace, plan: Plan, index: Index, outlineOf: OutlineOf, declared?: readonly string[], isNear: (path: string) => boolean = nearness(plan, index.resolve, outlineOf, declared)): string[] {
  const next = new Set([...index.missing].filter((path) => !workspace.extracts.has(path) && workspace.paths.has(path)));
  for (const path of index.shallow) next.add(path);
  const sources = followedSources(workspace, plan, index);
  const asked = [...demanded(plan, index)].map(([kind, services]) => ({ services, mentions: once((words: Outline["words"]) => mentioned(kind.ts!.mentions, words)) }));
  for (const path of workspace.paths) {
    if (workspace.extracts.has(path) || next.has(path) || languageOf(path) !== "ts") continue;
    const outline = outlineOf(path);
    if (outline && (isAsked(path, outline) || isFollowed(path, outline) || isNear(path))) next.add(path);
  }
  return [...next].sort();

  /** Its service is asked about a kind, and it mentions one. */
  function isAsked(path: string, { words }: Outline): boolean {
    return asked.some(({ services, mentions }) => mentions(words) && services.has(index.ownerOf(path)));
  }

  function isFollowed(path: string, { modules }: Outline): boolean {
    return sources.size > 0 && modules.some((one) => sources.has(index.resolve(path, one) ?? ""));
  }
}

/** Kinds whose facts are looked for once their service is asked about them, with these services. */
export function demanded(plan: Plan, index: Index): ReadonlyMap<FactKind<any>, ReadonlySet<string>> {
  const found = new Map(index.asked);
  for (const kind of plan.kinds) if (typeof kind.ts?.lazy === "object") found.set(kind, new Set(kind.ts.lazy.flatMap((beside) => index.list(beside).flatMap(({ service }) => service ?? []))));
  return found;
}

/** What a file says of itself, where a check may look at it. */
export type OutlineOf = (path: string) => Outline | undefined;

/** Asks of a file whether it mentions all but a library, and imports a module that imports that. Texts alone tell: nothing need be read for it. Asked once of the same file. */
export function nearness(plan: Plan, resolve: Resolve, outlineOf: OutlineOf, declared: readonly string[] | undefined): (path: string) => boolean {
  // Of most files their words alone tell, and most files of a kind have the same.
  const canBeNear = [false, true].map((markup) => once((words: Outline["words"]) => plan.meets(maybeNear(words), "ts", markup, declared)));
  return once((path: string) => {
    const words = outlineOf(path)?.words;
    if (!words || !canBeNear[isMarkup(path) ? 1 : 0]!(words)) return false;
    const one = importedBy([path]);
    const near = wordsOf(one);
    if (relevant(plan, path, withNear(words, near, new Set()), declared)) return true;
    return plan.scanner.far && relevant(plan, path, withNear(words, near, wordsOf(importedBy(one))), declared);
  });

  /** Modules of the workspace one import away; one that only passes others on is no step of its own. */
  function importedBy(paths: Iterable<string>): ReadonlySet<string> {
    const found = new Set<string>();
    for (const path of paths) for (const one of outlineOf(path)?.modules ?? []) add(found, path, one);
    for (const path of found) for (const one of outlineOf(path)?.passed ?? []) add(found, path, one);
    return found;
  }

  function wordsOf(paths: Iterable<string>): ReadonlySet<string> {
    return new Set([...paths].flatMap((path) => [...(outlineOf(path)?.words ?? [])]));
  }

  function add(to: Set<string>, path: string, module: string): void {
    const target = resolve(path, module);
    if (target !== undefined) to.add(target);
  }
}

/** A question, asked once of the same thing. */
function once<T>(ask: (of: T) => boolean): (of: T) => boolean {
  const known = new Map<T, boolean>();
  return (of) => known.get(of) ?? (known.set(of, ask(of)), known.get(of)!);
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
