// Fact: a path that a service answers, as far as one file says it, and everything that could answer paths we cannot list.
// Paths are those that the route itself gives; what stands before them is for `served-path`.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node, type ObjectLiteralExpression } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { value } from "../../engine/typescript/value.ts";
import { isOwn } from "./mount.ts";
import { nestRoutes } from "./nest-route.ts";
import { isHarmless, takesNothing } from "./route-middleware.ts";
import { urlComparisons } from "./route-by-url.ts";
import { ownRouters, routeMentions, routerRef } from "./router.ts";
import type { Fact, FactKind, Ref, Value } from "../../engine/types.ts";

export interface Route {
  /** `GET`, `POST`, ... or `ALL`. */
  readonly method: string;
  /** Path as written, with `:id` and `*`; unknown where it is computed, and for whatever serves paths of its own. */
  readonly path: Value<unknown>;
  /** What it hangs on, where that can be told. */
  readonly on?: Ref;
  /** A controller's, below the prefix of its application. */
  readonly nest?: true;
  /** Stands for the whole path. */
  readonly alone?: true;
  /** Not a route that we see, but a path that the code names: it may be one of a table of routes. */
  readonly named?: true;
}

export const route: FactKind<Route> = {
  id: "route",
  title: "Served route",
  ts: {
    lazy: true,
    mentions: routeMentions,
    *find(file) {
      const seen = new Set<number>();
      for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
        for (const call of nodes<CallExpression | NewExpression>(file, kind)) for (const fact of fromCall(file, call)) seen.add(fact.at.start), yield fact;
      yield* nestRoutes(file);
      for (const fact of urlComparisons(file)) seen.add(fact.at.start), yield fact;
      if (/\bfrom ["']next(\/[^"']*)?["']/.test(file.text)) yield opaque(file.tree, "Next.js serves files as paths");
      for (const literal of nodes<Node & { text: string }>(file, ts.SyntaxKind.StringLiteral))
        if (/^\/[\w\-/.]{1,80}$/.test(literal.text) && !seen.has(literal.getStart()) && !isPrefix(file, literal)) yield { at: span(literal), value: { method: "ALL", path: { known: literal.text, by: "text", from: [span(literal)] }, named: true } };
    },
  },
};

/** The text is read where it stands: by one of Nest's decorators, or as what stands before other paths. */
function isPrefix(file: TsFile, { parent }: Node): boolean {
  if (ts.isCallExpression(parent) && ts.isDecorator(parent.parent)) return canonical(file, parent.expression)?.startsWith("@nestjs/") === true;
  if (ts.isCallExpression(parent)) return ts.isPropertyAccessExpression(parent.expression) && /^(use|route|setGlobalPrefix|basePath|prefix)$/.test(parent.expression.name.text);
  return ts.isPropertyAssignment(parent) && parent.name.getText() === "prefix";
}

const methods: ReadonlyMap<string, string> = new Map(Object.entries({ get: "GET", head: "GET", all: "ALL", post: "POST", put: "PUT", patch: "PATCH", delete: "DELETE", del: "DELETE", options: "OPTIONS" }));

/** Most calls state nothing: of them only so much is asked. */
function fromCall(file: TsFile, call: CallExpression | NewExpression): Iterable<Fact<Route>> {
  const name = canonical(file, call.expression);
  const verb = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : "";
  return name !== undefined || methods.has(verb) || /^(route|use|register)$/.test(verb) || handsOver(file, call) ? routesOf(file, call, name ?? "") : [];
}

function* routesOf(file: TsFile, call: CallExpression | NewExpression, name: string): Iterable<Fact<Route>> {
  if (name === "lightship#createLightship") for (const path of ["/health", "/live", "/ready"]) yield known(call, "GET", path);
  if (name === "@godaddy/terminus#createTerminus") yield* fromTerminus(call);
  if (name === "next#" || /^(http-proxy|httpxy)#createProxy/.test(name)) yield opaque(call, "serves paths of its own");
  if (handsOver(file, call)) yield opaque(call, "what is given the application may add routes");
  if (!ts.isPropertyAccessExpression(call.expression) || !ts.isCallExpression(call)) return;
  const verb = call.expression.name.text;
  const [first] = call.arguments;
  if (!first) return;
  const ref = routerRef(file, call.expression.expression);
  const on = ref ? { on: ref } : {};
  const method = methods.get(verb);
  if (method !== undefined && call.arguments.length >= 2 && looksLikePath(file, first) && handles(call)) yield { at: span(first), value: { method, path: pathOf(file, first), ...on } };
  else if (verb === "route" && ts.isObjectLiteralExpression(first)) yield* fromRouteObject(file, first, on);
  else if (verb === "route" && looksLikePath(file, first)) yield* fromChain(file, call, first, on);
  else if (verb === "use" || verb === "register") yield* fromUse(file, call, verb);
}

/** An application of this file is given to a package that may hang routes on it. */
function handsOver(file: TsFile, call: CallExpression | NewExpression): boolean {
  const isGiven = (one: Expression) => isOwn(file, one) || (ts.isObjectLiteralExpression(one) && one.properties.some((each) => (ts.isShorthandPropertyAssignment(each) ? isOwn(file, each.name) : ts.isPropertyAssignment(each) && isOwn(file, each.initializer))));
  return ownRouters(file).size > 0 && call.arguments?.some(isGiven) === true && !takesNothing(file, call);
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
function* fromChain(file: TsFile, call: CallExpression, path: Expression, on: Pick<Route, "on">): Iterable<Fact<Route>> {
  let found = false;
  for (let up: Node = call.parent; ts.isPropertyAccessExpression(up) || ts.isCallExpression(up); up = up.parent)
    if (ts.isPropertyAccessExpression(up) && methods.has(up.name.text)) (found = true), yield { at: span(path), value: { method: methods.get(up.name.text)!, path: pathOf(file, path), ...on } };
  // Hono mounts a sub-application with it.
  if (!found && !(call.arguments[1] && isHarmless(file, call.arguments[1]))) yield { at: span(path), value: { method: "ALL", path: { unknown: "a mounted application" } } };
}

function* fromRouteObject(file: TsFile, literal: ObjectLiteralExpression, on: Pick<Route, "on">): Iterable<Fact<Route>> {
  const member = (name: string) => literal.properties.find((one) => ts.isPropertyAssignment(one) && one.name.getText() === name) as { initializer: Expression } | undefined;
  const path = member("url") ?? member("path");
  const method = member("method");
  const said = method && value(file, method.initializer);
  if (path) yield { at: span(path.initializer), value: { method: said && "known" in said && typeof said.known === "string" ? said.known.toUpperCase() : "ALL", path: pathOf(file, path.initializer), ...on } };
}

/** Middleware and plugins: a router of this service states its routes where it is made; what comes from a package may serve anything unless it is known not to. */
function* fromUse(file: TsFile, call: CallExpression, verb: "use" | "register"): Iterable<Fact<Route>> {
  const [first, ...rest] = call.arguments;
  // `passport.use(...)`: a package's own, no router's. What stands at a path of its own is stated as a mount, and answers only there.
  if (/^[^.#@~][^#]*#|^@[^/#]/.test(canonical(file, call.expression) ?? "")) return;
  if (verb === "use" && first && rest.length > 0 && ts.isStringLiteralLike(first) && /^\/./.test(first.text)) return;
  for (const one of call.arguments) {
    if (ts.isStringLiteralLike(one) || ts.isObjectLiteralExpression(one)) continue;
    if (!isHarmless(file, one)) yield opaque(one, `${verb === "use" ? "a middleware" : "a plugin"} that may answer paths of its own`);
  }
}

function* fromTerminus(call: CallExpression | NewExpression): Iterable<Fact<Route>> {
  for (const one of call.arguments ?? [])
    if (ts.isObjectLiteralExpression(one))
      for (const property of one.properties)
        if (ts.isPropertyAssignment(property) && property.name.getText() === "healthChecks" && ts.isObjectLiteralExpression(property.initializer))
          for (const check of property.initializer.properties) if (check.name && ts.isStringLiteralLike(check.name)) yield known(check.name, "GET", check.name.text);
  if (call.arguments?.some((one) => !ts.isObjectLiteralExpression(one) && !ts.isIdentifier(one))) yield opaque(call, "options that are not read");
}

function known(at: Node, method: string, path: string): Fact<Route> {
  return { at: span(at), value: { method, path: { known: path, by: "text", from: [span(at)] }, alone: true } };
}

function opaque(at: Node, why: string): Fact<Route> {
  return { at: span(at), value: { method: "ALL", path: { unknown: why } } };
}
