// Question: which text ends a span on every path? Puts what follows its start into `try` and the end into `finally`.

import { checkoutFix } from "./checkout-fix.ts";
import { ts, type Block, type CallExpression, type Node, type VariableDeclaration } from "../../engine/typescript/compiler.ts";
import { indentOf } from "../../engine/typescript/option.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { deeper, indentUnit, lineEnd, linesOf, tryFinally } from "../../engine/typescript/wrap.ts";
import type { Edit } from "../../engine/types.ts";

/** For a span that a variable holds; undefined where the shape of the function does not allow it. */
export function endHeld(file: TsFile, call: CallExpression, declared: VariableDeclaration, name: string, ends: readonly CallExpression[]): readonly Edit[] | undefined {
  return ends.every((one) => isPlain(one, name)) ? checkoutFix(file, call, declared, ends, `${name}.end()`, "open") : undefined;
}

/** For a span that a callback is given: the whole body goes into the `try`. */
export function endGiven(file: TsFile, body: Block, name: string, ends: readonly CallExpression[]): readonly Edit[] | undefined {
  const [first] = body.statements;
  const last = body.statements[body.statements.length - 1];
  const start = body.getStart() + 1;
  const end = last && lineEnd(file, last);
  if (!first || end === undefined || !/^[ \t]*\r?\n/.test(file.text.slice(start)) || !ends.every((one) => isPlain(one, name) && isStatement(one))) return undefined;
  const unit = indentUnit(file, first);
  const cuts = ends.flatMap((one) => linesOf(file, one.parent) ?? []);
  if (cuts.length < ends.length) return undefined;
  const text = deeper(file, { file: "", start, end }, unit, cuts);
  if (text.trim() === "") return undefined;
  return [{ at: { file: "", start, end }, text: tryFinally(file, text, indentOf(file, first.getStart()), unit, `${name}.end()${semicolonOf(file)}`) }];
}

/** `span.end()`: a chain before it or a time in it says more than the new text would. */
function isPlain(end: CallExpression, name: string): boolean {
  return end.arguments.length === 0 && /^[\w$]+\??\.end$/.test(end.expression.getText()) && end.expression.getText().startsWith(name);
}

/** A statement of a block, but not the last thing that keeps a `finally` from being empty. */
function isStatement(end: CallExpression): boolean {
  const statement: Node = end.parent;
  if (!ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent)) return false;
  return !(ts.isTryStatement(statement.parent.parent) && statement.parent.parent.finallyBlock === statement.parent && statement.parent.statements.length === 1);
}

function semicolonOf(file: TsFile): string {
  const statements = nodes(file, ts.SyntaxKind.ExpressionStatement);
  return statements.filter((one) => one.getText().endsWith(";")).length * 2 >= statements.length ? ";" : "";
}
