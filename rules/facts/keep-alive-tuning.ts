// Fact: a file sets the keep-alive time of a server that was made elsewhere. Whose it is cannot be told.

import { ts, type BinaryExpression, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import type { FactKind } from "../../engine/types.ts";
import { serverRoot, servers } from "./http-server-site.ts";

export const keepAliveTuning: FactKind<{ readonly option: "keepAliveTimeout" }> = {
  id: "keep-alive-tuning",
  title: "Keep-alive time set elsewhere",
  ts: {
    mentions: [["keepAliveTimeout"]],
    *find(file) {
      for (const one of nodes<BinaryExpression>(file, ts.SyntaxKind.BinaryExpression))
        if (one.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isPropertyAccessExpression(one.left) && one.left.name.text === "keepAliveTimeout" && !own(file, serverRoot(file, one.left.expression)))
          yield { at: span(one), value: { option: "keepAliveTimeout" } };
    },
  },
};

const own = (file: TsFile, root: Node | undefined) => servers(file).some((one) => one.creation === root);
