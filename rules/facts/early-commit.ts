// Fact: work of a message handler that is not done when the message is committed: not awaited, swallowed, or after the commit.

import { promiseOf, type Proof } from "./async-call.ts";
import { awaiting, collecting, moved, rethrown } from "./early-commit-fix.ts";
import type { KafkaSource } from "./kafka-client.ts";
import { commitsBehind, isOrdered } from "./commit-order.ts";
import { messageHandlerMentions, messageHandlers, type MessageHandler, type Queue } from "./message-handler.ts";
import { swallowsIn } from "./swallowed-failure.ts";
import { isTelemetry } from "./telemetry-call.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { calleeText } from "../../engine/typescript/outlive.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { Edit, Fact, FactKind } from "../../engine/types.ts";

export interface EarlyCommit {
  readonly is: "unawaited" | "detached" | "each" | "swallowed" | "order";
  readonly queue: Queue;
  readonly of?: KafkaSource;
  /** What a reader calls the call. */
  readonly callee: string;
  /** Why the call gives a promise. */
  readonly proof?: Proof;
  readonly edits?: readonly Edit[];
}

export const earlyCommit: FactKind<EarlyCommit> = {
  id: "early-commit",
  title: "Message committed before it is processed",
  ts: {
    serverOnly: true,
    mentions: messageHandlerMentions,
    *find(file) {
      const handlers = messageHandlers(file);
      for (const handler of handlers) {
        for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
          if (call.pos < handler.function.pos || call.end > handler.function.end) continue;
          const found = ofEach(file, handler, call) ?? ofCall(file, handler, call) ?? ofOrder(file, handler, call);
          if (found) yield found;
        }
        for (const { at, clause } of swallowsIn(file, handler)) {
          const edits = rethrown(file, clause);
          yield { at, value: { is: "swallowed", queue: handler.queue, ...library(handler), callee: "", ...(edits ? { edits } : {}) } };
        }
      }
    },
  },
};

const library = ({ of }: MessageHandler) => (of ? { of } : {});

/** `messages.forEach(async ...)`, or `map` whose promises nobody takes. */
function ofEach(file: TsFile, handler: MessageHandler, call: CallExpression): Fact<EarlyCommit> | undefined {
  const callee = call.expression;
  const [callback] = call.arguments;
  if (!ts.isPropertyAccessExpression(callee) || !/^(forEach|map)$/.test(callee.name.text) || !callback || !isOwn(call, handler)) return undefined;
  const inner = bare(callback);
  if (!(ts.isArrowFunction(inner) || ts.isFunctionExpression(inner)) || !inner.modifiers?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword)) return undefined;
  const dropped = ts.isExpressionStatement(call.parent) || (callee.name.text === "forEach" && ts.isAwaitExpression(call.parent));
  if (!dropped || !commitsAfter(file, handler, call)) return undefined;
  const edits = collecting(handler, call);
  return { at: span(callee), value: { is: "each", queue: handler.queue, ...library(handler), callee: callee.name.text, ...(edits ? { edits } : {}) } };
}

/** A call as a statement of its own whose promise nobody waits for. */
function ofCall(file: TsFile, handler: MessageHandler, call: CallExpression): Fact<EarlyCommit> | undefined {
  if (!isOwn(call, handler) || isReport(call.expression)) return undefined;
  const end = chainOf(call);
  const detached = end !== call || ts.isVoidExpression(end.parent);
  const statement = ts.isVoidExpression(end.parent) ? end.parent.parent : end.parent;
  if (!ts.isExpressionStatement(statement) || !commitsAfter(file, handler, end)) return undefined;
  const proof = promiseOf(file, call);
  if (!proof || ("producer" in proof && /\.flush\(/.test(handler.function.getText()))) return undefined;
  const edits = detached ? undefined : awaiting(handler, call);
  return { at: span(call.expression), value: { is: detached ? "detached" : "unawaited", queue: handler.queue, ...library(handler), callee: calleeText(call), proof, ...(edits ? { edits } : {}) } };
}

/** A commit or an acknowledgement with the work behind it. */
function ofOrder(file: TsFile, handler: MessageHandler, call: CallExpression): Fact<EarlyCommit> | undefined {
  const work = isOrdered(file, handler, call);
  if (!work) return undefined;
  const edits = moved(file, call, work);
  return { at: span(call.expression), value: { is: "order", queue: handler.queue, ...library(handler), callee: calleeText(call), ...(edits ? { edits } : {}) } };
}

/** Part of the handler itself, or of a callback that runs at once for each message. */
function isOwn(node: Node, handler: MessageHandler): boolean {
  const around = enclosingFunction(node);
  if (around === handler.function) return true;
  const each = around?.parent;
  return each !== undefined && ts.isCallExpression(each) && each.arguments[0] === (around as Node) && ts.isPropertyAccessExpression(each.expression) && each.expression.name.text === "forEach" && enclosingFunction(each) === handler.function;
}

/** amqplib: only what stands before an acknowledgement is too late. Others commit when the handler is done. */
function commitsAfter(file: TsFile, handler: MessageHandler, call: Expression): boolean {
  if (handler.queue !== "amqplib" && handler.queue !== "kafka") return true;
  return commitsBehind(file, handler, call.end);
}

/** The end of `save().then(...).catch(...)`. */
function chainOf(call: CallExpression): Expression {
  let end: Expression = call;
  while (ts.isPropertyAccessExpression(end.parent) && /^(then|catch|finally)$/.test(end.parent.name.text) && ts.isCallExpression(end.parent.parent)) end = end.parent.parent;
  return end;
}

/** The books of the consumer, and events of this process. */
const bookkeeping = /^(heartbeat|pause|resume|seek|commit|commitOffsets(IfNecessary)?|resolveOffset|ack|nack|reject|emit|updateProgress|extendLock)$/;

function isReport(callee: Expression): boolean {
  const expr = bare(callee);
  const name = ts.isIdentifier(expr) ? expr.text : ts.isPropertyAccessExpression(expr) ? expr.name.text : "";
  return bookkeeping.test(name) || isTelemetry(expr);
}
