// Fixes to text: every edit of a fix becomes a range and its new text, or the fix is refused as a whole. Writes nothing.

import { respell } from "./quantity.ts";
import { lowerYamlEdit } from "./yaml/edit.ts";
import { keepsFillings, standsApart } from "./yaml/template-edit.ts";
import { isChartTemplate } from "./yaml/template.ts";
import type { Edit, FileEdit, Fix, Span, YamlDocument } from "./types.ts";

type TextEdit = FileEdit["edits"][number];

/** What lowering may read: current texts, and YAML trees of them. */
export interface LowerInput {
  text(file: string): string | undefined;
  documents(file: string): readonly YamlDocument[];
  /** Every TypeScript path, for fixes that change signatures across files. */
  readonly paths: Iterable<string>;
}

/** Lowers a fix; undefined when one of its edits cannot be made safely, when edits overlap, or when a file is gone. */
export async function lower(fix: Fix, input: LowerInput): Promise<readonly FileEdit[] | undefined> {
  const lowered: TextEdit[] = [];
  for (const edit of fix.edits) {
    const one = "thread" in edit ? await (await import("./typescript/thread.ts")).threadEdits(edit.thread, input) : lowerOne(edit, input);
    if (!one) return undefined;
    lowered.push(...one);
  }
  return kept(byFile(lowered), input);
}

/** True when a fix can be lowered without loading a compiler. */
export function isEager(fix: Fix): boolean {
  return !fix.edits.some((edit) => "thread" in edit);
}

/** Lowers a fix that needs no compiler, at once. */
export function lowerEagerly(fix: Fix, input: Omit<LowerInput, "paths">): readonly FileEdit[] | undefined {
  const lowered: TextEdit[] = [];
  for (const edit of fix.edits) {
    const one = "thread" in edit ? undefined : lowerOne(edit, input);
    if (!one) return undefined;
    lowered.push(...one);
  }
  return kept(byFile(lowered), input);
}

/** Edits sorted by file and place, equal ones once; undefined when they overlap. */
function byFile(edits: readonly TextEdit[]): readonly FileEdit[] | undefined {
  const files = new Map<string, TextEdit[]>();
  for (const one of edits) {
    const list = files.get(one.at.file) ?? [];
    if (!list.some((other) => other.at.start === one.at.start && other.at.end === one.at.end && other.text === one.text)) files.set(one.at.file, [...list, one]);
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([file, list]) => ({ file, edits: list.sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end) }));
  return sorted.some(({ edits: list }) => overlaps(list)) ? undefined : sorted;
}

function lowerOne(edit: Exclude<Edit, { thread: unknown }>, input: Omit<LowerInput, "paths">): TextEdit[] | undefined {
  const place = "yaml" in edit ? edit.yaml : edit.at;
  const text = input.text(place.file);
  if (text === undefined || place.end > text.length) return undefined;
  const lowered = written(edit, place, text, input);
  return lowered && (!isChartTemplate(place.file) || !text.includes("{{") || standsApart(text, place.start, lowered)) ? lowered : undefined;
}

/** The edits of each file, undefined when those of a chart template together change what its actions fill. */
function kept(files: readonly FileEdit[] | undefined, input: Omit<LowerInput, "paths">): readonly FileEdit[] | undefined {
  const changes = files?.some(({ file, edits }) => isChartTemplate(file) && !keepsFillings(file, input.text(file)!, input.documents(file), edits));
  return changes ? undefined : files;
}

function written(edit: Exclude<Edit, { thread: unknown }>, place: Span, text: string, input: Omit<LowerInput, "paths">): TextEdit[] | undefined {
  if ("yaml" in edit) return lowerYamlEdit(text, input.documents(place.file), edit)?.map((one) => ({ ...one, at: { ...one.at, file: place.file } }));
  if ("text" in edit) return [{ at: edit.at, text: edit.text }];
  const old = text.slice(place.start, place.end);
  const isCode = /\.[cm]?[jt]sx?$/.test(place.file);
  // A bare number in YAML is of a unit that only its key knows.
  if (!isCode && /^["']?\d+["']?$/.test(old)) return undefined;
  const spelled = respell(old, edit.duration) ?? (isCode ? grouped(edit.duration) : undefined);
  return spelled === undefined ? undefined : [{ at: place, text: spelled }];
}

/** Milliseconds as TypeScript writes them: `25_000`. */
export function grouped(ms: number): string {
  return String(ms).replace(/\B(?=(\d{3}){1,7}$)/g, "_");
}

function overlaps(edits: readonly { readonly at: Span }[]): boolean {
  return edits.some((one, index) => index > 0 && one.at.start < edits[index - 1]!.at.end);
}
