// What is known of one folder at one time: a result, and the texts and document versions it belongs to. It stays true while the next analysis runs.

import { byFile, positions, type Encoding, type Positions, type Shown } from "./convert.ts";
import type { Linted } from "../engine/lint.ts";
import type { Problem } from "../engine/types.ts";
import type { Folder } from "./folder.ts";

export interface View {
  readonly folder: Folder;
  readonly result: Linted;
  /** Versions of the open documents that the result is about, by URI. */
  readonly versions: ReadonlyMap<string, number>;
  shown(path: string): readonly Shown[];
  /** Problems that an editor shows in the file. */
  problems(path: string): readonly Problem[];
  /** Every file that has something to show. */
  files(): Iterable<string>;
  /** The text that the result is about. */
  text(path: string): string | undefined;
  positions(path: string): Positions;
  /** Called before files change: their texts stay what the result is about. */
  keep(paths: Iterable<string>): void;
}

/** A view of what a session found last. */
export function openView(folder: Folder, versions: ReadonlyMap<string, number>, encoding: Encoding): View {
  const { session } = folder;
  const { result } = session;
  // What the baseline accepts is not gone: it is there for who works on the line.
  const shown = byFile([...result.diagnostics, ...result.baselined.map((one) => ({ ...one, severity: "hint" as const }))]);
  const problems = new Map<string, Problem[]>();
  for (const one of result.problems) if (isShown(one)) problems.set(one.file, [...(problems.get(one.file) ?? []), one]);
  const kept = new Map<string, string | undefined>();
  const tables = new Map<string, Positions>();
  const view: View = {
    folder, result, versions,
    shown: (path) => shown.get(path) ?? [],
    problems: (path) => problems.get(path) ?? [],
    files: () => new Set([...shown.keys(), ...problems.keys()]),
    text: (path) => (kept.has(path) ? kept.get(path) : session.text(path)),
    positions(path) {
      const known = tables.get(path);
      if (known) return known;
      const table = positions(view.text(path) ?? "", encoding);
      tables.set(path, table);
      return table;
    },
    keep(paths) {
      for (const path of paths) if (!kept.has(path)) kept.set(path, session.text(path));
    },
  };
  return view;
}

/** What cannot be seen in the file itself: mistakes in pitlint's own words, and what was not analysed. Editors show syntax errors themselves. */
function isShown({ kind, file }: Problem): boolean {
  return file !== "" && ["config", "suppression", "timeout", "crash", "too-big", "too-deep", "undecodable", "rule-failed"].includes(kind);
}
