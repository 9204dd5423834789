// Fact: a path that a service answers, as far as one file says it, and everything that could answer paths we cannot list.
// Prefixes of mounts are not resolved: a route under an unknown prefix answers every path that ends with it.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Decorator, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { value } from "../../engine/typescript/value.ts";
import { isHarmless } from "./route-middleware.ts";
import { urlComparisons } from "./route-by-url.ts";
import type { Fact, FactKind, Value } from "../../engine/types.ts";

export interface Route {
  /** `GET`, `POST`, ... or `ALL`. */
  readonly method: string;
  /** Path as written, with `:id` and `*`; unknown where it is computed, and for whatever serves paths of its own. */
  readonly path: Value<unknown>;
  /** Not a route that we see, but a path that the code names: it may be one of a table of routes. */
  readonly named?: true;
}

export const route: FactKind<Route> = {
  id: "route",
  title: "Served route",
  ts: {
    lazy: true,
    mentions: [
      ["express", "fastify", "koa", "hono", "Hono", "@nestjs/", "restify", "polka", "erver", "oute", "app.", "erminus", "ightship", "next", "plugin"],
      [".get(", ".use(", ".all(", ".route(", ".register(", ".head(", ".add(", "@Get", "@All", "@Controller", "createServer", "healthChecks", "createLightship", ".on("],
    ],
    *find(file) {
      const seen = new Set<number>();
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression))
        for (const fact of fromCall(file, call)) seen.add(fact.at.start), yield fact;
      yield* fromNest(file);
      yield* urlComparisons(file);
      for (const literal of nodes<Node & { text: string }>(file, ts.SyntaxKind.StringLiteral))
        if (/^\/[\w\-/.]{1,80}$/.test(literal.text) && !seen.has(literal.getStart())) yield { at: span(literal), value: { method: "ALL", path: { known: literal.text, by: "text", from: [span(literal)] }, named: true } };
    },
  },
};

const methods: Readonly<Record<string, string>> = { get: "GET", head: "GET", all: "ALL", post: "POST", put: "PUT", patch: "PATCH", delete: "DELETE", del: "DELETE", options: "OPTIONS" };

function* fromCall(file: TsFile, call: CallExpression): Iterable<Fact<Route>> {
  const name = canonical(file, call.expression);
  if (name === "lightship#createLightship") for (const path of ["/health", "/live", "/ready"]) yield known(call, "GET", path);
  if (name === "@godaddy/terminus#createTerminus") yield* fromTerminus(call);
  if (name === "next#" || /^(http-proxy|httpxy)#createProxy/.test(name ?? "")) yield opaque(call, "serves paths of its own");
  if (!ts.isPropertyAccessExpression(call.expression)) return;
  const verb = call.expression.name.text;
  const [first] = call.arguments;
  if (!first) return;
  if (methods[verb] && call.arguments.length >= 2 && looksLikePath(file, first) && handles(call)) yield { at: span(first), value: { method: methods[verb], path: pathOf(file, first) } };
  else if (verb === "route" && ts.isObjectLiteralExpression(first)) yield* fromRouteObject(file, first);
  else if (verb === "route" && looksLikePath(file, first)) yield* fromChain(file, call, first);
  else if (verb === "use" || verb === "register") yield* fromUse(file, call, verb);
}

/** The call registers something that answers: its last argument is a function, or a name for one. */
function handles(call: CallExpression): boolean {
  const last = call.arguments[call.arguments.length - 1]!;
  return ts.isFunctionLike(last) || ts.isIdentifier(last) || ts.isPropertyAccessExpression(last) || ts.isCallExpression(last) || ts.isArrayLiteralExpression(last);
}

function looksLikePath(file: TsFile, node: Expression): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.some((one) => looksLikePath(file, one));
  if (ts.isRegularExpressionLiteral(node)) return true;
  const found = value(file, node);
  return !("known" in found) ? ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isTemplateExpression(node) || ts.isBinaryExpression(node) : typeof found.known === "string" && (found.known.startsWith("/") || found.known === "*" || found.known === "");
}

function pathOf(file: TsFile, node: Expression): Value<unknown> {
  return ts.isRegularExpressionLiteral(node) || ts.isArrayLiteralExpression(node) ? { unknown: "a pattern" } : value(file, node);
}

/** `router.route("/x").get(handler)`: the path is the route's, the method the chain's. */
function* fromChain(file: TsFile, call: CallExpression, path: Expression): Iterable<Fact<Route>> {
  let found = false;
  for (let up: Node = call.parent; ts.isPropertyAccessExpression(up) || ts.isCallExpression(up); up = up.parent)
    if (ts.isPropertyAccessExpression(up) && methods[up.name.text]) (found = true), yield { at: span(path), value: { method: methods[up.name.text]!, path: pathOf(file, path) } };
  // Hono and koa mount a sub-application with it.
  if (!found) yield { at: span(path), value: { method: "ALL", path: { unknown: "a mounted application" } } };
}

function* fromRouteObject(file: TsFile, literal: Node): Iterable<Fact<Route>> {
  if (!ts.isObjectLiteralExpression(literal)) return;
  const member = (name: string) => literal.properties.find((one) => ts.isPropertyAssignment(one) && one.name.getText() === name) as { initializer: Expression } | undefined;
  const path = member("url") ?? member("path");
  const method = member("method");
  const said = method && value(file, method.initializer);
  if (path) yield { at: span(path.initializer), value: { method: said && "known" in said && typeof said.known === "string" ? said.known.toUpperCase() : "ALL", path: pathOf(file, path.initializer) } };
}

/** Middleware and plugins: a router of this service states its routes where it is made; what comes from a package may serve anything unless it is known not to. */
function* fromUse(file: TsFile, call: CallExpression, verb: "use" | "register"): Iterable<Fact<Route>> {
  for (const one of call.arguments) {
    if (ts.isStringLiteralLike(one) || ts.isObjectLiteralExpression(one)) continue;
    if (!isHarmless(file, one)) yield opaque(one, `${verb === "use" ? "a middleware" : "a plugin"} that may answer paths of its own`);
  }
}

function* fromTerminus(call: CallExpression): Iterable<Fact<Route>> {
  for (const one of call.arguments)
    if (ts.isObjectLiteralExpression(one))
      for (const property of one.properties)
        if (ts.isPropertyAssignment(property) && property.name.getText() === "healthChecks" && ts.isObjectLiteralExpression(property.initializer))
          for (const check of property.initializer.properties) if (check.name && ts.isStringLiteralLike(check.name)) yield known(check.name, "GET", check.name.text);
  if (call.arguments.some((one) => !ts.isObjectLiteralExpression(one) && !ts.isIdentifier(one))) yield opaque(call, "options that are not read");
}

/** Nest: the controller's prefix and the method's path. A global prefix stands before both and is left open. */
function* fromNest(file: TsFile): Iterable<Fact<Route>> {
  for (const decorator of nodes<Decorator>(file, ts.SyntaxKind.Decorator)) {
    const call = ts.isCallExpression(decorator.expression) ? decorator.expression : undefined;
    const name = call && canonical(file, call.expression);
    const verb = /^@nestjs\/common#(Get|Head|All|Post|Put|Patch|Delete|Options)$/.exec(name ?? "")?.[1];
    if (!verb || !call) continue;
    const owner = decorator.parent.parent;
    const controller = ts.canHaveDecorators(owner) ? ts.getDecorators(owner)?.map((one) => one.expression).find((one) => ts.isCallExpression(one) && canonical(file, one.expression) === "@nestjs/common#Controller") : undefined;
    const prefix = controller && ts.isCallExpression(controller) ? controller.arguments[0] : undefined;
    const parts = [prefix, call.arguments[0]].map((one) => (one ? value(file, one) : { known: "", by: "text" as const, from: [] }));
    const said = parts.map((one) => ("known" in one && typeof one.known === "string" ? one.known : undefined));
    const path = said.every((one) => one !== undefined) ? `/${said.flatMap((one) => one!.split("/")).filter(Boolean).join("/")}` : undefined;
    yield { at: span(decorator), value: { method: verb === "Head" ? "GET" : verb.toUpperCase(), path: path === undefined ? { unknown: "a computed path" } : { known: path, by: "text", from: [span(decorator)] } } };
  }
}

function known(at: Node, method: string, path: string): Fact<Route> {
  return { at: span(at), value: { method, path: { known: path, by: "text", from: [span(at)] } } };
}

function opaque(at: Node, why: string): Fact<Route> {
  return { at: span(at), value: { method: "ALL", path: { unknown: why } } };
}
