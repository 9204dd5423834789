// Question: which failures of processing does a handler log and forget? Only a catch around all of the work, that does nothing else, counts.

import { commitsBehind, isWork } from "./commit-order.ts";
import type { MessageHandler } from "./message-handler.ts";
import { isTelemetry } from "./telemetry-call.ts";
import { ts, type Block, type CatchClause, type Node, type Statement, type TryStatement } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { Span } from "../../engine/types.ts";

/** Catches of a handler that only log. */
export function* swallowsIn(file: TsFile, handler: MessageHandler): Iterable<{ readonly at: Span; readonly clause: CatchClause }> {
  if (handler.queue === "bullmq") return;
  for (const attempt of nodes<TryStatement>(file, ts.SyntaxKind.TryStatement)) {
    const clause = attempt.catchClause;
    if (!clause || enclosingFunction(attempt) !== handler.function || !isWhole(file, handler, attempt)) continue;
    if (!holdsWork(file, handler, attempt.tryBlock) || !onlyLogs(clause.block.statements) || isMeant(file, clause) || commits(attempt.tryBlock)) continue;
    if (/^(amqplib|kafka)$/.test(handler.queue) && !commitsBehind(file, handler, clause.end)) continue;
    const start = clause.getStart();
    yield { at: { file: "", start, end: start + file.text.slice(start, clause.block.getStart()).trimEnd().length }, clause };
  }
}

/** All work of the handler, or of one turn of its loop over messages, stands in the `try`. */
function isWhole(file: TsFile, handler: MessageHandler, attempt: TryStatement): boolean {
  const block = attempt.parent;
  if (!ts.isBlock(block)) return false;
  const owner = block.parent;
  const loop = ts.isIterationStatement(owner, false) && handler.kind !== "eachMessage" && /message|msg|record|event/i.test(file.text.slice(owner.getStart(), block.getStart())) && !/attempt|retr(y|ies)/i.test(file.text.slice(owner.getStart(), block.getStart()));
  return (owner === handler.function || loop) && !(block as Block).statements.some((one) => one !== attempt && holdsWork(file, handler, one));
}

function holdsWork(file: TsFile, handler: MessageHandler, outer: Node): boolean {
  return nodes(file, ts.SyntaxKind.AwaitExpression).some((one) => one.pos >= outer.pos && one.end <= outer.end && isWork(file, handler, one));
}

/** What is committed at the end of the `try` stays uncommitted when something throws. */
function commits(block: Block): boolean {
  return /\.(commitOffsets|ack)\(/.test(block.getText());
}

function onlyLogs(statements: readonly Statement[]): boolean {
  return statements.every((one) => {
    if (ts.isVariableStatement(one)) return !/await/.test(one.getText());
    if (ts.isReturnStatement(one)) return !one.expression;
    if (ts.isContinueStatement(one)) return true;
    if (ts.isIfStatement(one)) return onlyLogs([one.thenStatement, ...(one.elseStatement ? [one.elseStatement] : [])]);
    if (ts.isBlock(one)) return onlyLogs(one.statements);
    const call = ts.isExpressionStatement(one) ? bare(one.expression) : undefined;
    return call !== undefined && ts.isCallExpression(call) && isTelemetry(call.expression);
  });
}

/** The text says that the message is given up on purpose. */
function isMeant(file: TsFile, clause: CatchClause): boolean {
  return /skip|drop|ignor|discard|poison|best.?effort|at.most.once|deliberate|intention|on purpose|never retr|do(es)? not retr|don't retr|no retr|won't retr|dead.?letter|\bdlq\b/i.test(file.text.slice(clause.getStart(), clause.end));
}
