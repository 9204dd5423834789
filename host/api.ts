// The documented Node API: lint a folder on disk, or texts in memory. docs/api.md shows it.

import { resolve } from "node:path";
import { analyse } from "../engine/analyse.ts";
import type { Linted } from "../engine/lint.ts";
import { render } from "../engine/message.ts";
import { packs } from "../rules/packs/index.ts";
import { lineStarts, position, type Position } from "./lines.ts";
import { openSession } from "./session.ts";
import type { Profile, Severity, Span } from "../engine/types.ts";

export { analyse, type AnalyseOptions } from "../engine/analyse.ts";
export { render } from "../engine/message.ts";
export { packs } from "../rules/packs/index.ts";
export { openSession, type Session, type SessionOptions } from "./session.ts";
export type * from "../engine/types.ts";

/** What to lint: a folder on disk, or texts by path (`/` between folders), among them package.json and pitlint.yaml where there are. */
export type LintWorkspace = { readonly folder: string } | { readonly files: Readonly<Record<string, string>> | ReadonlyMap<string, string> };

export interface LintWorkspaceOptions {
  /** Only these rules. */
  readonly only?: readonly string[];
  /** Instead of what pitlint.yaml says. */
  readonly profile?: Profile;
  /** Of a folder: use the cache on disk. On by default. */
  readonly cache?: boolean;
  /** Of a folder: longest time one file may take (ms). */
  readonly watchdogMs?: number;
}

/** A place with its lines. `file` is a path of the workspace. */
export interface Place {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

export interface WorkspaceFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: Place;
  readonly related: readonly { readonly at: Place; readonly message: string }[];
  /** The same in every run, also after lines were moved. */
  readonly fingerprint: string;
}

export interface LintedWorkspace {
  readonly findings: readonly WorkspaceFinding[];
  /** What kept part of the input from being analysed, and what is wrong with the configuration. */
  readonly problems: readonly { readonly kind: string; readonly file: string; readonly at?: Place; readonly message: string }[];
  /** False when part of the input was not analysed. */
  readonly complete: boolean;
}

/** Lints a workspace once. Writes nothing but the cache. */
export async function lint(workspace: LintWorkspace, { only, profile, cache, watchdogMs }: LintWorkspaceOptions = {}): Promise<LintedWorkspace> {
  const wanted = { ...(only ? { only } : {}), ...(profile ? { profile } : {}) };
  if ("files" in workspace) {
    const files: ReadonlyMap<string, string> = workspace.files instanceof Map ? workspace.files : new Map(Object.entries(workspace.files));
    return shaped(analyse(files, { packs, ...wanted }), (path) => files.get(path));
  }
  const session = await openSession({ root: resolve(workspace.folder), watchdogMs: watchdogMs ?? 20_000, cache: cache !== false, ...wanted });
  try {
    return shaped(session.result, (path) => session.text(path));
  } finally {
    await session.close();
  }
}

function shaped({ diagnostics, problems, complete }: Linted, text: (path: string) => string | undefined): LintedWorkspace {
  const lines = new Map<string, readonly number[]>();
  const place = ({ file, start, end }: Span): Place => {
    const starts = lines.get(file) ?? lineStarts(text(file) ?? "");
    lines.set(file, starts);
    return { file, start: position(starts, start), end: position(starts, end) };
  };
  return {
    findings: diagnostics.map((one) => ({
      rule: one.rule, severity: one.severity, message: render(one.message), at: place(one.at),
      related: (one.related ?? []).map((other) => ({ at: place(other.at), message: render(other.message) })), fingerprint: one.fingerprint,
    })),
    problems: problems.map((one) => ({ kind: one.kind, file: one.file, ...(one.at ? { at: place(one.at) } : {}), message: one.message })),
    complete,
  };
}
