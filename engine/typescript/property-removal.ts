// Which range of text takes a property out of an object literal, comma and line included? Only says where; writes nothing.

import { ts, type Node, type ObjectLiteralExpression } from "./compiler.ts";
import { indentOf, isClosed } from "./option.ts";
import type { TsFile } from "./parse.ts";
import type { Span } from "../types.ts";

/** The range to delete. Ranges of neighbours never overlap when `leaving` names all that go. */
export function propertyRemoval(file: TsFile, property: Node, leaving: ReadonlySet<Node>): Span | undefined {
  const literal = property.parent;
  if (!ts.isObjectLiteralExpression(literal) || !isClosed(file, literal as ObjectLiteralExpression)) return undefined;
  const list = (literal as ObjectLiteralExpression).properties;
  const index = list.findIndex((one) => one === property);
  const [before, next] = [list[index - 1], list[index + 1]];
  if (list.length === 1) return { file: "", start: literal.getStart() + 1, end: literal.end - 1 };
  const indent = property.getStart() - indentOf(file, property.getStart()).length;
  const rest = /^[ \t]*(?:,[ \t]*)?(\/\/[^\r\n]*)?(\r?\n|$)/.exec(file.text.slice(property.end));
  const ownLine = rest !== null && (indent === 0 || file.text[indent - 1] === "\n");
  if (ownLine && (next || list.hasTrailingComma || leaving.has(before!))) return { file: "", start: indent, end: property.end + rest[0].length };
  if (next) return { file: "", start: property.getStart(), end: next.getStart() };
  return { file: "", start: before && !leaving.has(before) ? before.end : property.getStart(), end: property.end };
}
