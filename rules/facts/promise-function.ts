// Fact: a function or method that gives a promise for sure: it is async, its type says so, or it returns what a known client gives.

import { clientCall } from "./async-client.ts";
import { ts, type FunctionLikeDeclaration } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { returned } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { FactKind } from "../../engine/types.ts";

export const promiseFunction: FactKind<{ readonly promise: true }> = {
  id: "promise-function",
  title: "Function that gives a promise",
  named: true,
  ts: {
    // Read where a call asks for it.
    mentions: [],
    deferred: true,
    *find(file) {
      for (const fn of functionsOf(file)) if (givesPromise(file, fn)) yield { at: span(fn), value: { promise: true } };
    },
  },
};

function functionsOf(file: TsFile): FunctionLikeDeclaration[] {
  const { FunctionDeclaration, ArrowFunction, FunctionExpression, MethodDeclaration } = ts.SyntaxKind;
  return [FunctionDeclaration, ArrowFunction, FunctionExpression, MethodDeclaration].flatMap((kind) => [...nodes<FunctionLikeDeclaration>(file, kind)]);
}

/** True when calling the function gives a promise for sure. */
export function givesPromise(file: TsFile, fn: FunctionLikeDeclaration): boolean {
  if (!fn.body || fn.asteriskToken) return false;
  if (ts.canHaveModifiers(fn) && ts.getModifiers(fn)?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword)) return true;
  if (fn.type) return ts.isTypeReferenceNode(fn.type) && fn.type.typeName.getText() === "Promise";
  const result = returned(file, fn);
  const call = result && bare(result);
  return call !== undefined && ts.isCallExpression(call) && clientCall(file, call) === true;
}
