// Question: does a call give a promise for sure? Known clients, functions of this file, and names that other modules define.

import { asyncClient, clientCall, givesBy } from "./async-client.ts";
import { calleeRef } from "./callee.ts";
import { kafkaOf, type KafkaSource } from "./kafka-client.ts";
import { calledFunction } from "./kafka-handler.ts";
import { givesPromise, promiseFunction } from "./promise-function.ts";
import { ts, type CallExpression } from "../../engine/typescript/compiler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { Facts, Linked, Ref } from "../../engine/types.ts";

/** Why a call gives a promise: certain here, or certain once a name of another module is known. */
export type Proof =
  | { readonly certain: true }
  /** A producer of this Kafka client. */
  | { readonly producer: KafkaSource }
  /** A function; with a method, a client. */
  | { readonly ref: Ref; readonly method?: string };

/** The proof that a call gives a promise; undefined where there is none to be had. */
export function promiseOf(file: TsFile, call: CallExpression): Proof | undefined {
  const callee = bare(call.expression);
  const own = calledFunction(file, callee);
  if (own) return givesPromise(file, own) ? { certain: true } : undefined;
  if (ts.isPropertyAccessExpression(callee) && /^(send|sendBatch)$/.test(callee.name.text) && /producer/i.test(callee.expression.getText())) {
    const producer = kafkaOf(file, callee.expression);
    if (producer) return { producer };
  }
  const client = clientCall(file, call);
  if (client) return client === true ? { certain: true } : client;
  const ref = calleeRef(file, call);
  return ref && /^[.@~#]|^src\//.test(ref.module ?? ".") ? { ref } : undefined;
}

/** True when the call gives a promise, as far as all modules tell. */
export function isPromise(fact: Linked<unknown>, proof: Proof, library: (of: KafkaSource) => unknown, facts: Facts): boolean {
  if ("certain" in proof) return true;
  if ("producer" in proof) return library(proof.producer) !== undefined;
  if (proof.method !== undefined) {
    const found = facts.named(fact.at.file, proof.ref, asyncClient);
    if (found) return givesBy(found.value.row, proof.method);
    // An object or a class of that module: its method may be a function that gives a promise.
    return facts.named(fact.at.file, { ...proof.ref, keys: [proof.method] }, promiseFunction) !== undefined;
  }
  return facts.named(fact.at.file, proof.ref, promiseFunction) !== undefined;
}
