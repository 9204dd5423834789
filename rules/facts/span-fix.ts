// Question: how is the rest of a block put into a `try` that ends the span in its `finally`? Only for text that can be moved as it is.

import { ts, type Block, type CallExpression, type Node } from "../../engine/typescript/compiler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import type { Span } from "../../engine/types.ts";

/** A replacement of the statements after the span's start. */
export interface WrapEdit {
  readonly at: Span;
  readonly text: string;
}

/** Wraps the statements of a block from `first` on, and drops the calls that ended the span there. Undefined where that is not plain. */
export function endInFinally(file: TsFile, block: Block, first: number, span: string, ends: readonly CallExpression[]): WrapEdit | undefined {
  const rest = block.statements.slice(first);
  const [head] = rest;
  const last = rest[rest.length - 1];
  if (!head || !last || rest.some((one) => ts.isFunctionDeclaration(one) || ts.isClassDeclaration(one))) return undefined;
  const before = block.statements[first - 1];
  const start = head.getStart();
  // What stands beside other code on its line keeps no indentation of its own.
  if (!/\n[ \t]*$/.test(file.text.slice(before ? before.end : block.getStart() + 1, start)) || !/^\s*\n/.test(file.text.slice(last.end))) return undefined;
  const at = { file: "", start, end: last.end };
  if (hasOpenText(file, at)) return undefined;
  const cuts: Span[] = [];
  for (const end of ends) {
    const cut = wholeLine(file, end);
    if (!cut || end.arguments.length > 0 || cut.start < start - indentOf(file, start).length || isInFinally(end, block)) return undefined;
    cuts.push(cut);
  }
  let text = file.text.slice(start, last.end);
  for (const cut of [...cuts].sort((a, b) => b.start - a.start)) text = text.slice(0, Math.max(0, cut.start - start)) + text.slice(Math.min(cut.end, last.end) - start);
  if (text.trim() === "") return undefined;
  const indent = indentOf(file, start);
  const outer = indentOf(file, block.getStart());
  const step = (indent.startsWith(outer) && indent.slice(outer.length)) || "  ";
  const body = (indent + text.trim()).split(/\r?\n/).map((line) => (line.trim() === "" ? line : step + line));
  return { at, text: [`try {`, ...body, `${indent}} finally {`, `${indent}${step}${span}.end()${semicolonOf(file)}`, `${indent}}`].join(lineBreak(file)) };
}

function semicolonOf(file: TsFile): string {
  const statements = nodes(file, ts.SyntaxKind.ExpressionStatement);
  return statements.length === 0 || statements.filter((one) => one.getText().endsWith(";")).length * 2 >= statements.length ? ";" : "";
}

/** Template texts over several lines change when they are indented. */
function hasOpenText(file: TsFile, at: Span): boolean {
  const { NoSubstitutionTemplateLiteral, TemplateExpression } = ts.SyntaxKind;
  return [NoSubstitutionTemplateLiteral, TemplateExpression].some((kind) => nodes(file, kind).some((one) => one.pos >= at.start && one.end <= at.end && one.getText().includes("\n")));
}

/** The lines of `span.end();` where it is a statement of a block on a line of its own. */
function wholeLine(file: TsFile, end: CallExpression): Span | undefined {
  const statement = end.parent;
  if (!ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent) || !ts.isPropertyAccessExpression(end.expression) || !ts.isIdentifier(end.expression.expression)) return undefined;
  const lead = /\n[ \t]*$/.exec(file.text.slice(0, statement.getStart()));
  const tail = /^[ \t]*\r?\n/.exec(file.text.slice(statement.end));
  return lead && tail ? { file: "", start: lead.index + 1, end: statement.end + tail[0].length } : undefined;
}

function isInFinally(node: Node, block: Node): boolean {
  for (let up = node; up.parent && up !== block; up = up.parent) if (ts.isTryStatement(up.parent) && up.parent.finallyBlock === up) return true;
  return false;
}
