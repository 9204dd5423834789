// Fact: a router that is put below another one, and under which path; and what stands before all paths of a Nest application.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { nestPrefixes } from "./nest-route.ts";
import { harmless } from "./route-middleware.ts";
import { givenRouters, ownRouters, routeMentions, routerRef } from "./router.ts";
import type { FactKind, Ref, Value } from "../../engine/types.ts";

export interface Mount {
  /** What is mounted on; undefined where that cannot be told. */
  readonly on?: Ref;
  /** Candidates for what is mounted: middleware before a router is among them. None: the path is answered by what stands here. */
  readonly routers: readonly Ref[];
  readonly prefix: Value<unknown>;
  /** The prefix is that of Nest's controllers. */
  readonly nest?: "prefix" | "app";
}

const none: Value<unknown> = { known: "", by: "text", from: [] };

export const mount: FactKind<Mount> = {
  id: "mount",
  title: "Mounted router",
  ts: {
    lazy: true,
    mentions: routeMentions,
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const found = mountOf(file, call);
        if (found) yield { at: span(call), value: found };
      }
      for (const { at, prefix, nest } of nestPrefixes(file)) yield { at, value: { routers: [], prefix, nest } };
    },
  },
};

function mountOf(file: TsFile, call: CallExpression): Mount | undefined {
  const [first, ...rest] = call.arguments;
  const callee = call.expression;
  if (!first) return undefined;
  if (!ts.isPropertyAccessExpression(callee)) return given(file, call);
  const base = () => {
    const on = routerRef(file, callee.expression);
    return on ? { on } : {};
  };
  switch (callee.name.text) {
    case "use": {
      const pathless = ts.isFunctionLike(bare(first)) || rest.length === 0 || candidates(file, [first]).length > 0;
      const routers = candidates(file, pathless ? call.arguments : rest);
      return routers.length > 0 || !pathless ? { ...base(), routers, prefix: pathless ? none : value(file, first) } : undefined;
    }
    case "register": {
      const routers = candidates(file, [first]);
      const prefix = option(file, rest[0], "prefix");
      // A plugin wrapped by fastify-plugin has no prefix, whatever it is given.
      return routers.length > 0 ? { ...base(), routers, prefix: prefix.is === "present" ? prefix.value : prefix.is === "absent" ? none : { unknown: prefix.why } } : undefined;
    }
    case "route": {
      const routers = candidates(file, rest.slice(0, 1));
      return routers.length > 0 ? { ...base(), routers, prefix: value(file, first) } : undefined;
    }
    default:
      return given(file, call);
  }
}

/** `routes(app)`: a function of this workspace is given an application. */
function given(file: TsFile, call: CallExpression): Mount | undefined {
  const [app] = call.arguments;
  const on = app && (isOwn(file, app) || (ts.isIdentifier(app) && /app|router|server|fastify|api|instance|express/i.test(app.text))) ? routerRef(file, app) : undefined;
  const routers = on ? candidates(file, [call.expression]) : [];
  return on && routers.length > 0 ? { on, routers, prefix: none } : undefined;
}

/** An expression that is an application or router made in this file. */
export function isOwn(file: TsFile, node: Expression): boolean {
  if (ownRouters(file).size === 0 || (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node))) return false;
  return ownRouters(file).has(routerRef(file, node)?.start ?? -1);
}

/** What of these may be a router: names of this file or of another one of the workspace, and calls that give one. */
function candidates(file: TsFile, list: readonly Expression[]): readonly Ref[] {
  return list.flatMap((one) => {
    const expr = bare(one);
    if (ts.isStringLiteralLike(expr) || ts.isTemplateExpression(expr) || ts.isArrayLiteralExpression(expr) || ts.isObjectLiteralExpression(expr)) return [];
    // `import("./routes")` gives a module whose default is meant.
    if (ts.isCallExpression(expr) && expr.expression.kind === ts.SyntaxKind.ImportKeyword && expr.arguments[0] && ts.isStringLiteralLike(expr.arguments[0])) return [{ module: expr.arguments[0].text, name: "default" }];
    const own = functionOf(file, expr);
    if (own && !ts.isCallExpression(expr)) return givenRouters(file).has(own) ? [{ name: "", start: own.getStart() }] : [];
    const ref = routerRef(file, expr);
    const name = ts.isCallExpression(expr) ? canonical(file, expr.expression) : undefined;
    return ref && (ref.module === undefined || isLocal(ref.module)) ? [ref] : name !== undefined && isLocal(name.slice(0, name.indexOf("#"))) ? [refOf(name)] : [];
  });
}

function refOf(name: string): Ref {
  const [first, ...keys] = name.slice(name.indexOf("#") + 1).split(".").filter(Boolean);
  return { module: name.slice(0, name.indexOf("#")), name: first ?? "default", ...(keys.length ? { keys } : {}) };
}

/** The module may be one of this workspace: any but packages that are known. */
const isLocal = (module: string) => !module.startsWith("node:") && !/^(express|koa|fastify|hono)$/.test(module) && !harmless.test(`${module}#`);
