// Question: which HTTP servers does a file open, and what does it set on them? Sees Node's own servers, express, koa, hono, fastify and Nest.

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type BinaryExpression, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { asNumber } from "../../engine/value.ts";
import type { Mentions, Ref, Value } from "../../engine/types.ts";

/** "imported": what listens comes from another module, and linking has to prove what it is. */
export type Framework = "node" | "http2" | "express" | "koa" | "hono" | "fastify" | "nest" | "imported";
export type Limit = "requestTimeout" | "headersTimeout" | "keepAliveTimeout" | "timeout" | "connectionTimeout" | "handlerTimeout";

/** A server with the nodes that made it, for facts that look closer. */
export interface ServerSite {
  readonly creation: CallExpression | NewExpression;
  readonly framework: Framework;
  readonly settings: ReadonlyMap<Limit, { readonly node: Expression; readonly value: Value<number> }>;
}

export const limits: readonly Limit[] = ["requestTimeout", "headersTimeout", "keepAliveTimeout", "timeout", "connectionTimeout", "handlerTimeout"];

/** Words of files that open a server. */
export const serverMentions: Mentions = [["createServer", "createSecureServer", ".listen(", "serve(", "fastify", "NestFactory"]];

/** Servers of a file, with everything the file sets on them. */
export function servers(file: TsFile): readonly ServerSite[] {
  return once(file, servers, () => {
    const sites = new Map<Node, { creation: CallExpression; framework: Framework; settings: Map<Limit, { node: Expression; value: Value<number> }> }>();
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const framework = opens(file, call);
      if (framework) sites.set(call, { creation: call, framework, settings: fromOptions(file, call, framework) });
    }
    for (const one of nodes<BinaryExpression>(file, ts.SyntaxKind.BinaryExpression)) {
      if (one.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(one.left)) continue;
      set(file, sites, one.left.expression, one.left.name.text as Limit, one.right);
    }
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const { expression } = call;
      if (ts.isPropertyAccessExpression(expression) && expression.name.text === "setTimeout" && call.arguments[0]) set(file, sites, expression.expression, "timeout", call.arguments[0]);
      // A function that is handed the server may set what its name says.
      else if (/timeout|keep_?alive/i.test(expression.getText()))
        for (const one of call.arguments) {
          const site = sites.get(serverRoot(file, one)!);
          if (site) for (const name of limits) if (!site.settings.has(name)) site.settings.set(name, { node: call, value: { unknown: "set by a function that is not read" } });
        }
    }
    return [...sites.values()];
  });
}

function set(file: TsFile, sites: ReadonlyMap<Node, { settings: Map<Limit, { node: Expression; value: Value<number> }> }>, owner: Expression, name: Limit, node: Expression): void {
  if (!limits.includes(name)) return;
  const root = serverRoot(file, owner);
  const site = root && sites.get(root);
  if (site) site.settings.set(name, { node, value: asNumber(value(file, node)) });
  // Set on a server we cannot follow: it may be any of them.
  else if (name !== "timeout") for (const one of sites.values()) if (!one.settings.has(name)) one.settings.set(name, { node, value: { unknown: "set on a server that is not followed" } });
}

function opens(file: TsFile, call: CallExpression): Framework | undefined {
  const name = canonical(file, call.expression);
  if (name === "http#createServer" || name === "https#createServer") return "node";
  if (name === "http2#createServer" || name === "http2#createSecureServer") return "http2";
  if (name === "@hono/node-server#serve") return "hono";
  if (name === "fastify#" || name === "fastify#fastify") return "fastify";
  if (!ts.isPropertyAccessExpression(call.expression) || call.expression.name.text !== "listen") return undefined;
  const app = made(file, call.expression.expression);
  if (importedApp(file, call)) return "imported";
  if (!app || !(ts.isCallExpression(app) || ts.isNewExpression(app))) return undefined;
  const maker = canonical(file, app.expression);
  if (maker === "express#") return "express";
  if (maker === "koa#") return "koa";
  return maker === "@nestjs/core#NestFactory.create" ? nestFramework(file, app) : undefined;
}

/** The imported application, or the imported function that made it, on which `.listen()` is called. */
export function importedApp(file: TsFile, call: CallExpression | NewExpression): Ref | undefined {
  const { expression } = call;
  const { ref } = ts.isPropertyAccessExpression(expression) && expression.name.text === "listen" ? receiverOf(file, expression.expression) : {};
  return ref?.module !== undefined && /^[.~#]|^@\//.test(ref.module) ? ref : undefined;
}

function nestFramework(file: TsFile, app: CallExpression | NewExpression): Framework | undefined {
  const adapter = app.arguments?.[1];
  const origin = adapter && made(file, adapter);
  if (origin && ts.isNewExpression(origin) && /FastifyAdapter/.test(canonical(file, origin.expression) ?? "")) return undefined;
  return "nest";
}

function fromOptions(file: TsFile, call: CallExpression, framework: Framework): Map<Limit, { node: Expression; value: Value<number> }> {
  const settings = new Map<Limit, { node: Expression; value: Value<number> }>();
  if (framework !== "node" && framework !== "fastify" && framework !== "hono") return settings;
  const options = call.arguments[0];
  // The only argument of `createServer` is a request handler unless it is written as an object.
  if (!options || (framework === "node" && call.arguments.length === 1 && !ts.isObjectLiteralExpression(bare(options)))) return settings;
  for (const name of limits) {
    const found = option(file, options, framework === "hono" ? `serverOptions.${name}` : name);
    if (found.is === "present") settings.set(name, { node: found.node, value: asNumber(found.value) });
    else if (found.is === "unknown") settings.set(name, { node: options, value: { unknown: found.why } });
  }
  return settings;
}

/** The call that opened the server an expression stands for, through `.listen()`, `getHttpServer()` and chained calls. */
export function serverRoot(file: TsFile, owner: Expression): Node | undefined {
  let expr = made(file, owner);
  for (let step = 0; expr && step < 10; step++) {
    if (!ts.isCallExpression(expr)) return expr;
    if (opens(file, expr)) return expr;
    if (!ts.isPropertyAccessExpression(expr.expression)) return expr;
    const inner: Expression | undefined = made(file, expr.expression.expression);
    if (expr.expression.name.text === "getHttpServer") return listenOf(file, inner) ?? expr;
    expr = inner;
  }
  return undefined;
}

/** The `app.listen()` of a Nest application. */
function listenOf(file: TsFile, app: Expression | undefined): Node | undefined {
  return nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).find(
    (call) => ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === "listen" && made(file, call.expression.expression) === app,
  );
}
