// What every report format gets: the result of a run, the texts it speaks about, and fixes lowered to text.

import { lowerEagerly } from "../../engine/lower.ts";
import { position, lineStarts } from "../../host/lines.ts";
import type { Fix, FileEdit, LintResult, Rule, Span, YamlDocument } from "../../engine/types.ts";

export interface Report {
  readonly result: LintResult;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly version: string;
  text(path: string): string | undefined;
  documents(path: string): readonly YamlDocument[];
  /** Path as the user sees it: relative to the working directory, with `/`. */
  display(path: string): string;
}

export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Turns offsets into positions; each file's line table is made once. */
export function ranges(report: Pick<Report, "text">): (at: Span) => Range {
  const tables = new Map<string, readonly number[]>();
  return (at) => {
    let table = tables.get(at.file);
    if (!table) tables.set(at.file, (table = lineStarts(report.text(at.file) ?? "")));
    return { start: position(table, at.start), end: position(table, at.end) };
  };
}

/** A fix as edits; undefined when it is made only on request or was refused. */
export function eagerEdits(report: Report, fix: Fix): readonly FileEdit[] | undefined {
  return lowerEagerly(fix, { text: report.text, documents: report.documents });
}

/** Page of a rule. */
export function ruleUrl(rule: string): string {
  return `https://github.com/pitlint/pitlint/blob/main/docs/rules/${rule}.md`;
}
