// Fact: a function that renews a registration, itself or through functions of its file: passes a Consul check, keeps an etcd lease, sends a Nacos beat.

import { made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { calleeRef } from "./callee.ts";
import { isConsul, leaseOf, makerOf, type Registration, type Registry } from "./registry-registration.ts";
import type { FactKind } from "../../engine/types.ts";

export interface Renewal {
  /** Undefined: some words of this file speak of renewing, and we do not see what they do. */
  readonly registry?: Registry;
  /** The lease it keeps, where this file makes it. */
  readonly own?: Registration;
}

export const renewal: FactKind<Renewal> = {
  id: "renewal",
  title: "Function that renews a registration",
  named: true,
  followed: true,
  ts: {
    mentions: [["consul", "etcd3", "nacos", "agent/check", "agent.check", ".pass(", "passTTL", "checkPass", "keepaliveOnce"]],
    *find(file) {
      for (const [start, value] of renewers(file)) yield { at: { file: "", start, end: start }, value };
      if (/\bpass\b|passTTL|checkPass|check\/update|updateTtl/i.test(file.text)) yield { at: { file: "", start: file.text.length, end: file.text.length }, value: {} };
    },
  },
};

/** Functions of a file that renew, by where they start. A function that only starts a timer does not. */
export function renewers(file: TsFile): ReadonlyMap<number, Renewal> {
  return once(file, renewers, () => {
    const found = new Map<number, Renewal>();
    const calls = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression);
    const mark = (call: Node, what: Renewal) => {
      let grown = false;
      for (let one = enclosingFunction(call); one && !ts.isConstructorDeclaration(one); one = isTimerWork(one) ? undefined : enclosingFunction(one))
        if (!found.has(one.getStart())) found.set(one.getStart(), what), (grown = true);
      return grown;
    };
    for (const call of calls) {
      const what = renewedBy(file, call);
      if (what) mark(call, what);
    }
    for (let round = 0, grown = found.size > 0; grown && round < 5; round++) {
      grown = false;
      for (const call of calls) {
        const start = calleeRef(file, call)?.start;
        const what = start === undefined ? undefined : found.get(start);
        if (what && mark(call, what)) grown = true;
      }
    }
    return found;
  });
}

/** Work given to a timer runs by itself: the function around it does not wait for it. */
function isTimerWork(work: FunctionLikeDeclaration): boolean {
  return ts.isCallExpression(work.parent) && /\b(setInterval|setTimeout|schedule|CronJob|on|once|addEventListener)$/.test(work.parent.expression.getText());
}

/** `consul.agent.check.pass(id)`, `lease.keepaliveOnce()`, `nacos.sendBeat()`, and a PUT to Consul's own path. */
export function renewedBy(file: TsFile, call: CallExpression): Renewal | undefined {
  if (ts.isPropertyAccessExpression(call.expression)) {
    const found = renewalName(file, call.expression);
    if (found) return found;
  }
  return call.arguments.some((one) => !ts.isFunctionLike(one) && /\/v1\/agent\/check\/pass\//.test(one.getText().slice(0, 400))) ? { registry: "consul" } : undefined;
}

/** The same for a method that is passed on without a call. */
export function renewalName(file: TsFile, callee: Expression): Renewal | undefined {
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const method = callee.name.text;
  if (/^(pass|checkPass|passTTL)$/.test(method)) return isConsul(file, callee, /\.agent\.check\.pass$/) ? { registry: "consul" } : undefined;
  const maker = makerOf(file, callee) ?? "";
  if (method === "keepaliveOnce") {
    const origin = made(file, bare(callee.expression));
    const own = origin && leaseOf(file, origin);
    return own ? { registry: "etcd", own } : /^etcd3#/.test(maker) ? { registry: "etcd" } : undefined;
  }
  return method === "sendBeat" && /^nacos(-naming)?#/.test(maker) ? { registry: "nacos" } : undefined;
}
