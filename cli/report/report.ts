// What every report format gets: the result of a run, the texts it speaks about, and fixes lowered to text.

import { lowerEagerly } from "../../engine/lower.ts";
import { position, lineStarts } from "../../host/lines.ts";
import type { Diagnostic, FileEdit, Fix, LintResult, Problem, Profile, Rule, Severity, Span, YamlDocument } from "../../engine/types.ts";

export interface Report {
  readonly result: LintResult;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly version: string;
  text(path: string): string | undefined;
  documents(path: string): readonly YamlDocument[];
  /** Path as the user sees it: relative to the working directory, with `/`. */
  display(path: string): string;
  basis?(): Basis;
  /** Name of the service that a finding speaks about; undefined when nothing links it. */
  service(one: Diagnostic): string | undefined;
  /** The baseline that findings were compared with, as the user sees it. */
  readonly baseline?: string;
  /** What is suppressed is listed, where a format can. */
  readonly listsSuppressed?: boolean;
}

/** What a result rests on, so that a later run can tell what changed. */
export interface Basis {
  /** Paths as they were given. */
  readonly paths: readonly string[];
  /** Only these rules ran. */
  readonly rules?: readonly string[];
  readonly profile: Profile;
  /** Version of each pack, as the outermost configuration pins it. */
  readonly packs: Readonly<Record<string, string>>;
  /** Hash of each pitlint.yaml. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Hash of each file that was parsed. */
  readonly files: Readonly<Record<string, string>>;
  /** Versions of the declared dependencies that are known, by package folder. */
  readonly libraries: Readonly<Record<string, Readonly<Record<string, string>>>>;
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

/** What stopped part of the analysis, and what the user must know. An incomplete run has at least one that says so. */
export function problemsOf({ problems, complete }: LintResult): readonly Problem[] {
  if (complete || problems.some((one) => one.incomplete)) return problems;
  return [...problems, { kind: "unreadable", file: ".", message: "the workspace changed while it was read; run pitlint again", incomplete: true }];
}

/** How a problem is called in front of its message. */
export function problemWord({ incomplete, kind }: Problem): string {
  return incomplete ? "incomplete" : kind === "config" || kind === "suppression" ? kind : "note";
}

/** A problem that changes the exit code is an error, another a warning. */
export function problemSeverity({ incomplete, kind }: Problem): "error" | "warning" {
  return incomplete || kind === "config" ? "error" : "warning";
}

/** That part of the input was not analysed, in one sentence; undefined when all of it was. */
export function incompleteNote(result: LintResult): string | undefined {
  if (result.complete) return undefined;
  return `incomplete: ${plural(new Set(problemsOf(result).filter((one) => one.incomplete).map((one) => one.file)).size, "file")} not fully analysed`;
}

/** Findings that the report leaves out, with the reason: a short list must not look like a clean system. */
export function leftOut({ summary }: Pick<LintResult, "summary">): readonly string[] {
  return [
    ...(summary.unchanged ? [`${plural(summary.unchanged, "finding")} on what has not changed`] : []),
    ...(summary.baselined ? [`${summary.baselined} in the baseline`] : []),
    ...(summary.stale ? [`${summary.stale} in the baseline that nobody finds any more (pitlint baseline --prune)`] : []),
    ...(summary.suppressed ? [`${summary.suppressed} suppressed`] : []),
  ];
}

/** How many findings there are of each severity that occurs, worst first. */
export function counts(diagnostics: readonly Diagnostic[]): readonly (readonly [severity: Severity, said: string])[] {
  return (["error", "warning", "info", "hint"] as const).map((one) => [one, diagnostics.filter((other) => other.severity === one).length] as const).filter(([, number]) => number > 0).map(([one, number]) => [one, plural(number, one)]);
}

export function plural(number: number, one: string, many = one === "info" ? one : `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Control characters, line ends and text-direction overrides of a file must reach neither a terminal nor a reader. */
export function printable(line: string): string {
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
