// Question: does a handler commit or acknowledge a message before it awaits the work on it? Looks at one block of statements.

import { callOf, keepsBooks, payloadOf } from "./kafka-payload.ts";
import type { MessageHandler } from "./message-handler.ts";
import { ts, type AwaitExpression, type Block, type CallExpression, type Node, type Statement } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";

/** The last statement of work behind a commit that has none before it; undefined when the call is no such commit. */
export function isOrdered(file: TsFile, handler: MessageHandler, call: CallExpression): Statement | undefined {
  if (!isCommit(file, handler, call)) return undefined;
  const statement = ts.isAwaitExpression(call.parent) ? call.parent.parent : call.parent;
  if (!ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent)) return undefined;
  const { statements } = statement.parent as Block;
  const scope = scopeOf(statement, handler);
  if (nodes(file, ts.SyntaxKind.AwaitExpression).some((one) => one.pos >= scope.pos && one.end <= statement.pos && isWork(file, handler, one))) return undefined;
  const later = statements.slice(statements.indexOf(statement) + 1).filter((one) => holdsWork(file, handler, one));
  return later[later.length - 1];
}

/** `resolveOffset` and `commitOffsets` of kafkajs, `ack` of a channel. */
function isCommit(file: TsFile, handler: MessageHandler, call: CallExpression): boolean {
  if (enclosingFunction(call) !== handler.function) return false;
  const method = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : undefined;
  if (handler.queue === "amqplib") return method === "ack";
  if (handler.queue !== "kafka") return false;
  return method === "commitOffsets" || payloadOf(file, handler.function).uses("resolveOffset").some((use) => callOf(use) === call);
}

/** True when a message is committed although what stands before `position` is not done: Kafka by itself, unless that is switched off. */
export function commitsBehind(file: TsFile, handler: MessageHandler, position: number): boolean {
  const behind = handler.inner ? file.text : file.text.slice(position, handler.function.end);
  if (handler.queue === "amqplib") return /\.ack\(/.test(behind);
  return !/autoCommit:\s*false|["']enable\.auto\.commit["']:\s*false/.test(file.text) || /commit(Offsets|OffsetsIfNecessary|Message)\(/.test(behind);
}

/** The turn of the loop that a statement belongs to, else the whole handler. */
function scopeOf(node: Node, handler: MessageHandler): Node {
  for (let up = node.parent; up !== handler.function && up.parent; up = up.parent) if (ts.isIterationStatement(up, false)) return up.statement;
  return handler.function;
}

function holdsWork(file: TsFile, handler: MessageHandler, statement: Node): boolean {
  return nodes(file, ts.SyntaxKind.AwaitExpression).some((one) => one.pos >= statement.pos && one.end <= statement.end && isWork(file, handler, one));
}

/** An `await` of the handler itself that is more than bookkeeping. */
export function isWork(file: TsFile, handler: MessageHandler, node: Node): boolean {
  if (enclosingFunction(node) !== handler.function) return false;
  return !keepsBooks(file, { function: handler.function }, (node as AwaitExpression).expression) && !/^await\s+[\w$.]*\b(sleep|delay|wait|log\w*)\(/i.test(node.getText());
}
