// Question: which text runs a transaction of pool statements on one connection? Takes one, uses it, rolls back and releases.

import type { TransactionCall } from "./pool-statement.ts";
import { ts, type Block, type Node, type PropertyAccessExpression, type Statement } from "../../engine/typescript/compiler.ts";
import { quoteOf } from "../../engine/typescript/import-slot.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { visible } from "../../engine/typescript/scope.ts";
import { deeper, indentUnit, lineEnd, tryFinally, type Change } from "../../engine/typescript/wrap.ts";
import type { Edit } from "../../engine/types.ts";

/** The edits; `client` is the name of the connection and the expression that takes it, `%` being the pool. */
export function poolTransactionFix(file: TsFile, calls: readonly TransactionCall[], client: readonly [name: string, text: string]): readonly Edit[] | undefined {
  const [first] = calls;
  if (!first || first.kind !== "begin" || calls.some((one) => !ts.isAwaitExpression(one.node.parent) || !/^(query|execute)$/.test(one.method))) return undefined;
  const pool = first.receiver.getText();
  const name = freeName(file, first.node, client[0]);
  const path = blocksOf(first.node).find(({ block }) => calls.every((one) => one.node.pos >= block.pos && one.node.end <= block.end));
  if (!name || !path) return undefined;
  const { block, child } = path;
  const [last] = calls.slice(-1);
  const whole = ts.isTryStatement(child) && last!.node.end <= child.end;
  const ending = whole ? child : block.statements[block.statements.length - 1]!;
  const swaps = receivers(file, pool, child.getStart(), ending.end, name);
  const start = child.getStart() - indentOf(file, child.getStart()).length;
  const end = lineEnd(file, ending);
  if (!swaps || end === undefined || (start > 0 && file.text[start - 1] !== "\n")) return undefined;
  const indent = indentOf(file, child.getStart());
  const unit = indentUnit(file, child);
  const gap = lineBreak(file);
  const mark = ts.isExpressionStatement(first.node.parent.parent) && !first.node.parent.parent.getText().endsWith(";") ? "" : ";";
  const take = `const ${name} = ${client[1].replace("%", pool)}${mark}`;
  const release = `${name}.release()${mark}`;
  const rolledBack = calls.some((one) => one.kind === "rollback");
  if (whole && ts.isTryStatement(child)) {
    if (child.finallyBlock || !rolledBack) return undefined;
    return [
      { at: { file: "", start: child.getStart(), end: child.getStart() }, text: take + gap + indent },
      ...swaps.map((one) => ({ at: { file: "", start: one.start, end: one.end }, text: one.text })),
      { at: { file: "", start: child.end, end: child.end }, text: ` finally {${gap}${indent}${unit}${release}${gap}${indent}}` },
    ];
  }
  const quote = quoteOf(file);
  const lines = [`await ${name}.query(${quote}ROLLBACK${quote})${mark}`, `throw error${mark}`].map((line) => gap + indent + unit + line);
  const handler = rolledBack ? "" : ` catch (error) {${lines.join("")}${gap}${indent}}`;
  const from = start - (file.text[start - 2] === "\r" ? 2 : 1);
  if (from < 0) return undefined;
  const body = deeper(file, { file: "", start: from, end }, unit, swaps);
  return [{ at: { file: "", start: from, end }, text: gap + indent + take + tryFinally(file, body, indent, unit, release, handler) }];
}

/** The connection's name, where nothing else has it. */
function freeName(file: TsFile, at: Node, name: string): string | undefined {
  return [name, "connection", "dedicated"].find((one) => !visible(file, at, one) && !nodes(file, ts.SyntaxKind.Identifier).some((other) => ts.isIdentifier(other) && other.text === one && ts.isVariableDeclaration(other.parent)));
}

/** Blocks around a node inside its function, innermost first, each with the statement that leads there. */
function blocksOf(node: Node): readonly { block: Block; child: Statement }[] {
  const found: { block: Block; child: Statement }[] = [];
  for (let up: Node = node; up.parent && !ts.isFunctionLike(up); up = up.parent) if (ts.isBlock(up.parent) && ts.isStatement(up)) found.push({ block: up.parent, child: up });
  return found;
}

/** The pool in `pool.query(...)`, written as the connection; undefined when the range uses the pool for anything else. */
function receivers(file: TsFile, pool: string, start: number, end: number, name: string): readonly Change[] | undefined {
  const changes: Change[] = [];
  const inside = (one: Node) => one.getStart() >= start && one.end <= end;
  for (const one of nodes<PropertyAccessExpression>(file, ts.SyntaxKind.PropertyAccessExpression))
    if (inside(one) && one.expression.getText() === pool && /^(query|execute)$/.test(one.name.text) && ts.isCallExpression(one.parent) && one.parent.expression === one)
      changes.push({ start: one.expression.getStart(), end: one.expression.end, text: name });
  const root = pool.split(".").pop()!;
  const uses = nodes(file, ts.SyntaxKind.Identifier).filter((one) => inside(one) && ts.isIdentifier(one) && one.text === root && one.getStart() + root.length === one.end);
  return uses.length === changes.length ? changes : undefined;
}
