// Question: which listeners of a file wait for an inherited signal to abort, in functions that never ask whether it already has?

import { ts, type BinaryExpression, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node, type ObjectLiteralElementLike, type ObjectLiteralExpression } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { carriers, carries, signalAt, type SignalSource } from "../../engine/typescript/signal.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { Edit, Span } from "../../engine/types.ts";

export interface AbortListener {
  readonly at: Span;
  /** How the signal is written there. */
  readonly signal: string;
  /** Asks the signal before; undefined where a throw would not be seen as a rejection. */
  readonly edit?: Edit;
}

/** Listeners that an aborted signal never calls. */
export function* missedAborts(file: TsFile): Iterable<AbortListener> {
  for (const { node, receiver } of listeners(file)) {
    const source = signalAt(file, node);
    if (!source || source.kind === "framework" || !carries(file, receiver, source) || isAsked(file, source) || isFresh(file, node, source)) continue;
    const edit = asking(file, node, receiver);
    const signal = receiver.getText();
    yield { at: span(ts.isCallExpression(node) ? node.expression : (node as BinaryExpression).left), signal: /^[\w$.?]{1,40}$/.test(signal) ? signal.replace("?.", ".") : "signal", ...(edit ? { edit } : {}) };
  }
}

/** The signal of a request that has just come in: nothing was awaited yet. */
function isFresh(file: TsFile, node: Node, source: SignalSource): boolean {
  return /^(req|request|c|ctx)$/i.test(source.name) && !nodes(file, ts.SyntaxKind.AwaitExpression).some((one) => one.end <= node.pos && enclosingFunction(one) === source.function);
}

/** `signal.addEventListener("abort", ...)` and `signal.onabort = ...`. */
function* listeners(file: TsFile): Iterable<{ node: Node; receiver: Expression }> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const [event] = call.arguments;
    if (ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === "addEventListener" && event && ts.isStringLiteralLike(event) && event.text === "abort") yield { node: call, receiver: call.expression.expression };
  }
  for (const one of nodes<BinaryExpression>(file, ts.SyntaxKind.BinaryExpression))
    if (one.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isPropertyAccessExpression(one.left) && one.left.name.text === "onabort" && one.right.kind !== ts.SyntaxKind.NullKeyword) yield { node: one, receiver: one.left.expression };
}

/** The function asks the signal somewhere, or hands it to something that does. */
function isAsked(file: TsFile, source: SignalSource): boolean {
  return carriers(file, source).some((use) => {
    let node = use;
    for (; ; node = node.parent) {
      const { parent } = node;
      if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
        if (/^(aborted|throwIfAborted)$/.test(parent.name.text)) return true;
        if (parent.name.text === source.key) continue;
        return false;
      }
      if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== node;
      if (ts.isShorthandPropertyAssignment(parent) || ts.isPropertyAssignment(parent) || ts.isSpreadAssignment(parent)) return !isOverwritten(parent, source.key ?? "signal");
      if (!(ts.isArrayLiteralExpression(parent) || ts.isConditionalExpression(parent) || ts.isBinaryExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent) || ts.isSpreadElement(parent))) return false;
      // A comparison or a condition asks whether there is a signal, no more.
      if (ts.isConditionalExpression(parent) && parent.condition === node) return false;
    }
  });
}

/** A later property of the literal takes its place. */
function isOverwritten(property: ObjectLiteralElementLike, signal: string): boolean {
  const { properties } = property.parent as ObjectLiteralExpression;
  const key = property.name ? keyText(property.name) : signal;
  return properties.slice(properties.indexOf(property) + 1).some((one) => one.name !== undefined && keyText(one.name) === key);
}

function asking(file: TsFile, node: Node, receiver: Expression): Edit | undefined {
  let statement: Node = node;
  while (statement.parent && !ts.isStatement(statement)) statement = statement.parent;
  const owner = enclosingFunction(node);
  if (!owner || !ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent) || !rejects(owner)) return undefined;
  const access = ts.isCallExpression(node) ? node.expression : (node as BinaryExpression).left;
  const mark = ts.isPropertyAccessExpression(access) && access.questionDotToken ? "?." : ".";
  const start = statement.getStart();
  const text = `${receiver.getText()}${mark}throwIfAborted()${statement.getText().endsWith(";") ? ";" : ""}${lineBreak(file)}${indentOf(file, start)}`;
  return { at: { file: "", start, end: start }, text };
}

/** What it throws becomes a rejection: async functions, and executors of promises. */
function rejects(owner: FunctionLikeDeclaration): boolean {
  if (ts.canHaveModifiers(owner) && ts.getModifiers(owner)?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword)) return true;
  return ts.isNewExpression(owner.parent) && owner.parent.expression.getText() === "Promise" && owner.parent.arguments?.[0] === owner;
}
