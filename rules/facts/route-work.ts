// Fact: what the handler of a route waits for. Starts where the fact of the route does.

import { ts, type CallExpression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { stepsOf, type WorkStep } from "./awaited-work.ts";
import { calleeRef } from "./callee.ts";
import { routeSites } from "./route-site.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export interface RouteWork {
  readonly method: string;
  /** As the route itself gives it. */
  readonly path: Value<unknown>;
  readonly steps: readonly WorkStep[];
}

export const routeWork: FactKind<RouteWork> = {
  id: "route-work",
  title: "Work that a route waits for",
  ts: {
    mentions: [],
    *find(file) {
      for (const { at, method, path, handler } of routeSites(file)) yield { at, value: { method, path, steps: stepsOfHandler(file, handler) } };
    },
  },
};

function stepsOfHandler(file: TsFile, handler: Node): readonly WorkStep[] {
  const own = ts.isFunctionLike(handler) ? (handler as FunctionLikeDeclaration) : ts.isStatement(handler) ? undefined : functionOf(file, handler as CallExpression);
  if (own) return stepsOf(file, own);
  const target = ts.isStatement(handler) ? undefined : calleeRef(file, { expression: handler as CallExpression["expression"] });
  return target ? [{ at: span(handler), what: handler.getText().slice(0, 40), target, given: [], certain: true, times: 1 }] : [];
}
