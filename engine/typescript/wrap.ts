// Text of statements that move one level deeper, in the layout of the file. Writes nothing.

import { ts, type Node } from "./compiler.ts";
import { indentOf, lineBreak } from "./option.ts";
import type { TsFile } from "./parse.ts";
import type { Span } from "../types.ts";

/** One level of indentation, as the block around a statement has it. */
export function indentUnit(file: TsFile, statement: Node): string {
  const own = indentOf(file, statement.getStart());
  const outer = indentOf(file, statement.parent.parent?.getStart() ?? 0);
  const step = own.startsWith(outer) ? own.slice(outer.length) : "";
  return step || (own.includes("\t") ? "\t" : "  ");
}

/** End of the line on which a statement ends; undefined when another statement stands on it. */
export function lineEnd(file: TsFile, statement: Node): number | undefined {
  const rest = /^[ \t]*(\/\/[^\r\n]*)?(?=\r?\n|$)/.exec(file.text.slice(statement.end));
  return rest ? statement.end + rest[0].length : undefined;
}

/** A part of the text that is written differently. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The whole lines of a statement; undefined when something else shares them. */
export function linesOf(file: TsFile, statement: Node): Change | undefined {
  const start = statement.getStart() - indentOf(file, statement.getStart()).length;
  const end = lineEnd(file, statement);
  if (end === undefined || (start > 0 && file.text[start - 1] !== "\n")) return undefined;
  return { start: file.text[start - 2] === "\r" ? start - 2 : Math.max(0, start - 1), end, text: "" };
}

/** The text of a range of whole lines, one level deeper, with changes in it; texts in template literals stay as they are. */
export function deeper(file: TsFile, range: Span, unit: string, changes: readonly Change[] = []): string {
  const fixed = templates(file, range);
  let text = "";
  for (let at = range.start; at < range.end; ) {
    const change = changes.find((one) => one.start === at && one.end > at);
    if (change) {
      text += change.text;
      at = change.end;
      continue;
    }
    const char = file.text[at]!;
    text += char;
    at++;
    if (char === "\n" && !/[\r\n]/.test(file.text[at] ?? "\n") && !fixed.some((one) => at > one.start && at < one.end) && at < range.end) text += unit;
  }
  return text;
}

/** Ranges whose line starts belong to a value. */
function templates(file: TsFile, range: Span): readonly { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const kind of [ts.SyntaxKind.NoSubstitutionTemplateLiteral, ts.SyntaxKind.TemplateHead, ts.SyntaxKind.TemplateMiddle, ts.SyntaxKind.TemplateTail])
    for (const one of file.byKind.get(kind) ?? []) if (one.getStart() >= range.start && one.end <= range.end) found.push({ start: one.getStart(), end: one.end });
  return found;
}

/** `try { ... } finally { last }` around the lines from `start` to `end`, below a statement with this indentation. */
export function tryFinally(file: TsFile, body: string, indent: string, unit: string, last: string, handler = ""): string {
  const gap = lineBreak(file) + indent;
  return `${gap}try {${body}${gap}}${handler} finally {${gap}${unit}${last}${gap}}`;
}
