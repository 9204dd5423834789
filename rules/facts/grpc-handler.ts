// Which function answers an RPC, and which of its parameters carries the caller's deadline? Sees grpc-js, nice-grpc and Connect servers. States no fact itself.

import { canonical, made, typeName } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node, type ParameterDeclaration, type TypeNode } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { declaration, enclosingClass, visible } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { Span } from "../../engine/types.ts";

export type ServerLibrary = "grpc-js" | "nice-grpc" | "connect";

export interface GrpcHandler {
  readonly library: ServerLibrary;
  readonly function: FunctionLikeDeclaration;
  /** The call of grpc-js, the context of the others; undefined where the function does not take it. */
  readonly carrier?: ParameterDeclaration;
}

/** The nearest handler of an RPC around a node. */
export function grpcHandlerOf(file: TsFile, node: Node): GrpcHandler | undefined {
  const table = handlersOf(file);
  for (let up: Node | undefined = node; up; up = up.parent) {
    const found = table.get(up);
    if (found) return found;
  }
  return undefined;
}

const carrierTypes: readonly (readonly [RegExp, ServerLibrary])[] = [
  [/^@grpc\/grpc-js#Server(Unary|Readable|Writable|Duplex)(Call|Stream)$/, "grpc-js"],
  [/^nice-grpc(-common)?#CallContext$/, "nice-grpc"],
  [/^@connectrpc\/connect#HandlerContext$/, "connect"],
];
const implementationTypes: readonly (readonly [RegExp, ServerLibrary])[] = [
  [/^@grpc\/grpc-js#(UntypedServiceImplementation|handle(Unary|ClientStreaming|ServerStreaming|BidiStreaming)Call)$/, "grpc-js"],
  [/^nice-grpc#ServiceImplementation$|#\w+ServiceImplementation$/, "nice-grpc"],
  [/^@connectrpc\/connect#(ServiceImpl|MethodImpl)$/, "connect"],
  [/^(?=[^#]*?(?:grpc|proto|\/gen|_pb|\/pb))[^#]*#\w+(Server|Handlers)$/, "grpc-js"],
];

function handlersOf(file: TsFile): ReadonlyMap<Node, GrpcHandler> {
  return once(file, handlersOf, () => {
    const table = new Map<Node, GrpcHandler>();
    const add = (target: Node | undefined, library: ServerLibrary, carrier?: ParameterDeclaration) => {
      if (!target || !ts.isFunctionLike(target) || table.has(target)) return;
      const own = target.parameters[library === "grpc-js" ? 0 : 1] as ParameterDeclaration | undefined;
      const taken = carrier ?? own;
      table.set(target, { library, function: target as FunctionLikeDeclaration, ...(taken ? { carrier: taken } : {}) });
    };
    for (const one of nodes<ParameterDeclaration>(file, ts.SyntaxKind.Parameter)) {
      const library = one.type && match(carrierTypes, typeName(file, one.type));
      if (library) add(one.parent, library, one);
    }
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const library = registers(file, call);
      if (library) for (const one of implementations(file, call.arguments[1])) add(one, library);
    }
    for (const one of nodes<any>(file, ts.SyntaxKind.VariableDeclaration)) {
      const library = one.type && one.initializer && match(implementationTypes, typeName(file, inner(file, one.type)));
      if (library) for (const target of implementations(file, one.initializer)) add(target, library);
    }
    for (const kind of [ts.SyntaxKind.ClassDeclaration, ts.SyntaxKind.ClassExpression])
      for (const owner of nodes<any>(file, kind))
        for (const clause of owner.heritageClauses ?? [])
          for (const type of clause.types) {
            const wrapped = type.typeArguments?.[0] && canonical(file, type.expression) === "#Partial" ? typeName(file, type.typeArguments[0]) : canonical(file, type.expression);
            const library = match(implementationTypes, wrapped);
            if (library) for (const method of owner.members) if (ts.isMethodDeclaration(method)) add(method, library);
          }
    return table;
  });
}

/** `Partial<X>` says the same as `X`. */
function inner(file: TsFile, type: TypeNode): TypeNode {
  return ts.isTypeReferenceNode(type) && typeName(file, type) === "#Partial" && type.typeArguments?.[0] ? type.typeArguments[0] : type;
}

const match = (table: readonly (readonly [RegExp, ServerLibrary])[], name: string | undefined) => (name === undefined ? undefined : table.find(([pattern]) => pattern.test(name))?.[1]);

function registers(file: TsFile, call: CallExpression): ServerLibrary | undefined {
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || call.arguments.length < 2) return undefined;
  const method = callee.name.text;
  if (method === "addService") return "grpc-js";
  if ((method === "service" || method === "rpc") && /["']@connectrpc\//.test(file.text)) return "connect";
  if (method !== "add") return undefined;
  let owner: Expression = callee.expression;
  while (ts.isCallExpression(owner) && ts.isPropertyAccessExpression(owner.expression) && /^(use|with)$/.test(owner.expression.name.text)) owner = owner.expression.expression;
  let { made: server, type } = receiverOf(file, owner);
  while (server && ts.isCallExpression(server) && ts.isPropertyAccessExpression(server.expression) && server.expression.name.text === "use") ({ made: server, type } = receiverOf(file, server.expression.expression));
  const maker = server && ts.isCallExpression(server) ? canonical(file, server.expression) : undefined;
  return maker === "nice-grpc#createServer" || type === "nice-grpc#Server" ? "nice-grpc" : undefined;
}

/** Functions of an implementation: an object, an instance of a class of this file, or one function. */
function* implementations(file: TsFile, node: Expression | undefined): Iterable<Node> {
  const value = node && made(file, node);
  if (!value) return;
  if (ts.isObjectLiteralExpression(value)) {
    for (const one of value.properties) {
      const target = ts.isMethodDeclaration(one) ? one : ts.isPropertyAssignment(one) ? implementing(file, one.initializer) : ts.isShorthandPropertyAssignment(one) ? functionOf(file, one.name) : undefined;
      if (target) yield target;
    }
  } else if (ts.isNewExpression(value) && ts.isIdentifier(value.expression)) {
    const owner = declaration(file, value.expression);
    if (!owner || !ts.isClassLike(owner)) return;
    for (const one of owner.members) {
      if (ts.isMethodDeclaration(one) && keyText(one.name) !== undefined) yield one;
      else if (ts.isPropertyDeclaration(one) && one.initializer && (ts.isArrowFunction(one.initializer) || ts.isFunctionExpression(one.initializer))) yield one.initializer;
    }
  } else {
    yield* [functionOf(file, value)].filter((one) => one !== undefined);
  }
}

/** The function behind `this.getOrder.bind(this)` and `wrap(getOrder)`. */
function implementing(file: TsFile, node: Expression): Node | undefined {
  let expr = node;
  if (ts.isCallExpression(expr)) {
    const bound = ts.isPropertyAccessExpression(expr.expression) && expr.expression.name.text === "bind" ? expr.expression.expression : undefined;
    expr = bound ?? expr.arguments.find((one) => functionOf(file, one)) ?? expr;
  }
  const name = ts.isPropertyAccessExpression(expr) && expr.expression.kind === ts.SyntaxKind.ThisKeyword ? expr.name.text : undefined;
  return name === undefined ? functionOf(file, expr) : enclosingClass(expr)?.members.find((one) => ts.isMethodDeclaration(one) && keyText(one.name) === name);
}

/** How the caller's deadline is written at a place inside a handler, with the edit of the handler that makes it valid; undefined where it cannot be. */
export function carried(file: TsFile, at: Node, handler: GrpcHandler): { readonly text: string; readonly edit?: { readonly at: Span; readonly text: string } } | undefined {
  const { carrier, library } = handler;
  if (!carrier) return library === "grpc-js" ? undefined : added(file, at, handler);
  if (ts.isIdentifier(carrier.name)) {
    if (visible(file, at, carrier.name.text) !== carrier) return undefined;
    return { text: library === "grpc-js" ? carrier.name.text : `${carrier.name.text}.signal` };
  }
  if (library === "grpc-js" || !ts.isObjectBindingPattern(carrier.name)) return undefined;
  const signal = carrier.name.elements.find((one) => keyText(one.propertyName ?? one.name) === "signal");
  return signal && ts.isIdentifier(signal.name) && visible(file, at, signal.name.text) === signal ? { text: signal.name.text } : undefined;
}

/** A method of an object literal gets its types from the implementation type: a second parameter can be added there. */
function added(file: TsFile, at: Node, { function: target }: GrpcHandler): { text: string; edit: { at: Span; text: string } } | undefined {
  const [only] = target.parameters;
  const inLiteral = ts.isObjectLiteralExpression(target.parent) || (ts.isPropertyAssignment(target.parent) && !ts.isFunctionDeclaration(target));
  if (!only || target.parameters.length !== 1 || only.type || only.dotDotDotToken || !inLiteral || visible(file, at, "context")) return undefined;
  const bare = ts.isArrowFunction(target) && file.text[target.getStart()] !== "(" && !/^async\s*\(/.test(file.text.slice(target.getStart(), only.getStart()));
  return bare ? undefined : { text: "context.signal", edit: { at: { file: "", start: only.end, end: only.end }, text: ", context" } };
}
