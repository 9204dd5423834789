// Fact: how often a service renews its registration by itself, in ms. A timer or schedule around what passes a check or keeps a lease.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { asNumber } from "../../engine/value.ts";
import { calleeRef } from "./callee.ts";
import { renewals } from "./renewal-timer.ts";
import { renewalName, renewedBy, renewers, type Renewal } from "./renewal.ts";
import type { FactKind, Known, Ref, Value } from "../../engine/types.ts";

export interface Heartbeat extends Renewal {
  readonly every: Value<number>;
  /** What the timer calls in other modules: one of them may be what renews. */
  readonly calls: readonly Ref[];
  /** The interval stands here as a number of ms. */
  readonly numeric: boolean;
}

/** `eureka-js-client` beats every 30 s, in ms: https://github.com/jquatier/eureka-js-client#advanced-configuration-options */
const eurekaInterval: Known<number> = { known: 30_000, by: "default", from: [] };

export const heartbeat: FactKind<Heartbeat> = {
  id: "heartbeat",
  title: "Heartbeat interval",
  ts: {
    // What renews is a fact that is followed: every file that can hold a heartbeat is read for it.
    mentions: [],
    *find(file) {
      for (const { at, every, work, numeric } of renewals(file)) {
        const found = renewedIn(file, work);
        const calls = found ? [] : callsIn(file, work).flatMap((one) => calleeRef(file, one) ?? []).concat(directly(file, work)).filter((one) => one.module !== undefined);
        if (found || calls.length > 0) yield { at: span(at), value: { every: asNumber(every), calls: calls.slice(0, 20), numeric, ...found } };
      }
      for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
        if (!/^eureka-js-client#/.test(canonical(file, call.expression) ?? "")) continue;
        const found = option(file, call.arguments?.[0], "eureka.heartbeatInterval");
        if (found.is === "present") yield { at: span(found.node), value: { registry: "eureka", every: asNumber(found.value), calls: [], numeric: true } };
        else if (found.is === "absent") yield { at: span(call.expression), value: { registry: "eureka", every: eurekaInterval, calls: [], numeric: false } };
      }
    },
  },
};

/** What the work renews: by its own calls, or through a function of this file. */
function renewedIn(file: TsFile, work: Node): Renewal | undefined {
  const body = functionOf(file, work as Expression) ?? work;
  const known = renewers(file).get(body.getStart());
  if (known) return known;
  if (ts.isPropertyAccessExpression(work)) return renewalName(file, work) ?? ofMethod(file, work);
  for (const call of callsIn(file, work)) {
    const found = renewedBy(file, call) ?? renewers(file).get(calleeRef(file, call)?.start ?? -1);
    if (found) return found;
    const bound = ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === "bind" ? call.expression.expression : undefined;
    const method = bound && ts.isPropertyAccessExpression(bound) ? (renewalName(file, bound) ?? ofMethod(file, bound)) : undefined;
    if (method) return method;
  }
  return undefined;
}

function ofMethod(file: TsFile, method: Expression): Renewal | undefined {
  const ref = calleeRef(file, { expression: method as CallExpression["expression"] });
  return ref?.start === undefined ? undefined : renewers(file).get(ref.start);
}

/** The function that is itself given to the timer. */
function directly(file: TsFile, work: Node): readonly Ref[] {
  return ts.isIdentifier(work) || ts.isPropertyAccessExpression(work) ? [calleeRef(file, { expression: work as CallExpression["expression"] })].filter((one) => one !== undefined) : [];
}

function callsIn(file: TsFile, work: Node): readonly CallExpression[] {
  const body = functionOf(file, work as Expression) ?? work;
  return nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).filter((call) => call.pos >= body.pos && call.end <= body.end);
}

/** A third of a TTL, as an expression keeps it: what a registry's own clients use. */
export function third(ttl: number): number {
  return Math.max(100, Math.floor(ttl / 3 / 100) * 100);
}
