// Fact: an etcd3 client, or a namespace of one. Question: is a value such a client, or does another module say so?

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import type { FactKind, Ref } from "../../engine/types.ts";

export const etcdClient: FactKind<Record<never, never>> = {
  id: "etcd-client",
  title: "etcd client",
  named: true,
  followed: true,
  ts: {
    mentions: [["etcd3"]],
    *find(file) {
      for (const kind of [ts.SyntaxKind.NewExpression, ts.SyntaxKind.CallExpression])
        for (const one of nodes<NewExpression | CallExpression>(file, kind)) if (makes(file, one)) yield { at: span(one), value: {} };
    },
  },
};

/** True for a client; its making in another module; undefined for anything else. */
export function etcdOf(file: TsFile, node: Expression): true | Ref | undefined {
  const { made, type, ref } = receiverOf(file, node);
  if (type !== undefined) return /^etcd3#(Etcd3|Namespace)$/.test(type) || undefined;
  if (made) return (ts.isNewExpression(made) || ts.isCallExpression(made)) && makes(file, made) ? true : undefined;
  return ref?.module === "etcd3" ? undefined : ref;
}

function makes(file: TsFile, node: NewExpression | CallExpression): boolean {
  let expr: NewExpression | CallExpression = node;
  for (let step = 0; step < 5; step++) {
    if (ts.isNewExpression(expr)) return canonical(file, expr.expression) === "etcd3#Etcd3";
    if (!ts.isPropertyAccessExpression(expr.expression) || expr.expression.name.text !== "namespace") return false;
    const { made, type } = receiverOf(file, expr.expression.expression);
    if (type === "etcd3#Etcd3") return true;
    if (!made || !(ts.isNewExpression(made) || ts.isCallExpression(made))) return false;
    expr = made;
  }
  return false;
}
