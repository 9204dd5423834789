// Question: which call that a loop waits for asks a database, a broker or another service, by a client of this file or through a function?

import { dependencySteps, type DependencyStep } from "./dependency-call.ts";
import { calledFunction } from "./kafka-handler.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import type { CallExpression } from "../../engine/typescript/compiler.ts";
import { calleeText } from "../../engine/typescript/outlive.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";

export interface RetriedWork {
  readonly call: CallExpression;
  /** What it asks, when other modules tell; none where this file does. */
  readonly steps?: readonly DependencyStep[];
}

const connects = /^(amqplib|amqp-connection-manager|mongoose|nats|mqtt|rhea-promise|oracledb|mssql)#(connect|connectAsync|createConnection|getConnection)$/;
/** A function that waits by itself, or that is meant to be called at once again. */
const waits = /sleep|delay|setTimeout|backoff|wait(For|Until)|jitter|poll/i;
/** A conflict between writers is over when it is seen: trying again at once is right. */
const conflicts = /conflict|optimis|serializ|deadlock|unique|duplicate|collision|version|transaction|40001|P2034|lock(ed|Error)/i;

/** The first of the awaited calls of a loop that leaves the process. */
export function retriedWork(file: TsFile, calls: readonly CallExpression[], loop: string): RetriedWork | undefined {
  if (conflicts.test(loop)) return undefined;
  for (const call of calls) {
    if (connects.test(canonical(file, call.expression) ?? "")) return { call };
    const own = calledFunction(file, call.expression);
    if (own && waits.test(own.getText())) continue;
    const steps = own ? dependencySteps(file, own) : dependencySteps(file, call).filter((one) => one.what === calleeText(call));
    if (steps.some((one) => one.sure)) return { call };
    // Whether a function of another module waits by itself is not seen.
    const asked = steps.filter((one) => one.database || one.client).map(({ target: _, ...one }) => one);
    if (asked.length > 0) return { call, steps: asked };
  }
  return undefined;
}
