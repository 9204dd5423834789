// Question: which TTLs do registrations in code state? Consul checks, etcd leases, ZooKeeper sessions, Eureka leases.

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { parseDuration } from "../../engine/quantity.ts";
import { apply, asNumber } from "../../engine/value.ts";
import type { Span, Value } from "../../engine/types.ts";

export type Registry = "consul" | "etcd" | "zookeeper" | "eureka" | "nacos";

export interface Registration {
  readonly registry: Registry;
  readonly at: Span;
  /** In ms. */
  readonly ttl: Value<number>;
}

export const registrationMentions = [["consul", "etcd3", "zookeeper", "eureka", "nacos", ".agent."]];

export function* registrations(file: TsFile): Iterable<Registration> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) yield* fromCall(file, call);
  for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
    if (!/^eureka-js-client#/.test(canonical(file, call.expression) ?? "")) continue;
    const found = option(file, call.arguments?.[0], "instance.leaseInfo.durationInSecs");
    if (found.is === "present") yield { registry: "eureka", at: span(found.node), ttl: seconds(found.value, found.node) };
  }
}

function* fromCall(file: TsFile, call: CallExpression): Iterable<Registration> {
  if (!ts.isPropertyAccessExpression(call.expression)) return;
  const method = call.expression.name.text;
  if (method === "register" && isConsul(file, call.expression, /\.agent\.(service|check)\.register$/)) yield* fromConsul(file, call);
  else if (method === "lease") {
    const found = leaseOf(file, call);
    if (found) yield found;
  } else if (method === "createClient" && canonical(file, call.expression) === "node-zookeeper-client#createClient") {
    const found = option(file, call.arguments[1], "sessionTimeout");
    if (found.is === "present") yield { registry: "zookeeper", at: span(found.node), ttl: asNumber(found.value) };
  }
}

/** `etcd.lease(seconds)`. */
export function leaseOf(file: TsFile, call: Expression): Registration | undefined {
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression) || call.expression.name.text !== "lease" || !/^etcd3#/.test(makerOf(file, call.expression) ?? "")) return undefined;
  const [first] = call.arguments;
  return first && { registry: "etcd", at: span(first), ttl: seconds(value(file, first), first) };
}

/** `agent.service.register({ check: { ttl } })`, the same with `checks: [...]`, and `agent.check.register({ ttl })`. */
function* fromConsul(file: TsFile, call: CallExpression): Iterable<Registration> {
  for (const argument of call.arguments) {
    const found = [option(file, argument, "check.ttl"), ...(/\bcheck\.register$/.test(call.expression.getText()) ? [option(file, argument, "ttl")] : [])];
    const list = option(file, argument, "checks");
    const checks = list.is === "present" ? literal(file, list.node) : undefined;
    if (checks && ts.isArrayLiteralExpression(checks)) found.push(...checks.elements.map((one) => option(file, one, "ttl")));
    for (const one of found) if (one.is === "present") yield { registry: "consul", at: span(one.node), ttl: goDuration(one.value) };
  }
}

function literal(file: TsFile, node: Expression): Expression | undefined {
  const expr = bare(node);
  const declared = ts.isIdentifier(expr) ? declaration(file, expr) : undefined;
  const only = declared && onlyValue(file, declared);
  return declared ? only && bare(only) : expr;
}

/** The client is proven, or it is somebody else's and the whole path is one that only Consul's clients have. */
export function isConsul(file: TsFile, callee: Expression, path: RegExp): boolean {
  const maker = makerOf(file, callee);
  return maker !== undefined && !/^\.{0,2}\/|^[@~]\/|^#/.test(maker) ? /^consul#/.test(maker) : path.test(callee.getText().replace(/\s|[?!]/g, ""));
}

/** Canonical name of what made the object at the root of a property chain, or of its type. */
export function makerOf(file: TsFile, callee: Expression): string | undefined {
  let root = callee;
  while (ts.isPropertyAccessExpression(root) && root.expression.kind !== ts.SyntaxKind.ThisKeyword) root = bare(root.expression);
  const origin = made(file, root);
  const name = origin && (ts.isCallExpression(origin) || ts.isNewExpression(origin)) ? canonical(file, origin.expression) : canonical(file, origin);
  return name ?? receiverOf(file, root).type;
}

function seconds(found: Value<unknown>, at: Expression): Value<number> {
  return asNumber(apply("*", [found, { known: 1000, by: "text", from: [] }], [span(at)]));
}

/** Consul durations are Go durations in a string. */
function goDuration(found: Value<unknown>): Value<number> {
  if ("apply" in found || "ref" in found || "env" in found) return asNumber(apply("duration", [found], found.from));
  if (!("known" in found)) return asNumber(found);
  const ms = typeof found.known === "string" ? parseDuration(found.known, "go") : undefined;
  return ms === undefined ? { unknown: "not a Go duration" } : { ...found, known: ms };
}
