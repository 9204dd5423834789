// Question: does a call give a promise for sure? Known clients, functions of this file, and names that other modules define.

import table from "../defaults/async-clients.json" with { type: "json" };
import { calleeRef } from "./callee.ts";
import { clientUses } from "./http-client.ts";
import { kafkaOf, type KafkaSource } from "./kafka-client.ts";
import { calledFunction } from "./kafka-handler.ts";
import { givesPromise, promiseFunction } from "./promise-function.ts";
import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { FactKind, Facts, Linked, Ref } from "../../engine/types.ts";

interface AsyncRow {
  /** Patterns of canonical names: what makes the client, how its type is called, and which of its methods give a promise. */
  readonly made: string;
  readonly type: string;
  readonly calls: string;
  readonly source: string;
}

const rows = (table as readonly AsyncRow[]).map((row) => ({ made: new RegExp(row.made), type: new RegExp(row.type), calls: new RegExp(row.calls) }));

/** Why a call gives a promise: certain here, or certain once a name of another module is known. */
export type Proof =
  | { readonly certain: true }
  /** A producer of this Kafka client. */
  | { readonly producer: KafkaSource }
  /** A function; with a method, a client. */
  | { readonly ref: Ref; readonly method?: string };

export const asyncClient: FactKind<{ readonly row: number }> = {
  id: "async-client",
  title: "Client whose calls give promises",
  named: true,
  ts: {
    mentions: [],
    deferred: true,
    *find(file) {
      for (const kind of [ts.SyntaxKind.NewExpression, ts.SyntaxKind.CallExpression])
        for (const made of nodes<NewExpression | CallExpression>(file, kind)) {
          const row = rowBy("made", canonical(file, made.expression));
          if (row >= 0) yield { at: span(made), value: { row } };
        }
    },
  },
};

const rowBy = (what: "made" | "type", name: string | undefined) => (name === undefined ? -1 : rows.findIndex((row) => row[what].test(name)));

/** The proof that a call gives a promise; undefined where there is none to be had. */
export function promiseOf(file: TsFile, call: CallExpression): Proof | undefined {
  if (clientUses(file).some((use) => use.call === call && !use.row.instance && !use.row.new && use.row.client !== "http")) return { certain: true };
  const last = call.arguments[call.arguments.length - 1];
  const callee = bare(call.expression);
  const own = calledFunction(file, callee);
  if (own) return givesPromise(own) ? { certain: true } : undefined;
  if (ts.isPropertyAccessExpression(callee) && !(last && functionOf(file, last))) {
    const client = ofClient(file, callee.expression, callee.name.text);
    if (client) return client;
  }
  const ref = calleeRef(file, call);
  return ref && /^[.@~#]|^src\//.test(ref.module ?? ".") ? { ref } : undefined;
}

function ofClient(file: TsFile, receiver: Expression, method: string): Proof | undefined {
  if (/^(send|sendBatch)$/.test(method) && /producer/i.test(receiver.getText())) {
    const producer = kafkaOf(file, receiver);
    if (producer) return { producer };
  }
  for (let expr = bare(receiver); ; expr = bare(expr.expression)) {
    const { made, type, ref } = receiverOf(file, expr);
    const row = made && (ts.isCallExpression(made) || ts.isNewExpression(made)) ? rowBy("made", canonical(file, made.expression)) : rowBy("type", type ?? declaredType(file, expr));
    if (row >= 0) return rows[row]!.calls.test(method) ? { certain: true } : undefined;
    if (ref && !ref.keys && /^[.@~#]|^src\//.test(ref.module ?? "") && rows.some((one) => one.calls.test(method))) return { ref, method };
    if (!ts.isPropertyAccessExpression(expr)) return undefined;
  }
}

/** True when the call gives a promise, as far as all modules tell. */
export function isPromise(fact: Linked<unknown>, proof: Proof, library: (of: KafkaSource) => unknown, facts: Facts): boolean {
  if ("certain" in proof) return true;
  if ("producer" in proof) return library(proof.producer) !== undefined;
  if (proof.method !== undefined) {
    const found = facts.named(fact.at.file, proof.ref, asyncClient);
    if (found) return rows[found.value.row]!.calls.test(proof.method);
    // An object or a class of that module: its method may be a function that gives a promise.
    return facts.named(fact.at.file, { ...proof.ref, keys: [proof.method] }, promiseFunction) !== undefined;
  }
  return facts.named(fact.at.file, proof.ref, promiseFunction) !== undefined;
}
