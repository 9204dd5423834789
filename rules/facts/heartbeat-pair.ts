// Question: which heartbeat and which TTL of one YAML document belong together? Eureka, Nacos, Spring Cloud Consul, Kafka clients and registry settings.

import { embedded } from "../../engine/yaml/embedded.ts";
import { lookup, pairs, scalar, trusted, type Found } from "../../engine/yaml/read.ts";
import { setting, settingValue, springDocuments } from "./spring-setting.ts";
import { parseDuration } from "../../engine/quantity.ts";
import type { Edit, Span, YamlDocument } from "../../engine/types.ts";
import { third } from "./heartbeat.ts";

export interface HeartbeatPair {
  /** In ms. */
  readonly every: number;
  readonly ttl: number;
  /** What is written of the interval, else of the TTL. */
  readonly at: Span;
  /** The TTL, where both are written. */
  readonly ttlAt?: Span;
  /** The interval is the framework's own choice. */
  readonly defaults?: true;
  /** Sets the interval to a third of the TTL. */
  readonly edit?: Edit;
}

interface Quantity {
  readonly ms: number;
  readonly at: Span;
  /** ms of one unit of a bare number; undefined when the text has its unit. */
  readonly unit?: number;
}

/** Renewed every 30 s, expired after 90 s (ms): https://github.com/spring-cloud/spring-cloud-netflix (EurekaInstanceConfigBean). */
const eureka = { every: 30_000, ttl: 90_000 };
/** Share of the TTL: https://docs.spring.io/spring-cloud-consul/reference/appendix.html (`heartbeat.interval-ratio`). */
const springConsulRatio = 2 / 3;

/** Beats, expiry and removal of an instance (ms): https://github.com/alibaba/nacos/blob/develop/api/src/main/java/com/alibaba/nacos/api/common/Constants.java. */
const nacosDefaults = { every: 5_000, ttl: 15_000 };
const beatWords = ["lease-renewal", "leaseRenewal", "lease_renewal", "lease_expiration", "lease-expiration", "leaseExpiration", "heart", "renew", "keep", "ping", "session.timeout.ms"];

/** Pairs of which at least one side is written. */
export function* heartbeatPairs(document: YamlDocument): Iterable<HeartbeatPair> {
  if (!document.root) return;
  for (const one of springDocuments(document, beatWords)) {
    const found = ofSpring(one, "eureka.instance", "lease-renewal-interval-in-seconds", "lease-expiration-duration-in-seconds", 1000, eureka);
    const beat = ofSpring(one, nacos, "heart-beat-interval", "heart-beat-timeout", 1, nacosDefaults);
    const preserved = ofSpring(one, `${nacos}.metadata`, "preserved.heart.beat.interval", "preserved.heart.beat.timeout", 1, nacosDefaults);
    for (const pair of [found, beat, preserved]) if (pair) yield one === document ? pair : withoutEdit(pair);
    for (const pair of [...springConsul(one), ...generic(one)]) yield one === document ? pair : withoutEdit(pair);
  }
  if (settings.has(document.class)) yield* generic(document);
  if (document.class === "k8s") for (const one of embedded(document, beatWords)) if (settings.has(one.class)) for (const pair of generic(one)) yield withoutEdit(pair);
}

const settings = new Set<YamlDocument["class"]>(["registrar", "app-config", "other"]);
const nacos = "spring.cloud.nacos.discovery";

/** An edit by node does not reach into a literal. */
const withoutEdit = ({ edit, ...pair }: HeartbeatPair): HeartbeatPair => (edit && "at" in edit ? { ...pair, edit } : pair);

function ofSpring(document: YamlDocument, prefix: string, intervalKey: string, ttlKey: string, unit: number, defaults: { readonly every: number; readonly ttl: number }): HeartbeatPair | undefined {
  const [every, ttl] = [intervalKey, ttlKey].map((key) => written(document, setting(document, `${prefix}.${key}`), unit));
  return matched(every, ttl, defaults);
}

/** Instances that Nacos removes before, or as, it calls them unhealthy. */
export function* earlyRemovals(document: YamlDocument): Iterable<{ readonly at: Span; readonly removed: number; readonly unhealthy: number }> {
  for (const one of springDocuments(document, beatWords))
    for (const [prefix, removal, expiry] of [[nacos, "ip-delete-timeout", "heart-beat-timeout"], [`${nacos}.metadata`, "preserved.ip.delete.timeout", "preserved.heart.beat.timeout"]] as const) {
      const removed = written(one, setting(one, `${prefix}.${removal}`), 1);
      const unhealthy = written(one, setting(one, `${prefix}.${expiry}`), 1);
      if (!removed || removed === "unknown" || unhealthy === "unknown") continue;
      const limit = unhealthy?.ms ?? nacosDefaults.ttl;
      if (removed.ms <= limit) yield { at: removed.at, removed: removed.ms, unhealthy: limit };
    }
}

/** The interval is a share of the TTL: `min(ttl - 1 s, max(ttl * ratio, 1 s))`. */
function* springConsul(document: YamlDocument): Iterable<HeartbeatPair> {
  const prefix = "spring.cloud.consul.discovery.heartbeat";
  const enabled = settingValue(document, `${prefix}.enabled`);
  const ttl = written(document, setting(document, `${prefix}.ttl`), 1000);
  if (!ttl || ttl === "unknown" || !("known" in enabled) || enabled.known !== true) return;
  const ratio = setting(document, `${prefix}.interval-ratio`) ? settingValue(document, `${prefix}.interval-ratio`) : undefined;
  if (ratio && (!("known" in ratio) || typeof ratio.known !== "number")) return;
  const share = ratio && "known" in ratio ? Number(ratio.known) : springConsulRatio;
  const every = Math.min(ttl.ms - 1000, Math.max(ttl.ms * share, 1000));
  const beat = setting(document, prefix);
  if (ratio && "known" in ratio) yield { every, ttl: ttl.ms, at: ratio.from[0]!, ttlAt: ttl.at, edit: { yaml: ratio.from[0]!, set: 0.33 } };
  else yield { every, ttl: ttl.ms, at: ttl.at, defaults: true, ...(beat?.origin === "own" ? { edit: { yaml: beat.node.at, insert: { key: "interval-ratio", value: 0.33, after: "ttl" } } } : {}) };
}

const intervalKey = /^(heart[-_]?beat|keep[-_]?alive|renew\w*|ping)([-_]?(interval|period))?([-_]?(ms|millis|seconds|secs?|s))?$/i;
const ttlKey = /^(lease[-_]?ttl|ttl|session[-_]?timeout|expire\w*)([-_]?(ms|millis|seconds|secs?|s))?$/i;
const registryPath = /regist|discover|lease|session|etcd|consul|zookeeper|nacos/i;

/** A heartbeat beside a TTL in one map of a registry's settings, and the two of a Kafka consumer. */
function* generic(document: YamlDocument): Iterable<HeartbeatPair> {
  const open: { found: Found; path: string; depth: number }[] = document.root ? [{ found: { node: document.root, origin: "own" }, path: "", depth: 0 }] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    if (one.depth > 6) continue;
    const members = pairs(document, one.found);
    for (const member of members) if (member.node.kind === "map") open.push({ found: member, path: `${one.path}.${member.key}`, depth: one.depth + 1 });
    const kafka = pairOf(document, one.found, "heartbeat.interval.ms", "session.timeout.ms", 1);
    if (kafka) yield kafka;
    if (!registryPath.test(one.path)) continue;
    const every = members.filter((member) => intervalKey.test(member.key));
    const ttl = members.filter((member) => ttlKey.test(member.key));
    const found = every.length === 1 && ttl.length === 1 ? pairOf(document, one.found, every[0]!.key, ttl[0]!.key) : undefined;
    if (found) yield found;
  }
}

/** Both quantities of one map. `unit`: ms of a bare number; without it the keys say. */
function pairOf(document: YamlDocument, from: Found, intervalKey: string, ttlKey: string, unit?: number): HeartbeatPair | undefined {
  const [every, ttl] = [lookup(document, from, intervalKey), lookup(document, from, ttlKey)];
  const bare = unitOf(intervalKey) === undefined && unitOf(ttlKey) === undefined ? unitOfBoth(document, every, ttl) : undefined;
  return matched(written(document, every, unit ?? unitOf(intervalKey) ?? bare), written(document, ttl, unit ?? unitOf(ttlKey) ?? bare));
}

/** Two bare numbers of one map count in one unit; nobody leases for a thousand seconds, or renews within one. */
function unitOfBoth(document: YamlDocument, every: Found | undefined, ttl: Found | undefined): number | undefined {
  const numbers = [every, ttl].map((one) => one && scalar(document, one)).map((one) => (one && "known" in one && typeof one.known === "number" ? one.known : undefined));
  if (numbers.includes(undefined)) return undefined;
  return numbers.every((one) => one! < 1000) ? 1000 : numbers.every((one) => one! >= 1000) ? 1 : undefined;
}

/** Both, or one and the other's default. */
function matched(every: Quantity | "unknown" | undefined, ttl: Quantity | "unknown" | undefined, defaults?: { readonly every: number; readonly ttl: number }): HeartbeatPair | undefined {
  if (every === "unknown" || ttl === "unknown" || (!every && !ttl) || (!defaults && !(every && ttl))) return undefined;
  const limit = ttl?.ms ?? defaults!.ttl;
  if (!every) return { every: defaults!.every, ttl: limit, at: ttl!.at, defaults: true };
  const edit: Edit = every.unit ? { yaml: every.at, set: Math.max(1, Math.floor(limit / 3 / every.unit)) } : { at: every.at, duration: third(limit) };
  return { every: every.ms, ttl: limit, at: every.at, ...(ttl ? { ttlAt: ttl.at } : {}), edit };
}

function unitOf(key: string): number | undefined {
  if (/(ms|millis)$/i.test(key)) return 1;
  return /(seconds|secs?|[-_]s)$/i.test(key) ? 1000 : undefined;
}

function written(document: YamlDocument, place: Found | undefined, unit: number | undefined): Quantity | "unknown" | undefined {
  if (!place) return undefined;
  const found = scalar(document, place);
  if (!("known" in found) || !trusted(document, found.from[0]!)) return "unknown";
  const at = found.from[0]!;
  const number = typeof found.known === "string" && unit !== undefined && /^\d+$/.test(found.known) ? Number(found.known) : found.known;
  if (typeof number === "number") return unit === undefined ? "unknown" : { ms: number * unit, at, unit };
  const ms = typeof number === "string" ? parseDuration(number, "go") : undefined;
  return ms === undefined ? "unknown" : { ms, at };
}
