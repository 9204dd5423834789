// Judges the edits of one operation by parsing the changed text again: exactly the intended data, every other character unchanged.

import { isDeepStrictEqual } from "node:util";
import type { YamlDocument } from "../../engine/types.ts";
import type { ParsedYaml } from "../../engine/yaml/parse.ts";
import type { Outcome } from "./yaml-operations.ts";
import { apply, plainAll } from "./yaml-plain.ts";

/** What is wrong with the edits of an operation that did not refuse; undefined when nothing is. */
export function faultOf(text: string, documents: readonly YamlDocument[], { edits = [], expected, loses }: Outcome, read: (text: string) => ParsedYaml): string | undefined {
  if (edits.some(({ at }, index) => at.start > at.end || at.end > text.length || at.start < (edits[index - 1]?.at.end ?? 0))) return "edits overlap or are not sorted";
  const after = apply(text, edits);
  const again = read(after);
  if (again.problems.length > 0) return `does not parse: ${again.problems[0]?.message}`;
  if (!isDeepStrictEqual(plainAll(again.documents), expected(documents))) return "other data";
  const brings = (eol: RegExp) => eol.test(after) && !eol.test(text) && /[\r\n]/.test(text);
  if (brings(/(?<!\r)\n/) || brings(/\r\n/) || brings(/\r(?!\n)/)) return "other line ends";
  const lost = edits.find(({ at }) => at.start < at.end && !loses.some(({ start, end }) => start <= at.start && at.end <= end) && !isMovedUp(text, at, loses));
  return lost ? `loses ${JSON.stringify(text.slice(lost.at.start, lost.at.end))}` : undefined;
}

/** A pair behind a dash goes with the blanks in front of the next one, which takes its place. */
function isMovedUp(text: string, at: { readonly start: number; readonly end: number }, loses: Outcome["loses"]): boolean {
  return loses.some(({ start, end }) => start <= at.start && text.slice(end, at.end).trim() === "");
}
