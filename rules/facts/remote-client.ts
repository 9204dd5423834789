// Question and fact: does an expression stand for a client of Redis, Kafka or a search engine?

import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import type { FactKind } from "../../engine/types.ts";

const makers = /^(ioredis#(Redis|Cluster|default)?|redis#(createClient|createCluster)|@redis\/client#createClient|@elastic\/elasticsearch#Client|@opensearch-project\/opensearch#Client|memjs#Client\.create)$/;
const types = /^(ioredis#(Redis|Cluster)?|redis#RedisClientType|@redis\/client#RedisClientType|@elastic\/elasticsearch#Client|@opensearch-project\/opensearch#Client|kafkajs#Admin)$/;

export const remoteClient: FactKind<{ readonly what: string }> = {
  id: "remote-client",
  title: "Client of a cache, broker or search engine",
  named: true,
  ts: {
    // Read where a name asks for it.
    mentions: [],
    *find(file) {
      if (!/redis|kafkajs|elasticsearch|opensearch|memjs/.test(file.text)) return;
      for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
        for (const one of nodes<CallExpression | NewExpression>(file, kind)) if (isRemoteClient(file, one)) yield { at: span(one), value: { what: one.expression.getText() } };
    },
  },
};

export function isRemoteClient(file: TsFile, node: Expression): boolean {
  if (types.test(declaredType(file, node) ?? "")) return true;
  const { made, type } = receiverOf(file, node);
  if (types.test(type ?? "")) return true;
  if (!made || !(ts.isCallExpression(made) || ts.isNewExpression(made))) return false;
  if (makers.test(canonical(file, made.expression) ?? "")) return true;
  // `kafka.admin()`, `createClient().on("error", log)`.
  if (!ts.isPropertyAccessExpression(made.expression) || !/^(admin|on|connect|duplicate)$/.test(made.expression.name.text)) return false;
  const owner = receiverOf(file, made.expression.expression).made;
  const name = owner && (ts.isCallExpression(owner) || ts.isNewExpression(owner)) ? (canonical(file, owner.expression) ?? "") : "";
  return made.expression.name.text === "admin" ? name === "kafkajs#Kafka" : makers.test(name);
}
