// Question: which functions of a file process messages that are committed, acknowledged or deleted when they return? Judges nothing.

import { isAmqp } from "./amqp.ts";
import type { KafkaSource } from "./kafka-client.ts";
import { calledFunction, kafkaHandlers } from "./kafka-handler.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type NewExpression } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { Mentions } from "../../engine/types.ts";

export type Queue = "kafka" | "amqplib" | "bullmq" | "sqs-consumer";

export interface MessageHandler {
  readonly queue: Queue;
  readonly function: FunctionLikeDeclaration;
  /** Kafka: the library, where this file alone does not tell. */
  readonly of?: KafkaSource;
  readonly kind?: "eachMessage" | "eachBatch";
  /** Not the handler itself, but a function of this file that it waits for. */
  readonly inner?: true;
}

/** Words of files that have such a handler. */
export const messageHandlerMentions: Mentions = [["eachMessage", "eachBatch", "EachMessage", "EachBatch", "amqplib", "amqp-connection-manager", "bullmq", "@nestjs/bull", "sqs-consumer"]];

/** Handlers of messages, and the functions of this file that they wait for, two levels deep. */
export function messageHandlers(file: TsFile): readonly MessageHandler[] {
  return once(file, messageHandlers, () => {
    const found = new Map<FunctionLikeDeclaration, MessageHandler>();
    for (const { of, kind, function: fn } of kafkaHandlers(file)) if (fn) found.set(fn, { queue: "kafka", function: fn, of, kind });
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) for (const one of fromCall(file, call)) found.set(one.function, one);
    for (const made of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) for (const one of fromNew(file, made)) found.set(one.function, one);
    for (const method of nodes<FunctionLikeDeclaration>(file, ts.SyntaxKind.MethodDeclaration)) if (isProcess(file, method)) found.set(method, { queue: "bullmq", function: method });
    for (let depth = 0, outer = [...found.values()]; depth < 2 && outer.length; depth++) outer = outer.flatMap((one) => awaited(file, one, found));
    return [...found.values()];
  });
}

function* fromCall(file: TsFile, call: CallExpression): Iterable<MessageHandler> {
  const { expression: callee } = call;
  if (!ts.isPropertyAccessExpression(callee)) return;
  const handler = callee.name.text === "consume" && call.arguments.length >= 2 ? calledFunction(file, call.arguments[1]!) : undefined;
  // Without acknowledgement (`noAck`) the broker forgets a message as it sends it.
  if (handler && isAmqp(file, callee.expression) && option(file, call.arguments[2], "noAck").is === "absent") yield { queue: "amqplib", function: handler };
  if (callee.name.text === "create" && canonical(file, callee.expression) === "sqs-consumer#Consumer") yield* fromOptions(file, call.arguments[0]);
}

function* fromNew(file: TsFile, made: NewExpression): Iterable<MessageHandler> {
  const name = canonical(file, made.expression);
  const handler = name === "bullmq#Worker" && made.arguments?.[1] ? calledFunction(file, made.arguments[1]) : undefined;
  if (handler) yield { queue: "bullmq", function: handler };
  if (name === "sqs-consumer#Consumer") yield* fromOptions(file, made.arguments?.[0]);
}

function* fromOptions(file: TsFile, options: Expression | undefined): Iterable<MessageHandler> {
  if (!options || !ts.isObjectLiteralExpression(options)) return;
  for (const one of options.properties) {
    if (!one.name || !/^handleMessage(Batch)?$/.test(keyText(one.name) ?? "")) continue;
    const fn = ts.isMethodDeclaration(one) ? one : ts.isPropertyAssignment(one) ? calledFunction(file, one.initializer) : ts.isShorthandPropertyAssignment(one) ? calledFunction(file, one.name) : undefined;
    if (fn) yield { queue: "sqs-consumer", function: fn };
  }
}

/** `process` of Nest's WorkerHost, and methods with `@Process()`. */
function isProcess(file: TsFile, method: FunctionLikeDeclaration): boolean {
  if (!ts.isMethodDeclaration(method) || !method.body || !ts.isClassLike(method.parent)) return false;
  const decorators = ts.getDecorators(method) ?? [];
  if (decorators.some(({ expression }) => canonical(file, ts.isCallExpression(expression) ? expression.expression : expression) === "@nestjs/bull#Process")) return true;
  const bases = method.parent.heritageClauses?.flatMap((clause) => [...clause.types]) ?? [];
  return keyText(method.name) === "process" && bases.some((one) => canonical(file, one.expression) === "@nestjs/bullmq#WorkerHost");
}

/** Functions of this file whose end a handler waits for. */
function awaited(file: TsFile, outer: MessageHandler, found: Map<FunctionLikeDeclaration, MessageHandler>): MessageHandler[] {
  const inner: MessageHandler[] = [];
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    if (call.pos < outer.function.pos || call.end > outer.function.end || enclosingFunction(call) !== outer.function || !isWaitedFor(call, outer.function)) continue;
    const target = calledFunction(file, call.expression);
    if (!target || found.has(target)) continue;
    const one: MessageHandler = { queue: outer.queue, function: target, inner: true, ...(outer.of ? { of: outer.of } : {}) };
    found.set(target, one);
    inner.push(one);
  }
  return inner;
}

function isWaitedFor(call: CallExpression, owner: FunctionLikeDeclaration): boolean {
  return ts.isAwaitExpression(call.parent) || ts.isReturnStatement(call.parent) || (owner as { body?: unknown }).body === call;
}
