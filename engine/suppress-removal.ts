// Text without a suppression: the whole comment where nothing of it is left, else only the names of rules. Computes; changes nothing.

import { clauseOf } from "./suppress-clause.ts";
import { lineEnd, lineStart, nextLine } from "./yaml/lines.ts";
import type { Edit, Span } from "./types.ts";

/** Takes rules out of a suppression comment. */
export function withoutComment(text: string, at: Span, rules: ReadonlySet<string>): Edit {
  const comment = text.slice(at.start, at.end);
  const name = /pitlint-ignore[-\w]*/.exec(comment)!;
  const clause = at.start + name.index + name[0].length;
  const named = clauseOf(text.slice(clause, at.end), name[0]).rules;
  const left = named.filter(({ id }) => !rules.has(id));
  const last = named[named.length - 1];
  if (left.length > 0 && last) return { at: { file: at.file, start: clause + named[0]!.start, end: clause + last.start + last.id.length }, text: left.map(({ id }) => id).join(", ") };
  return { at: { file: at.file, ...wholeOf(text, at) }, text: "" };
}

/** The comment with its line, or with the blanks in front of it where code shares the line. */
function wholeOf(text: string, { start, end }: Span): { start: number; end: number } {
  const from = lineStart(text, start);
  const before = text.slice(from, start);
  const behind = text.slice(end, lineEnd(text, end));
  if (behind.trim() !== "") return { start, end };
  return before.trim() === "" ? { start: from, end: nextLine(text, end) } : { start: from + before.trimEnd().length, end };
}
