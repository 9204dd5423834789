// Which heartbeat and which TTL of one YAML document belong together: Eureka, Nacos, Spring Cloud Consul, Kafka clients and registry settings.

import { lookup, pairs, scalar, trusted, type Found } from "../../engine/yaml/read.ts";
import { parseDuration } from "../../engine/quantity.ts";
import type { Span, YamlDocument } from "../../engine/types.ts";

interface Quantity {
  readonly ms: number;
  /** Undefined: a framework's default. */
  readonly at?: Span;
  /** ms of one unit of a bare number; undefined when the text has its unit. */
  readonly unit?: number;
}

export interface HeartbeatPair {
  readonly every: Quantity;
  readonly ttl: Quantity;
  /** The interval is the framework's own choice. */
  readonly defaults?: true;
}

/** Eureka: https://github.com/spring-cloud/spring-cloud-netflix (EurekaInstanceConfigBean): renew every 30 s, expire after 90 s. */
const eureka = { every: 30_000, ttl: 90_000 };

/** Pairs of which at least one side is written. */
export function* heartbeatPairs(document: YamlDocument): Iterable<HeartbeatPair> {
  if (!document.root) return;
  if (document.class === "spring") yield* springPairs(document);
  if (document.class === "spring" || document.class === "registrar" || document.class === "app-config" || document.class === "other") yield* genericPairs(document);
}

function* springPairs(document: YamlDocument): Iterable<HeartbeatPair> {
  const instance = lookup(document, document.root, "eureka", "instance");
  const every = quantity(document, instance, ["lease-renewal-interval-in-seconds", "leaseRenewalIntervalInSeconds"], 1000);
  const ttl = quantity(document, instance, ["lease-expiration-duration-in-seconds", "leaseExpirationDurationInSeconds"], 1000);
  if (every !== "unknown" && ttl !== "unknown" && (every || ttl)) yield { every: every ?? { ms: eureka.every }, ttl: ttl ?? { ms: eureka.ttl }, ...(every ? {} : { defaults: true as const }) };
  const nacos = lookup(document, document.root, "spring", "cloud", "nacos", "discovery");
  const beat = quantity(document, nacos, ["heart-beat-interval", "heartBeatInterval"], 1);
  const dead = quantity(document, nacos, ["heart-beat-timeout", "heartBeatTimeout"], 1);
  if (beat && dead && beat !== "unknown" && dead !== "unknown") yield { every: beat, ttl: dead };
}

const intervalKey = /^(heart_?-?beat|keep_?-?alive|renew\w*|ping)([-_]?(interval|period))?([-_]?(ms|millis|seconds|secs?|s))?$/i;
const ttlKey = /^(lease[-_]?ttl|ttl|session[-_]?timeout|expire\w*)([-_]?(ms|millis|seconds|secs?|s))?$/i;
const registryPath = /regist|discover|lease|session|etcd|consul|zookeeper|nacos/i;

/** A heartbeat beside a TTL in one map of a registry's settings. */
function* genericPairs(document: YamlDocument): Iterable<HeartbeatPair> {
  const open: { found: Found; path: string; depth: number }[] = document.root ? [{ found: { node: document.root, origin: "own" }, path: "", depth: 0 }] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    if (one.depth > 5) continue;
    const members = pairs(document, one.found);
    for (const member of members) if (member.node.kind === "map") open.push({ found: member, path: `${one.path}.${member.key}`, depth: one.depth + 1 });
    if (!registryPath.test(one.path)) continue;
    const every = members.filter((member) => intervalKey.test(member.key));
    const ttl = members.filter((member) => ttlKey.test(member.key));
    if (every.length !== 1 || ttl.length !== 1) continue;
    const pair = { every: quantity(document, one.found, [every[0]!.key], unitOf(every[0]!.key)), ttl: quantity(document, one.found, [ttl[0]!.key], unitOf(ttl[0]!.key)) };
    if (pair.every && pair.ttl && pair.every !== "unknown" && pair.ttl !== "unknown") yield { every: pair.every, ttl: pair.ttl };
  }
}

function unitOf(key: string): number | undefined {
  if (/(ms|millis)$/i.test(key)) return 1;
  return /(seconds|secs?|[-_]s)$/i.test(key) ? 1000 : undefined;
}

function quantity(document: YamlDocument, from: Found | undefined, keys: readonly string[], unit: number | undefined): Quantity | "unknown" | undefined {
  for (const key of keys) {
    if (!from || !lookup(document, from, key)) continue;
    const found = scalar(document, from, key);
    if (!("known" in found) || !trusted(document, found.from[0]!)) return "unknown";
    const at = found.from[0]!;
    if (typeof found.known === "number") return unit === undefined ? "unknown" : { ms: found.known * unit, at, unit };
    const ms = typeof found.known === "string" ? parseDuration(found.known, "go") : undefined;
    return ms === undefined ? "unknown" : { ms, at };
  }
  return undefined;
}
