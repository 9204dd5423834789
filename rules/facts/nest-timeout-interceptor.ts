// Fact: a Nest interceptor that ends every response after a while, and with it the Observables that handlers return.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression } from "../../engine/typescript/compiler.ts";
import { nodes, span } from "../../engine/typescript/parse.ts";
import type { FactKind } from "../../engine/types.ts";

export const nestTimeoutInterceptor: FactKind<{ readonly operator: string }> = {
  id: "nest-timeout-interceptor",
  title: "Nest timeout interceptor",
  ts: {
    mentions: [["NestInterceptor"], ["timeout"]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const operator = canonical(file, call.expression);
        if (operator !== undefined && /^rxjs(\/operators)?#timeout(With)?$/.test(operator)) yield { at: span(call), value: { operator } };
      }
    },
  },
};
