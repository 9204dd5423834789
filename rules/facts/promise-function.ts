// Fact: a function or method that gives a promise for sure: it is async, or its type says so.

import { ts, type FunctionLikeDeclaration } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
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
      for (const fn of functionsOf(file)) if (givesPromise(fn)) yield { at: span(fn), value: { promise: true } };
    },
  },
};

function functionsOf(file: TsFile): FunctionLikeDeclaration[] {
  const { FunctionDeclaration, ArrowFunction, FunctionExpression, MethodDeclaration } = ts.SyntaxKind;
  return [FunctionDeclaration, ArrowFunction, FunctionExpression, MethodDeclaration].flatMap((kind) => [...nodes<FunctionLikeDeclaration>(file, kind)]);
}

/** True when calling the function gives a promise for sure. */
export function givesPromise(fn: FunctionLikeDeclaration): boolean {
  if (!fn.body || fn.asteriskToken) return false;
  if (ts.canHaveModifiers(fn) && ts.getModifiers(fn)?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword)) return true;
  return fn.type !== undefined && ts.isTypeReferenceNode(fn.type) && fn.type.typeName.getText() === "Promise";
}
