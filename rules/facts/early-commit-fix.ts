// Question: which text makes a handler finish its work before the message is committed? Undefined where the text has no place for it.

import type { MessageHandler } from "./message-handler.ts";
import { ts, type CallExpression, type CatchClause, type FunctionLikeDeclaration, type Node, type Statement } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { visible } from "../../engine/typescript/scope.ts";
import { indentUnit, linesOf } from "../../engine/typescript/wrap.ts";
import type { Edit } from "../../engine/types.ts";

const insert = (at: number, text: string): Edit => ({ at: { file: "", start: at, end: at }, text });

/** `await` before the call. */
export function awaiting({ function: fn }: MessageHandler, call: CallExpression): readonly Edit[] | undefined {
  const mark = enclosingFunction(call) === fn && call.parent && ts.isExpressionStatement(call.parent) ? asynchronous(fn) : undefined;
  return mark && [...mark, insert(call.getStart(), "await ")];
}

/** `await Promise.all(messages.map(async ...))`. */
export function collecting({ function: fn }: MessageHandler, call: CallExpression): readonly Edit[] | undefined {
  const mark = enclosingFunction(call) === fn ? asynchronous(fn) : undefined;
  const callee = call.expression;
  if (!mark || !ts.isPropertyAccessExpression(callee)) return undefined;
  const awaited = ts.isAwaitExpression(call.parent);
  const name: Edit[] = callee.name.text === "map" ? [] : [{ at: { file: "", start: callee.name.getStart(), end: callee.name.end }, text: "map" }];
  return [...mark, insert(call.getStart(), awaited ? "Promise.all(" : "await Promise.all("), ...name, insert(call.end, ")")];
}

/** Nothing for a function that is async, `async` for one that can be. */
function asynchronous(fn: FunctionLikeDeclaration): readonly Edit[] | undefined {
  const modifiers = ts.canHaveModifiers(fn) ? (ts.getModifiers(fn) ?? []) : [];
  if (modifiers.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword)) return [];
  if (modifiers.length > 0 || fn.type || fn.asteriskToken || !(ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) || ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn))) return undefined;
  return ts.isMethodDeclaration(fn) && (ts.getDecorators(fn) ?? []).length > 0 ? undefined : [insert(fn.getStart(), "async ")];
}

/** `throw error` at the end of a catch. */
export function rethrown(file: TsFile, clause: CatchClause): readonly Edit[] | undefined {
  const { block, variableDeclaration: declared } = clause;
  const last = block.statements[block.statements.length - 1];
  if (declared && !ts.isIdentifier(declared.name)) return undefined;
  if (last && !ts.isExpressionStatement(last)) return undefined;
  const name = declared ? declared.name.getText() : "error";
  if (!declared && visible(file, block, "error")) return undefined;
  const edits: Edit[] = declared ? [] : [insert(block.getStart(), `(${name}) `)];
  const end = last ? (last.getText().endsWith(";") ? ";" : "") : /;[ \t]*\r?\n/.test(file.text) ? ";" : "";
  if (last && !file.text.slice(block.getStart(), last.getStart()).includes("\n")) return [...edits, insert(last.end, ` throw ${name}${end}`)];
  if (last) return [...edits, insert(last.end, `${lineBreak(file)}${indentOf(file, last.getStart())}throw ${name}${end}`)];
  const outer = indentOf(file, clause.getStart());
  const gap = lineBreak(file);
  return [...edits, { at: { file: "", start: block.getStart(), end: block.end }, text: `{${gap}${outer}${indentUnit(file, clause.parent)}throw ${name}${end}${gap}${outer}}` }];
}

/** The commit, written behind the work. */
export function moved(file: TsFile, call: CallExpression, work: Statement): readonly Edit[] | undefined {
  const statement: Node = ts.isAwaitExpression(call.parent) ? call.parent.parent : call.parent;
  const lines = linesOf(file, statement);
  if (!lines || !linesOf(file, work) || ts.isReturnStatement(work)) return undefined;
  return [
    { at: { file: "", start: lines.start, end: lines.end }, text: "" },
    insert(work.end, `${lineBreak(file)}${indentOf(file, statement.getStart())}${statement.getText()}`),
  ];
}
