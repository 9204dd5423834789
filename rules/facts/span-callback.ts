// Question: does a callback that ends a span leave a path without it? Callbacks of promises, of contexts, and those that take an error first.

import { ts, type CallExpression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { calleeName } from "../../engine/typescript/outlive.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { leaksOf } from "../../engine/typescript/release.ts";
import { references } from "../../engine/typescript/scope.ts";
import type { Span } from "../../engine/types.ts";

export interface CallbackLeak {
  readonly leak: "exit" | "throw" | "reject";
  readonly leaves: Span;
}

/** `work().then((r) => { span.end(); return r; })`: a rejected promise never gets there. */
export function chainedLeak(owner: FunctionLikeDeclaration, ends: readonly CallExpression[]): CallbackLeak | undefined {
  const fn = onlyCallback(owner, ends);
  const call = fn && argumentOf(fn);
  if (!call || calleeName(call) !== "then" || call.arguments.length !== 1 || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  // A step before that catches leaves nothing to reject.
  return /\.catch\(/.test(call.expression.expression.getText()) ? undefined : { leak: "reject", leaves: span(call.expression.name) };
}

/** The body of `context.with(ctx, async () => ...)` runs in place; a callback that takes an error leaves early on it. */
export function nestedLeak(file: TsFile, owner: FunctionLikeDeclaration, ends: readonly CallExpression[]): CallbackLeak | undefined {
  const fn = onlyCallback(owner, ends);
  const call = fn && argumentOf(fn);
  if (!fn || !call) return undefined;
  const [leak] = leaksOf({ owner: fn, acquired: fn, releases: ends });
  if (!leak || (leak.is === "throw" && leak.where === "before-try")) return undefined;
  if (calleeName(call) === "with") return { leak: leak.is === "exit" ? "exit" : "throw", leaves: span(leak.at) };
  return leak.is === "exit" && isOnError(file, fn, leak.at) ? { leak: "exit", leaves: span(leak.at) } : undefined;
}

/** The one function below the owner that has all the ends. */
function onlyCallback(owner: FunctionLikeDeclaration, ends: readonly CallExpression[]): FunctionLikeDeclaration | undefined {
  const [first, ...rest] = ends.map((one) => enclosingFunction(one));
  return first !== undefined && first !== owner && enclosingFunction(first) === owner && rest.every((one) => one === first) ? first : undefined;
}

function argumentOf(fn: Node): CallExpression | undefined {
  return ts.isCallExpression(fn.parent) && fn.parent.expression !== fn ? fn.parent : undefined;
}

/** A way out under a condition that asks the error, the first parameter. */
function isOnError(file: TsFile, fn: FunctionLikeDeclaration, leaves: Node): boolean {
  const name = fn.parameters[0]?.name;
  if (!name || !ts.isIdentifier(name) || !/^(e|err|error)$/i.test(name.text)) return false;
  const uses = references(file, fn.parameters[0]!, name.text);
  for (let up: Node = leaves; up !== fn && up.parent; up = up.parent) {
    const { parent } = up;
    if (ts.isIfStatement(parent) && up !== parent.expression && uses.some((use) => use.pos >= parent.expression.pos && use.end <= parent.expression.end)) return true;
  }
  return false;
}
