// Fact: what the handler of a route asks outside of the process. Starts where the fact of the route does.

import { ts, type CallExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { calleeRef } from "./callee.ts";
import { dependencySteps, type DependencyStep } from "./dependency-call.ts";
import { routeSites } from "./route-site.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export interface RouteHandler {
  /** As the route itself gives it. */
  readonly path: Value<unknown>;
  readonly steps: readonly DependencyStep[];
}

export const routeHandler: FactKind<RouteHandler> = {
  id: "route-handler",
  title: "Handler of a route",
  ts: {
    mentions: [],
    *find(file) {
      for (const { at, method, path, handler } of routeSites(file)) if (method === "GET" || method === "ALL") yield { at, value: { path, steps: stepsOf(file, handler) } };
    },
  },
};

/** A handler of this file by its steps, another one by its name. */
function stepsOf(file: TsFile, handler: Node): readonly DependencyStep[] {
  const expression = handler as CallExpression["expression"];
  const own = ts.isFunctionLike(handler) || ts.isStatement(handler) ? handler : functionOf(file, expression);
  if (own) return dependencySteps(file, own);
  const target = calleeRef(file, { expression });
  return target ? [{ at: span(handler), what: handler.getText().slice(0, 40), target }] : [];
}
