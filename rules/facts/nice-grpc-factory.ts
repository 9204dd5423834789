// What does a nice-grpc client factory add to every call? Reads `createClientFactory().use(...)` and default call options. States no fact itself.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type Expression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { Span } from "../../engine/types.ts";

/** Middleware that sets no limit by itself. */
const passive = /^(nice-grpc-client-middleware-(deadline|retry|devtools)|nice-grpc-(opentelemetry|prometheus))#/;

/** Whether a factory obeys `deadline`, and whether some middleware may bound calls; undefined when the expression is no factory of this file. */
export function middlewareOf(file: TsFile, factory: Expression): { deadlines: boolean; bounds: boolean } | undefined {
  let deadlines = false;
  let bounds = false;
  let expr: Expression | undefined = factory;
  for (let step = 0; expr && step < 20; step++) {
    const made: Expression | undefined = receiverOf(file, expr).made;
    if (!made || !ts.isCallExpression(made)) return undefined;
    if (canonical(file, made.expression) === "nice-grpc#createClientFactory") return { deadlines, bounds };
    if (!ts.isPropertyAccessExpression(made.expression) || made.expression.name.text !== "use") return undefined;
    const [middleware] = made.arguments;
    const callee = middleware && ts.isCallExpression(bare(middleware)) ? (bare(middleware) as { expression: Expression } & Expression).expression : middleware;
    const name = canonical(file, callee);
    if (name === "nice-grpc-client-middleware-deadline#deadlineMiddleware") deadlines = true;
    else if (name === undefined || !passive.test(name)) bounds = true;
    expr = made.expression.expression;
  }
  return undefined;
}

export interface Defaults {
  /** Every call is bounded, or may be. */
  readonly all: boolean;
  readonly methods: readonly string[];
  /** A default `deadline` without the middleware that obeys it. */
  readonly inert?: Span;
}

/** What the third argument of `create` bounds. */
export function boundedDefaults(file: TsFile, node: Expression | undefined, deadlines: boolean): Defaults {
  if (!node) return { all: false, methods: [] };
  const literal = bare(receiverOf(file, node).made ?? node);
  if (!ts.isObjectLiteralExpression(literal)) return { all: true, methods: [] };
  const methods: string[] = [];
  let inert: Span | undefined;
  let all = false;
  for (const one of literal.properties) {
    const key = one.name && keyText(one.name);
    const value = ts.isPropertyAssignment(one) ? one.initializer : ts.isShorthandPropertyAssignment(one) ? one.name : undefined;
    const signal = value && option(file, value, "signal");
    const deadline = value && option(file, value, "deadline");
    if (key === undefined || !signal || !deadline) all = true;
    else if (signal.is !== "absent" || deadline.is === "unknown" || (deadline.is === "present" && deadlines)) key === "*" ? (all = true) : methods.push(key);
    else if (deadline.is === "present") {
      inert ??= span(deadline.node.parent);
      // Reported once, where it stands: its calls say no more.
      key === "*" ? (all = true) : methods.push(key);
    }
  }
  return { all, methods, ...(inert ? { inert } : {}) };
}
