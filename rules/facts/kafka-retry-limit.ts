// Fact: retry options of a Kafka client whose largest delay is below their first one.

import { kafkaOf, kafkaRows, roleOf, kafkaType, type KafkaSource } from "./kafka-client.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { asNumber } from "../../engine/value.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export interface KafkaRetryLimit {
  readonly of: KafkaSource;
  /** `maxRetryTime` and `initialRetryTime`, in ms. */
  readonly most: Value<number>;
  readonly first: Value<number>;
}

export const kafkaRetryLimit: FactKind<KafkaRetryLimit> = {
  id: "kafka-retry-limit",
  title: "Retry limit of a Kafka client",
  ts: {
    mentions: [["maxRetryTime"]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const of = roleOf(call) && ts.isPropertyAccessExpression(call.expression) ? kafkaOf(file, call.expression.expression) : undefined;
        if (of) yield* limits(file, of, call.arguments[0]);
      }
      for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
        const type = kafkaType(canonical(file, call.expression));
        if (type) yield* limits(file, { row: type.row }, call.arguments?.[0]);
      }
    },
  },
};

function* limits(file: TsFile, of: KafkaSource, options: Expression | undefined) {
  // A client of another module: which library it is shows later, and both keep kafkajs' names of the options.
  for (const key of "row" in of ? [kafkaRows[of.row]!.retryKey] : ["retry"]) {
    const most = option(file, options, `${key}.maxRetryTime`);
    const first = option(file, options, `${key}.initialRetryTime`);
    if (most.is !== "present" || first.is === "unknown") continue;
    const standard = "row" in of ? kafkaRows[of.row]!.firstRetry : undefined;
    const initial: Value<number> = first.is === "present" ? asNumber(first.value) : standard === undefined ? { absent: true } : { known: standard, by: "default", from: [] };
    yield { at: span(most.node), value: { of, most: asNumber(most.value), first: initial } };
  }
}
