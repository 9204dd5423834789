// Is this code run per request or per message? Finds handler functions of the frameworks and the nearest one around a node.

import { ts, type CallExpression, type Expression, type FunctionDeclaration, type FunctionLikeDeclaration, type Identifier, type NewExpression, type Node, type VariableDeclaration } from "./compiler.ts";
import { canonical, declaredType, made, typeName } from "./binding.ts";
import { nodes, once, type TsFile } from "./parse.ts";
import { bare, declaration, identifiers, namesakes } from "./scope.ts";
import { keyText } from "./value.ts";

export type HandlerKind = "http" | "grpc" | "message" | "job" | "socket";

export interface Handler {
  readonly kind: HandlerKind;
  readonly function: FunctionLikeDeclaration;
}

/** The handler around a node, if any: the nearest enclosing handler function, or a function called only from handlers of this file. */
export function handlerOf(file: TsFile, node: Node): Handler | undefined {
  const table = handlers(file);
  for (let up: Node | undefined = node; up; up = up.parent) {
    const kind = table.get(up);
    if (kind) return { kind, function: up as FunctionLikeDeclaration };
  }
  return undefined;
}

/** All handler functions of a file. */
export function handlers(file: TsFile): ReadonlyMap<Node, HandlerKind> {
  return once(file, handlers, () => {
    const table = new Map<Node, HandlerKind>();
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) fromCall(file, call, table);
    for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression))
      if (canonical(file, call.expression) === "bullmq#Worker") add(file, call.arguments?.[1], "job", table);
    for (const method of nodes<any>(file, ts.SyntaxKind.MethodDeclaration)) fromDecorators(method, table), fromBase(file, method, table);
    for (const key of ["eachMessage", "eachBatch"]) named(file, key, table);
    if (/["']sqs-consumer["']/.test(file.text)) for (const key of ["handleMessage", "handleMessageBatch"]) named(file, key, table);
    inherit(file, table);
    return table;
  });
}

const httpMethods = new Set(["get", "post", "put", "patch", "delete", "all", "use", "head", "options"]);
const routers = /^(express|koa-router|@koa\/router|hono|fastify|polka|restify|find-my-way|router)#/;

function fromCall(file: TsFile, call: CallExpression, table: Map<Node, HandlerKind>): void {
  const callee = bare(call.expression);
  const name = canonical(file, callee);
  if (name === "http#createServer" || name === "https#createServer" || name === "http2#createSecureServer" || name === "http2#createServer")
    return add(file, call.arguments[call.arguments.length - 1], "http", table);
  if (!ts.isPropertyAccessExpression(callee)) return;
  const method = callee.name.text;
  const last = call.arguments[call.arguments.length - 1];
  if (httpMethods.has(method) && call.arguments.length > 0 && isRouter(file, callee.expression))
    for (const one of call.arguments) add(file, one, "http", table);
  else if (method === "route" && isRouter(file, callee.expression)) property(file, call.arguments[0], "handler", "http", table);
  else if (method === "addService") everyMethod(file, call.arguments[1], "grpc", table);
  else if (method === "add" && originOf(file, callee.expression) === "nice-grpc#createServer") everyMethod(file, call.arguments[1], "grpc", table);
  else if (method === "service" && /["']@(connectrpc|bufbuild)\/connect/.test(file.text)) everyMethod(file, call.arguments[1], "grpc", table);
  else if (method === "consume" && call.arguments.length >= 2) add(file, call.arguments[1], "message", table);
  else if (method === "process" && /^bull#/.test(originOf(file, callee.expression) ?? "")) add(file, last, "job", table);
  else if ((method === "subscribe" || method === "pSubscribe") && call.arguments.length >= 2 && /^(redis|mqtt|nats)#/.test(originOf(file, callee.expression) ?? "")) {
    add(file, last, "message", table);
    property(file, last, "callback", "message", table);
  } else if (method === "on" || method === "addListener") fromEvent(file, call, callee.expression, table);
}

const brokers = /^(ws|socket\.io|ioredis|redis|mqtt|nats|amqplib|@google-cloud\/pubsub)#/;

/** Listeners of sockets, brokers and streams. A socket is often the parameter of the listener for new connections. */
function fromEvent(file: TsFile, call: CallExpression, emitter: Expression, table: Map<Node, HandlerKind>): void {
  const [event] = call.arguments;
  const listener = call.arguments[call.arguments.length - 1];
  if (!event || !ts.isStringLiteralLike(event)) return;
  const origin = originOf(file, emitter) ?? declaredType(file, emitter);
  const ofBroker = brokers.test(origin ?? "");
  if (event.text === "data") add(file, listener, "message", table);
  else if (event.text === "connection" && ofBroker) add(file, listener, "socket", table);
  else if (event.text === "message" && ofBroker) add(file, listener, "message", table);
  else if (event.text === "notification" && /^pg#/.test(origin ?? "")) add(file, listener, "message", table);
  else if (isSocketParameter(file, emitter, table) && (event.text === "message" || (/["']socket\.io["']/.test(file.text) && !/^(disconnect|disconnecting|error|close)$/.test(event.text)))) add(file, listener, "message", table);
}

function isSocketParameter(file: TsFile, emitter: Expression, table: Map<Node, HandlerKind>): boolean {
  const declared = ts.isIdentifier(emitter) ? declaration(file, emitter) : undefined;
  return declared !== undefined && ts.isParameter(declared) && table.get(declared.parent) === "socket" && declared.parent.parameters[0] === declared;
}

/** Canonical name of the call or `new` at the start of the chain that made a value. */
export function originOf(file: TsFile, node: Expression): string | undefined {
  let expr = made(file, node);
  for (let step = 0; expr && step < 12; step++) {
    if (!ts.isCallExpression(expr) && !ts.isNewExpression(expr)) return canonical(file, expr);
    const name = canonical(file, expr.expression);
    if (name !== undefined) return name;
    expr = ts.isPropertyAccessExpression(expr.expression) ? made(file, expr.expression.expression) : undefined;
  }
  return undefined;
}

function rootOf(expr: Expression | undefined): Expression | undefined {
  const inner = expr && bare(expr);
  if (!inner) return undefined;
  return ts.isCallExpression(inner) || ts.isNewExpression(inner) ? inner.expression : inner;
}

/** True when the expression is an express, koa, fastify or hono application or router: made in this file, or typed so. */
export function isRouter(file: TsFile, receiver: Expression): boolean {
  const type = declaredType(file, receiver);
  if (type && /^(express#(Express|Application|Router|IRouter)|fastify#Fastify\w*|hono#Hono|koa-router#|@koa\/router#|express-serve-static-core#)/.test(type)) return true;
  const origin = made(file, receiver);
  const maker = origin && canonical(file, rootOf(origin));
  return maker !== undefined ? routers.test(maker) : isInstance(file, receiver);
}

/** What a plugin of fastify is given: by its name, by the type of the plugin, or because it is registered. */
function isInstance(file: TsFile, receiver: Expression): boolean {
  const declared = ts.isIdentifier(receiver) ? declaration(file, receiver) : undefined;
  if (!declared || !ts.isParameter(declared) || declared.type || declared.parent.parameters[0] !== declared) return false;
  const around = declared.parent.parent;
  if (declared.name.getText() === "fastify") return true;
  if (ts.isVariableDeclaration(around) && around.type) return /^fastify#FastifyPlugin/.test(typeName(file, around.type) ?? "");
  if (!ts.isCallExpression(around)) return false;
  const callee = bare(around.expression);
  return canonical(file, callee) === "fastify-plugin#" || (ts.isPropertyAccessExpression(callee) && callee.name.text === "register" && isRouter(file, callee.expression));
}

const decorators: ReadonlyMap<string, HandlerKind> = new Map<string, HandlerKind>(Object.entries({
  Get: "http", Post: "http", Put: "http", Patch: "http", Delete: "http", All: "http", MessagePattern: "message", EventPattern: "message",
  GrpcMethod: "grpc", GrpcStreamMethod: "grpc", Process: "job", SubscribeMessage: "message", RabbitSubscribe: "message", RabbitRPC: "message",
  SqsMessageHandler: "message",
} as const));

function fromDecorators(method: Node, table: Map<Node, HandlerKind>): void {
  for (const one of ts.canHaveDecorators(method) ? ts.getDecorators(method) ?? [] : []) {
    const expr = ts.isCallExpression(one.expression) ? one.expression.expression : one.expression;
    if (!ts.isIdentifier(expr)) continue;
    const kind = decorators.get(expr.text) ?? (expr.text.startsWith("OnQueue") ? "job" : undefined);
    if (kind) table.set(method, kind);
  }
}

/** `process` of a class that extends Nest's WorkerHost. */
function fromBase(file: TsFile, method: Node, table: Map<Node, HandlerKind>): void {
  if (!ts.isMethodDeclaration(method) || keyText(method.name) !== "process" || !ts.isClassLike(method.parent)) return;
  const bases = method.parent.heritageClauses?.flatMap((clause) => [...clause.types]) ?? [];
  if (bases.some((one) => canonical(file, one.expression) === "@nestjs/bullmq#WorkerHost")) table.set(method, "job");
}

/** Functions held by a property or declared under a name that Kafka clients give their handlers. */
function named(file: TsFile, key: string, table: Map<Node, HandlerKind>): void {
  for (const one of nodes<any>(file, ts.SyntaxKind.PropertyAssignment)) if (keyText(one.name) === key) add(file, one.initializer, "message", table);
  for (const one of nodes<any>(file, ts.SyntaxKind.ShorthandPropertyAssignment)) if (one.name.text === key) add(file, one.name, "message", table);
  for (const one of nodes<any>(file, ts.SyntaxKind.MethodDeclaration)) if (keyText(one.name) === key && ts.isObjectLiteralExpression(one.parent)) table.set(one, "message");
  if (!/["']kafkajs["']/.test(file.text)) return;
  for (const one of nodes<any>(file, ts.SyntaxKind.FunctionDeclaration)) if (one.name?.text === key) table.set(one, "message");
  for (const one of nodes<any>(file, ts.SyntaxKind.VariableDeclaration)) if (keyText(one.name) === key) add(file, one.initializer, "message", table);
}

function add(file: TsFile, node: Expression | undefined, kind: HandlerKind, table: Map<Node, HandlerKind>): void {
  const found = functionOf(file, node);
  if (found) table.set(found, kind);
}

function property(file: TsFile, options: Expression | undefined, key: string, kind: HandlerKind, table: Map<Node, HandlerKind>): void {
  const literal = options && made(file, options);
  if (!literal || !ts.isObjectLiteralExpression(literal)) return;
  for (const one of literal.properties) {
    if (ts.isMethodDeclaration(one) && keyText(one.name) === key) table.set(one, kind);
    if (ts.isPropertyAssignment(one) && keyText(one.name) === key) add(file, one.initializer, kind, table);
  }
}

function everyMethod(file: TsFile, implementation: Expression | undefined, kind: HandlerKind, table: Map<Node, HandlerKind>): void {
  const literal = implementation && made(file, implementation);
  if (!literal || !ts.isObjectLiteralExpression(literal)) return;
  for (const one of literal.properties) {
    if (ts.isMethodDeclaration(one)) table.set(one, kind);
    else if (ts.isPropertyAssignment(one)) add(file, one.initializer, kind, table);
    else if (ts.isShorthandPropertyAssignment(one)) add(file, one.name, kind, table);
  }
}

/** The function that an expression is or names in this file; one level of `handler.bind(x)` and wrapping calls is followed. */
export function functionOf(file: TsFile, node: Expression | undefined): FunctionLikeDeclaration | undefined {
  if (!node) return undefined;
  const expr = bare(node);
  if (ts.isArrowFunction(expr) || ts.isFunctionExpression(expr)) return expr;
  if (ts.isIdentifier(expr)) {
    const declared = declaration(file, expr);
    if (declared && ts.isFunctionDeclaration(declared)) return declared;
    const value = made(file, expr);
    return value && value !== expr && !ts.isIdentifier(value) ? functionOf(file, value) : undefined;
  }
  if (ts.isCallExpression(expr)) {
    if (ts.isPropertyAccessExpression(expr.expression) && expr.expression.name.text === "bind") return functionOf(file, expr.expression.expression);
    const inner = expr.arguments.find((one) => ts.isArrowFunction(one) || ts.isFunctionExpression(one));
    return inner && functionOf(file, inner);
  }
  return undefined;
}

/** A named function used only inside handlers of this file is handler code too (one level). */
function inherit(file: TsFile, table: Map<Node, HandlerKind>): void {
  if (table.size === 0) return;
  const uses = new Map<Node, Identifier[]>();
  for (const kind of [ts.SyntaxKind.FunctionDeclaration, ts.SyntaxKind.VariableDeclaration])
    for (const declared of nodes<FunctionDeclaration | VariableDeclaration>(file, kind)) {
      const { name } = declared;
      const isNamed = name && ts.isIdentifier(name) && identifiers(file).get(name.text)!.length > 1;
      const target = !isNamed ? undefined : ts.isFunctionDeclaration(declared) ? declared : declared.initializer && functionOf(file, declared.initializer);
      if (!target || table.has(target)) continue;
      const mine = namesakes(file, declared, (name as Identifier).text).filter((one) => one !== name);
      if (mine.length > 0) uses.set(target, [...(uses.get(target) ?? []), ...mine]);
    }
  const direct = new Map(table);
  for (const [target, names] of uses) {
    const kinds = names.map((name) => {
      if (!ts.isCallExpression(name.parent) || name.parent.expression !== name) return undefined;
      for (let up: Node | undefined = name.parent; up; up = up.parent) if (direct.has(up)) return direct.get(up);
      return undefined;
    });
    if (kinds.length > 0 && kinds.every(Boolean) && !isExported(target)) table.set(target, kinds[0]!);
  }
}

function isExported(node: Node): boolean {
  const statement = ts.isFunctionDeclaration(node) ? node : node.parent?.parent?.parent;
  return !!statement && ts.canHaveModifiers(statement) && !!ts.getModifiers(statement)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword);
}

/** The nearest function around a node. */
export function enclosingFunction(node: Node): FunctionLikeDeclaration | undefined {
  for (let up: Node | undefined = node.parent; up; up = up.parent) if (ts.isFunctionLike(up) && "body" in up) return up as FunctionLikeDeclaration;
  return undefined;
}
