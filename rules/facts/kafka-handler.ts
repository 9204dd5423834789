// Question: which functions of a file does a Kafka consumer run, and where does the client's library show? Judges nothing.

import { consumerRef, kafkaOf, kafkaType, type KafkaSource } from "./kafka-client.ts";
import { typeName } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node, type ObjectLiteralExpression, type TypeNode } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, enclosingClass } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { Mentions, Ref } from "../../engine/types.ts";

export interface KafkaHandler {
  readonly kind: "eachMessage" | "eachBatch";
  readonly of: KafkaSource;
  /** Where the handler is named. */
  readonly at: Node;
  /** The handler, where this file has it. */
  readonly function?: FunctionLikeDeclaration;
  /** The handler, where another module has it. */
  readonly target?: Ref;
  /** The consumer that runs it. */
  readonly consumer?: Ref;
}

/** Words of files that have such a handler. */
export const kafkaHandlerMentions: Mentions = [["eachMessage", "eachBatch", "EachMessage", "EachBatch"]];

/** Handlers of a file: those given to `run`, and functions whose parameter is typed as a handler's. */
export function kafkaHandlers(file: TsFile): readonly KafkaHandler[] {
  return once(file, kafkaHandlers, () => {
    const found: KafkaHandler[] = [];
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) found.push(...fromRun(file, call));
    const { ArrowFunction, FunctionExpression, FunctionDeclaration, MethodDeclaration } = ts.SyntaxKind;
    for (const kind of [ArrowFunction, FunctionExpression, FunctionDeclaration, MethodDeclaration])
      for (const fn of nodes<FunctionLikeDeclaration>(file, kind)) {
        const typed = fn.body && !found.some((one) => one.function === fn) ? ofType(file, fn) : undefined;
        if (typed?.kind) found.push({ kind: typed.kind, of: { row: typed.row }, at: nameOf(fn), function: fn });
      }
    return found;
  });
}

function* fromRun(file: TsFile, call: CallExpression): Iterable<KafkaHandler> {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== "run" || call.arguments.length !== 1) return;
  const options = receiverOf(file, call.arguments[0]!).made;
  if (!options || !ts.isObjectLiteralExpression(options)) return;
  const handlers = [...handlersOf(options)];
  const of = handlers.length ? kafkaOf(file, callee.expression) : undefined;
  if (!of) return;
  const consumer = consumerRef(file, callee.expression);
  for (const { kind, at, value } of handlers) {
    const fn = ts.isFunctionLike(value) ? (value as FunctionLikeDeclaration) : calledFunction(file, value);
    const target = fn || ts.isFunctionLike(value) ? undefined : receiverOf(file, value).ref;
    yield { kind, of, at, ...(fn ? { function: fn } : {}), ...(target ? { target } : {}), ...(consumer ? { consumer } : {}) };
  }
}

function* handlersOf(options: ObjectLiteralExpression): Iterable<{ kind: KafkaHandler["kind"]; at: Node; value: Expression }> {
  for (const one of options.properties) {
    const kind = one.name && keyText(one.name);
    if (kind !== "eachMessage" && kind !== "eachBatch") continue;
    if (ts.isPropertyAssignment(one)) yield { kind, at: one.name, value: one.initializer };
    else if (ts.isShorthandPropertyAssignment(one)) yield { kind, at: one.name, value: one.name };
    else if (ts.isMethodDeclaration(one)) yield { kind, at: one.name, value: one as unknown as Expression };
  }
}

/** The function an expression means in this file: a function, its name, `this.method` or `this.method.bind(this)`. */
export function calledFunction(file: TsFile, node: Expression): FunctionLikeDeclaration | undefined {
  let expr = bare(node);
  if (ts.isCallExpression(expr) && ts.isPropertyAccessExpression(expr.expression) && expr.expression.name.text === "bind") expr = bare(expr.expression.expression);
  if (ts.isPropertyAccessExpression(expr) && expr.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const name = expr.name.text;
    const own = enclosingClass(expr)?.members.find((one) => one.name && keyText(one.name) === name && (ts.isMethodDeclaration(one) || ts.isPropertyDeclaration(one)));
    if (own && ts.isMethodDeclaration(own)) return own.body ? own : undefined;
    return own && ts.isPropertyDeclaration(own) ? functionOf(file, own.initializer) : undefined;
  }
  // What a wrapping call makes of a function is not that function.
  return ts.isCallExpression(expr) ? undefined : functionOf(file, expr);
}

/** A handler by its type: one parameter, or none but a type for the whole function. */
function ofType(file: TsFile, fn: FunctionLikeDeclaration): ReturnType<typeof kafkaType> {
  const [first, second] = fn.parameters;
  if (second) return undefined;
  const payload = first?.type && kafkaType(typeName(file, first.type));
  if (payload) return payload;
  const { parent } = fn;
  const type: TypeNode | undefined = (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) && !ts.isMethodDeclaration(fn) ? parent.type : undefined;
  return type && kafkaType(typeName(file, type));
}

function nameOf(fn: FunctionLikeDeclaration): Node {
  if (fn.name) return fn.name;
  const { parent } = fn;
  return ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name : fn.parameters[0] ?? fn;
}

/** Calls of a function by its name, in this file. */
export function callsOf(file: TsFile, fn: FunctionLikeDeclaration): readonly CallExpression[] {
  const name = keyText(nameOf(fn));
  return nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).filter((call) => {
    const callee = bare(call.expression);
    const last = ts.isIdentifier(callee) ? callee.text : ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
    return last !== undefined && last === name && (calledFunction(file, callee) === fn || (ts.isIdentifier(callee) && declaration(file, callee) === fn));
  });
}
