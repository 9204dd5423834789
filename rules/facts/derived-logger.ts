// Fact: a logger that another one gives: its child, or what a function returns. Question: what is known of the logger at the start?

import { loggerOf } from "./logger.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, span } from "../../engine/typescript/parse.ts";
import { returned } from "../../engine/typescript/receiver.ts";
import type { FactKind, Facts, Linked, Ref } from "../../engine/types.ts";

export const derivedLogger: FactKind<{ readonly of: Ref }> = {
  id: "derived-logger",
  title: "Logger of another logger",
  named: true,
  ts: {
    mentions: [],
    *find(file) {
      if (!/pino|winston|bunyan|\.child\(/.test(file.text)) return;
      const given: [Node, Expression][] = [];
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) if (ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === "child") given.push([call, call]);
      for (const kind of [ts.SyntaxKind.FunctionDeclaration, ts.SyntaxKind.ArrowFunction, ts.SyntaxKind.FunctionExpression])
        for (const fn of nodes<FunctionLikeDeclaration>(file, kind)) {
          const value = ts.isFunctionDeclaration(fn) || ts.isVariableDeclaration(fn.parent) ? returned(file, fn) : undefined;
          if (value) given.push([fn, value]);
        }
      for (const [node, value] of given) {
        const of = loggerOf(file, value)?.ref;
        if (of && of.start !== node.getStart()) yield { at: span(node), value: { of } };
      }
    },
  },
};

/** What is known of the logger that a name stands for, through children and functions that return one. */
export function loggerBehind<T>(facts: Facts, path: string, ref: Ref, kind: FactKind<T>): Linked<T> | undefined {
  let [file, name] = [path, ref];
  for (let step = 0; step < 6; step++) {
    const found = facts.named(file, name, kind);
    const next = found ? undefined : facts.named(file, name, derivedLogger);
    if (!next) return found;
    [file, name] = [next.at.file, next.value.of];
  }
  return undefined;
}
