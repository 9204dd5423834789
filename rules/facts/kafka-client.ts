// Fact: a Kafka client or one of its consumers that a module makes, and how long the consumer may be silent. Judges nothing.

import table from "../defaults/kafka-clients.json" with { type: "json" };
import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type ImportDeclaration, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { asNumber } from "../../engine/value.ts";
import type { FactKind, Facts, Linked, Ref, Value } from "../../engine/types.ts";

/** What is known of one client library. */
export interface KafkaRow {
  readonly package: string;
  /** Pattern of the canonical names of its types and classes. */
  readonly types: string;
  /** Releases for which the row was read. */
  readonly versions: string;
  /** Who drops a silent consumer, as a message names it. */
  readonly library: string;
  /** How long a handler may take without a sign of life by default, in ms, and the options that set it. */
  readonly limit: number;
  readonly limitKeys: readonly string[];
  /** Heartbeats are sent between messages and by the handler itself; else in the background. */
  readonly manual: boolean;
  /** Where retry options stand, and the default of `initialRetryTime` in ms, where it is kept as it is. */
  readonly retryKey: string;
  readonly firstRetry?: number;
  readonly source: string;
}

/** The library of a value, or the name that another module gives it. */
export type KafkaSource = { readonly row: number } | { readonly ref: Ref };

export interface KafkaClient {
  readonly of: KafkaSource;
  /** Of a consumer: how long it may be silent, in ms, for each row of the table. */
  readonly limits?: readonly Value<number>[];
}

export const kafkaRows: readonly KafkaRow[] = table;
const types = kafkaRows.map((row) => new RegExp(row.types));

export const kafkaClient: FactKind<KafkaClient> = {
  id: "kafka-client",
  title: "Kafka client",
  named: true,
  followed: true,
  ts: {
    mentions: [["kafkajs", "kafka-javascript", ".consumer("]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const of = roleOf(call) === "consumer" ? kafkaOf(file, (call.expression as { expression?: Expression }).expression!) : undefined;
        if (of) yield { at: span(call), value: { of, limits: kafkaRows.map((row) => limit(file, call.arguments[0], row)) } };
      }
      for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
        const row = rowOf(canonical(file, call.expression));
        if (row >= 0) yield { at: span(call), value: { of: { row } } };
      }
    },
  },
};

const rowOf = (name: string | undefined) => (name === undefined ? -1 : types.findIndex((pattern) => pattern.test(name)));

/** `consumer`, `producer` or `admin` of `kafka.consumer(...)`. */
export function roleOf(call: CallExpression): string | undefined {
  return ts.isPropertyAccessExpression(call.expression) && /^(consumer|producer|admin)$/.test(call.expression.name.text) ? call.expression.name.text : undefined;
}

/** The library of a client, consumer or producer; undefined when nothing tells. */
export function kafkaOf(file: TsFile, node: Expression, depth = 0): KafkaSource | undefined {
  if (depth > 8) return undefined;
  const typed = rowOf(declaredType(file, node));
  if (typed >= 0) return { row: typed };
  const end = receiverOf(file, node);
  const made = end.made && bare(end.made);
  const row = rowOf(end.type ?? (made && ts.isNewExpression(made) ? canonical(file, made.expression) : undefined));
  if (row >= 0) return { row };
  if (made && ts.isCallExpression(made) && roleOf(made) && ts.isPropertyAccessExpression(made.expression)) return kafkaOf(file, made.expression.expression, depth + 1) ?? ofFile(file);
  const own = ofFile(file);
  return own ?? (end.ref ? { ref: end.ref } : undefined);
}

/** The Kafka library that a type of it names. */
export function kafkaType(name: string | undefined): { readonly row: number; readonly kind?: "eachMessage" | "eachBatch" } | undefined {
  const row = rowOf(name);
  const kind = /Each(Message|Batch)(Payload|Handler)$/.exec(name ?? "");
  return row < 0 ? undefined : { row, ...(kind ? { kind: `each${kind[1] as "Message" | "Batch"}` as const } : {}) };
}

/** The one Kafka library that a file imports. */
function ofFile(file: TsFile): KafkaSource | undefined {
  return once(file, ofFile, () => {
    const modules = nodes<ImportDeclaration>(file, ts.SyntaxKind.ImportDeclaration).map((one) => (one.moduleSpecifier as { text?: string }).text);
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const [first] = call.arguments;
      if (ts.isIdentifier(call.expression) && call.expression.text === "require" && first && ts.isStringLiteralLike(first)) modules.push(first.text);
    }
    const found = kafkaRows.flatMap((row, index) => (modules.includes(row.package) ? [index] : []));
    return found.length === 1 ? { row: found[0]! } : undefined;
  });
}

/** The name under which the consumer of `consumer.run(...)` can be found. */
export function consumerRef(file: TsFile, node: Expression): Ref | undefined {
  const end = receiverOf(file, node);
  const made: Node | undefined = end.made && bare(end.made);
  if (made && ts.isCallExpression(made)) return roleOf(made) === "consumer" ? { name: "consumer", start: made.getStart() } : end.ref;
  return end.ref;
}

function limit(file: TsFile, options: Expression | undefined, row: KafkaRow): Value<number> {
  for (const key of row.limitKeys) {
    const found = option(file, options, key.includes(".ms") ? [key] : key);
    if (found.is === "present") return asNumber(found.value);
    if (found.is === "unknown") return { unknown: found.why };
  }
  return { known: row.limit, by: "default", from: [] };
}

/** The library, followed through the modules that make the client. */
export function libraryOf(fact: Linked<unknown>, of: KafkaSource, facts: Facts, depth = 0): KafkaRow | undefined {
  if ("row" in of) return kafkaRows[of.row];
  const found = depth > 4 ? undefined : facts.named(fact.at.file, of.ref, kafkaClient);
  return found && libraryOf(found, found.value.of, facts, depth + 1);
}

/** How long a consumer may be silent, in ms: undefined where its making is not seen or its limit not known. */
export function silenceOf(fact: Linked<unknown>, consumer: Ref | undefined, row: KafkaRow, facts: Facts): number | undefined {
  const made = consumer && facts.named(fact.at.file, consumer, kafkaClient);
  const found = made?.value.limits?.[kafkaRows.indexOf(row)];
  return found && "known" in found ? found.known : undefined;
}
