// Fact: something that routes hang on: an application, a router, or a function that is given one or returns one.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, oncePerNode, says, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf, returned } from "../../engine/typescript/receiver.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";
import type { FactKind, Ref, Value } from "../../engine/types.ts";

export interface Router {
  /** An application: answers at the root unless something mounts it. */
  readonly root: boolean;
  /** Stands before the paths of its routes. */
  readonly prefix: Value<unknown>;
  /** The function returns this one. */
  readonly returns?: Ref;
}

/** Files that can state routes. They are read once a check asks for the routes of their service. */
export const routeMentions = [
  ["express", "fastify", "koa", "hono", "Hono", "@nestjs/", "restify", "polka", "erver", "oute", "app.", "erminus", "ightship", "next", "plugin", "req", "ctx"],
  [".get(", ".use(", ".all(", ".route(", ".register(", ".head(", ".add(", "@Get", "@All", "@Controller", "@Module", "NestFactory", "createServer", "healthChecks", "createLightship", ".on(", ".path", ".url", "pathname", "originalUrl", "Router(", "express(", "astify(", "Hono(", "Koa("],
];

const none: Value<unknown> = { known: "", by: "text", from: [] };

export const router: FactKind<Router> = {
  id: "router",
  title: "Application or router",
  named: true,
  ts: {
    lazy: true,
    mentions: routeMentions,
    *find(file) {
      for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
        for (const one of nodes<CallExpression | NewExpression>(file, kind)) {
          const found = routerMadeBy(file, one);
          if (found) yield { at: span(one), value: found };
        }
      const given = givenRouters(file);
      for (const kind of [ts.SyntaxKind.FunctionDeclaration, ts.SyntaxKind.ArrowFunction, ts.SyntaxKind.FunctionExpression, ts.SyntaxKind.MethodDeclaration])
        for (const one of nodes<FunctionLikeDeclaration & Node>(file, kind)) {
          const result = one.body && returned(file, one);
          const made = result && routerRef(file, result);
          if (made?.start !== undefined && made.start !== one.getStart()) yield { at: span(one), value: { root: false, prefix: none, returns: made } };
          else if (given.has(one)) yield { at: span(one), value: { root: false, prefix: none } };
        }
    },
  },
};

const applications = /^(express#|koa#|fastify#|fastify#(fastify|Fastify)|hono#Hono|@hono\/zod-openapi#OpenAPIHono|polka#|restify#createServer)$/;
const routers = /^(express#Router|koa-router#|@koa\/router#|express-promise-router#|router#)$/;

const setLater = /\.basePath\(/;
const prefixedLater = /\.(prefix|basePath)\(/;

/** What an expression makes, if it is an application or a router. */
export function routerMadeBy(file: TsFile, node: Expression): Router | undefined {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
  return oncePerNode(file, node, madeBy);
}

function madeBy(file: TsFile, node: CallExpression | NewExpression): Router | undefined {
  const name = canonical(file, node.expression);
  if (name === undefined) return undefined;
  if (applications.test(name)) return { root: true, prefix: says(file, setLater) ? { unknown: "a prefix that is set later" } : none };
  if (!routers.test(name)) return undefined;
  // Set later, or on another object that shares the routes.
  if (says(file, prefixedLater)) return { root: false, prefix: { unknown: "a prefix that is set later" } };
  const found = option(file, node.arguments?.[0], "prefix");
  return { root: false, prefix: found.is === "present" ? found.value : found.is === "absent" ? none : { unknown: found.why } };
}

/** What a route or mount hangs on: made in this file, given to a function of it, or imported. Chains such as `new Hono().get(...).get(...)` are followed to their start. */
export function routerRef(file: TsFile, node: Expression): Ref | undefined {
  return oncePerNode(file, node, refOf);
}

function refOf(file: TsFile, node: Expression): Ref | undefined {
  let expr = bare(node);
  while (ts.isCallExpression(expr) && ts.isPropertyAccessExpression(expr.expression) && chained.test(expr.expression.name.text) && !routerMadeBy(file, expr)) expr = bare(expr.expression.expression);
  if (ts.isIdentifier(expr)) {
    const declared = declaration(file, expr);
    if (declared && ts.isParameter(declared)) return { name: expr.text, start: declared.parent.getStart() };
    if (declared && ts.isFunctionDeclaration(declared)) return { name: expr.text, start: declared.getStart() };
  }
  const { made, ref } = receiverOf(file, expr);
  let start = made;
  while (start && ts.isCallExpression(start) && ts.isPropertyAccessExpression(start.expression) && chained.test(start.expression.name.text) && !routerMadeBy(file, start)) start = bare(start.expression.expression);
  return start && (routerMadeBy(file, start) || ts.isFunctionLike(start)) ? { name: "", start: start.getStart() } : ref;
}

/** Where the applications and routers that this file makes start. */
export function ownRouters(file: TsFile): ReadonlySet<number> {
  return once(file, ownRouters, () => {
    const found = new Set<number>();
    for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
      for (const one of nodes<CallExpression | NewExpression>(file, kind)) if (routerMadeBy(file, one)) found.add(one.getStart());
    return found;
  });
}

/** Methods that give back what they are called on. */
const chained = /^(get|post|put|patch|delete|head|options|all|use|on|route|register|decorate|addHook|withTypeProvider|routes|middleware|listen)$/;

/** Functions that hang routes on their first parameter. */
export function givenRouters(file: TsFile): ReadonlySet<Node> {
  return once(file, givenRouters, () => {
    const found = new Set<Node>();
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      if (!ts.isPropertyAccessExpression(call.expression) || !/^(get|post|put|patch|delete|head|options|all|use|route|register)$/.test(call.expression.name.text)) continue;
      const receiver = bare(call.expression.expression);
      const declared = ts.isIdentifier(receiver) ? declaration(file, receiver) : undefined;
      const verb = call.expression.name.text;
      // `req.get("host")` has one argument.
      if (declared && ts.isParameter(declared) && call.arguments.length > (/^(use|route|register)$/.test(verb) ? 0 : 1)) found.add(declared.parent);
    }
    return found;
  });
}
