// Spans of plain data: those without a file are given one, and those of a file that was edited are moved. Computes only.

import type { Finding, Span } from "./types.ts";

/** A finding of a file: spans that name none lie in it. A rule reports only on the file it reads. */
export function placedFinding(finding: Finding, path: string): Finding {
  const at = place(finding.at, path);
  if (at.file !== path) throw new Error(`reports on ${at.file}, but was given ${path}`);
  return {
    ...finding, at,
    ...(finding.related ? { related: finding.related.map((one) => ({ ...one, at: place(one.at, path) })) } : {}),
    ...(finding.fixes ? { fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => placeEdit(edit, path)) })) } : {}),
  };
}

function placeEdit<T extends object>(edit: T, path: string): T {
  return Object.fromEntries(Object.entries(edit).map(([key, value]) => [key, isSpan(value) ? place(value, path) : Array.isArray(value) ? value.map((one) => (isSpan(one) ? place(one, path) : one)) : key === "thread" ? placeEdit(value, path) : value])) as T;
}

export const isSpan = (value: any): value is Span => value !== null && typeof value === "object" && "start" in value && "end" in value && "file" in value;
export const place = (at: Span, path: string): Span => (at.file === "" ? { ...at, file: path } : at);
