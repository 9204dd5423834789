// Where a part of a scalar's value stands in the file, so that a finding marks the window and not the whole expression. Reads trees only.

import type { Span, YamlScalar } from "../types.ts";

/**
 * The place of `value.slice(start, end)`. Undefined where the value is no copy of its text (folded lines, escapes, what a template gives) or where the part
 * spans several lines of a block: then only the whole scalar has a place, and nothing can be edited.
 */
export function placeIn(scalar: YamlScalar, start: number, end: number): Span | undefined {
  const { value, at, style, lines, source } = scalar;
  if (typeof value !== "string" || source) return undefined;
  if (style === "literal") return lines && inLines(value, at.file, lines, start, end);
  // Folding and escapes make the text longer than the value, so equal lengths mean equal texts.
  const quotes = style === "plain" ? 0 : 1;
  if (style === "folded" || at.end - at.start !== value.length + 2 * quotes) return undefined;
  return { file: at.file, start: at.start + quotes + start, end: at.start + quotes + end };
}

function inLines(value: string, file: string, lines: readonly number[], start: number, end: number): Span | undefined {
  const before = value.slice(0, start).split("\n");
  const line = lines[before.length - 1];
  if (line === undefined || value.slice(start, end).includes("\n")) return undefined;
  const from = line + before.at(-1)!.length;
  return { file, start: from, end: from + end - start };
}
