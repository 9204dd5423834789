// Fact: an express or koa application, or a function that returns one. It becomes a server where somebody calls its `listen()`.

import { imports } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type FunctionLikeDeclaration, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf, returned } from "../../engine/typescript/receiver.ts";
import type { FactKind } from "../../engine/types.ts";

export const httpApp: FactKind<{ readonly framework: "express" | "koa" }> = {
  id: "http-app",
  title: "HTTP application",
  named: true,
  followed: true,
  ts: {
    mentions: [imports("express", "koa")],
    *find(file) {
      for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
        for (const one of nodes<CallExpression | NewExpression>(file, kind)) {
          const framework = frameworkOf(file, one);
          if (framework) yield { at: span(one), value: { framework } };
        }
      for (const kind of [ts.SyntaxKind.FunctionDeclaration, ts.SyntaxKind.ArrowFunction, ts.SyntaxKind.FunctionExpression])
        for (const one of nodes<FunctionLikeDeclaration & Node>(file, kind)) {
          const result = one.body && returned(file, one);
          const framework = result && frameworkOf(file, receiverOf(file, result).made);
          if (framework) yield { at: span(one), value: { framework } };
        }
    },
  },
};

function frameworkOf(file: TsFile, one: Node | undefined): "express" | "koa" | undefined {
  if (!one || !(ts.isCallExpression(one) || ts.isNewExpression(one))) return undefined;
  const name = canonical(file, one.expression);
  return name === "express#" && ts.isCallExpression(one) ? "express" : name === "koa#" && ts.isNewExpression(one) ? "koa" : undefined;
}
