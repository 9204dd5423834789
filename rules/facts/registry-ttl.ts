// Fact: how long a registry keeps an instance that stops renewing, in ms. From registrations in code, Consul definitions and registry settings in YAML.

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { value } from "../../engine/typescript/value.ts";
import { parseDuration } from "../../engine/quantity.ts";
import { apply, asNumber } from "../../engine/value.ts";
import { items, lookup, pairs, scalar } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Value, YamlDocument, YamlNode } from "../../engine/types.ts";

export const registryTtl: FactKind<Value<number>> = {
  id: "registry-ttl",
  title: "Registry TTL",
  stated: (about) => about.registryTtl,
  ts: {
    mentions: [["consul", "etcd3", "zookeeper", "eureka", "nacos"]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) yield* fromCall(file, call);
      for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) yield* fromEureka(file, call);
    },
  },
  yaml: {
    mentions: [["ttl", "Ttl", "TTL", "lease-expiration", "leaseExpiration"]],
    *find(document) {
      if (document.class === "consul") yield* fromConsul(document);
      else if (document.class === "spring") yield* fromSpring(document);
      else if (document.class !== "k8s" && document.class !== "compose" && document.class !== "prom-rules") yield* fromSettings(document);
    },
  },
};

/** `consul.agent.service.register({ check: { ttl } })`, `etcd.lease(seconds)`, `zookeeper.createClient(_, { sessionTimeout })`. */
function* fromCall(file: TsFile, call: CallExpression): Iterable<Fact<Value<number>>> {
  if (!ts.isPropertyAccessExpression(call.expression)) return;
  const method = call.expression.name.text;
  const maker = makerOf(file, call.expression);
  if (method === "register" && maker === "consul#") {
    const registration = call.arguments.find((one) => option(file, one, "check").is === "present" || option(file, one, "checks").is === "present");
    const found = option(file, registration, "check.ttl");
    if (found.is === "present") yield { at: span(found.node), value: goDuration(found.value) };
  } else if (method === "lease" && maker !== undefined && /^etcd3#/.test(maker) && call.arguments[0]) {
    const seconds = value(file, call.arguments[0]);
    yield { at: span(call.arguments[0]), value: asNumber(apply("*", [seconds, thousand], [span(call.arguments[0])])) };
  } else if (method === "createClient" && canonical(file, call.expression) === "node-zookeeper-client#createClient") {
    const found = option(file, call.arguments[1], "sessionTimeout");
    if (found.is === "present") yield { at: span(found.node), value: asNumber(found.value) };
  }
}

function* fromEureka(file: TsFile, call: NewExpression): Iterable<Fact<Value<number>>> {
  if (!/^eureka-js-client#/.test(canonical(file, call.expression) ?? "")) return;
  const found = option(file, call.arguments?.[0], "instance.leaseInfo.durationInSecs");
  if (found.is === "present") yield { at: span(found.node), value: asNumber(apply("*", [found.value, thousand], [span(found.node)])) };
}

const thousand: Value<number> = { known: 1000, by: "text", from: [] };

/** Canonical name of what made the object at the root of a property chain. */
export function makerOf(file: TsFile, callee: Expression): string | undefined {
  let root = callee;
  while (ts.isPropertyAccessExpression(root) && root.expression.kind !== ts.SyntaxKind.ThisKeyword) root = root.expression;
  const origin = made(file, root);
  return origin && (ts.isCallExpression(origin) || ts.isNewExpression(origin)) ? canonical(file, origin.expression) : canonical(file, origin);
}

/** Consul durations are Go durations in a string. */
function goDuration(found: Value<unknown>): Value<number> {
  if ("apply" in found || "ref" in found || "env" in found) return asNumber(apply("duration", [found], found.from));
  if (!("known" in found)) return asNumber(found);
  const ms = typeof found.known === "string" ? parseDuration(found.known, "go") : undefined;
  return ms === undefined ? { unknown: "not a Go duration" } : { ...found, known: ms };
}

function* fromConsul(document: YamlDocument): Iterable<Fact<Value<number>>> {
  const one = lookup(document, document.root, "service");
  for (const service of [...(one ? [one] : []), ...items(document, lookup(document, document.root, "services"))]) {
    const name = scalar(document, service, "name");
    const of = "known" in name && typeof name.known === "string" ? { names: [name.known], workload: `consul/${name.known}` } : {};
    const checks = [lookup(document, service, "check"), ...items(document, lookup(document, service, "checks"))];
    for (const check of checks) {
      const found = check && lookup(document, check, "ttl");
      if (found) yield { at: found.node.at, of, value: goDuration(scalar(document, found.node)) };
    }
  }
}

/** Spring Cloud Consul `spring.cloud.consul.discovery.heartbeat.ttl` (seconds when bare) and Eureka's lease expiration. */
function* fromSpring(document: YamlDocument): Iterable<Fact<Value<number>>> {
  const ttl = lookup(document, document.root!, "spring", "cloud", "consul", "discovery", "heartbeat", "ttl");
  if (ttl) yield { at: ttl.node.at, value: inUnit(document, ttl.node, 1000) };
  for (const key of ["lease-expiration-duration-in-seconds", "leaseExpirationDurationInSeconds"]) {
    const lease = lookup(document, document.root!, "eureka", "instance", key);
    if (lease) yield { at: lease.node.at, value: inUnit(document, lease.node, 1000) };
  }
}

const registryKey = /^(consul|etcd|registry|registrar|nacos|zookeeper|eureka|discovery|serviceRegistry|service-registry)$/i;
const ttlKey = /^(lease[_-]?)?ttl([_-]?(seconds|secs?|s|ms|millis))?$/i;

/** A TTL under a key that names a registry, in an application's own settings: `consul.ttl: 30s`. */
function* fromSettings(document: YamlDocument): Iterable<Fact<Value<number>>> {
  const open: { node: YamlNode; below: boolean; depth: number }[] = document.root ? [{ node: document.root, below: false, depth: 0 }] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    if (one.node.kind !== "map" || one.depth > 4) continue;
    for (const { key, node: inner } of pairs(document, one.node)) {
      if (one.below && ttlKey.test(key) && inner.kind === "scalar") {
        const unit = /ms|millis/i.test(key) ? 1 : /sec|_s$/i.test(key) ? 1000 : undefined;
        const id = scalar(document, one.node, "serviceId");
        yield { at: inner.at, value: inUnit(document, inner, unit), ...("known" in id && typeof id.known === "string" ? { of: { names: [id.known] } } : {}) };
      } else open.push({ node: inner, below: one.below || registryKey.test(key), depth: one.depth + 1 });
    }
  }
}

/** A duration with its unit in the text, or a bare number of the unit the key names (ms). Without either it is unknown. */
function inUnit(document: YamlDocument, node: YamlNode, unit: number | undefined): Value<number> {
  const found = scalar(document, node);
  if (!("known" in found)) return asNumber(found);
  if (typeof found.known === "number") return unit === undefined ? { unknown: "a number without a unit" } : { ...found, known: found.known * unit };
  const ms = typeof found.known === "string" ? parseDuration(found.known, "go") : undefined;
  return ms === undefined ? { unknown: "not a duration" } : { ...found, known: ms };
}
