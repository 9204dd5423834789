// Fact: how often a service renews its registration by itself, in ms. A timer or schedule around the call that passes a check or keeps a lease.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { value } from "../../engine/typescript/value.ts";
import { asNumber } from "../../engine/value.ts";
import { makerOf } from "./registry-ttl.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export const heartbeat: FactKind<Value<number>> = {
  id: "heartbeat",
  title: "Heartbeat interval",
  ts: {
    mentions: [["consul", "etcd3", "nacos", "eureka", "/v1/agent/check/pass/"]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const [work, every] = call.arguments;
        if (!work || !every || !isTimer(file, call) || !renews(file, work)) continue;
        yield { at: span(every), value: asNumber(value(file, every)) };
      }
      for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
        if (!/^eureka-js-client#/.test(canonical(file, call.expression) ?? "")) continue;
        const found = option(file, call.arguments?.[0], "eureka.heartbeatInterval");
        if (found.is === "present") yield { at: span(found.node), value: asNumber(found.value) };
      }
    },
  },
};

function isTimer(file: TsFile, call: CallExpression): boolean {
  const name = canonical(file, call.expression);
  return name === "#setInterval" || name === "#globalThis.setInterval" || name === "timers#setInterval";
}

/** True when the callback, or the function of this file that it calls, renews a registration. */
function renews(file: TsFile, work: Expression): boolean {
  const seen = new Set<Node>();
  const open: Node[] = [functionOf(file, work) ?? work];
  for (let node = open.pop(); node && seen.size < 20; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const call of callsIn(file, node)) {
      if (isRenewal(file, call)) return true;
      const callee = ts.isIdentifier(call.expression) ? functionOf(file, call.expression) : undefined;
      if (callee) open.push(callee);
    }
  }
  return ts.isPropertyAccessExpression(work) && isRenewalName(file, work);
}

function callsIn(file: TsFile, node: Node): readonly CallExpression[] {
  return nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).filter((call) => call.pos >= node.pos && call.end <= node.end);
}

/** `consul.agent.check.pass(id)`, `lease.keepaliveOnce()`, `nacos.sendBeat()`, and a PUT to Consul's own path. */
function isRenewal(file: TsFile, call: CallExpression): boolean {
  if (ts.isPropertyAccessExpression(call.expression) && isRenewalName(file, call.expression)) return true;
  return call.arguments.some((one) => !ts.isFunctionLike(one) && /\/v1\/agent\/check\/pass\//.test(one.getText().slice(0, 300)));
}

function isRenewalName(file: TsFile, callee: Expression): boolean {
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const method = callee.name.text;
  const maker = makerOf(file, callee) ?? "";
  if (/^consul#/.test(maker)) return method === "pass" || method === "checkPass" || method === "passTTL";
  if (/^etcd3#/.test(maker)) return method === "keepaliveOnce";
  return /^nacos(-naming)?#/.test(maker) && method === "sendBeat";
}

/** A third of a TTL, as an expression keeps it: what a registry's own clients use. */
export function third(ttl: number): number {
  return Math.max(100, Math.floor(ttl / 3 / 100) * 100);
}
