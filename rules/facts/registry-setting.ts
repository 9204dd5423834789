// Question: which TTLs do settings in YAML state? Consul service definitions, Spring Cloud, and an application's own settings of its registry.

import { parseDuration } from "../../engine/quantity.ts";
import { asNumber } from "../../engine/value.ts";
import { items, lookup, pairs, scalar } from "../../engine/yaml/read.ts";
import type { Scalar, Span, Subject, Value, YamlDocument, YamlNode } from "../../engine/types.ts";
import type { Registry } from "./registry-registration.ts";

export interface RegistrySetting {
  /** Undefined where the key names none. */
  readonly registry?: Registry;
  readonly at: Span;
  readonly of?: Subject;
  /** In ms. */
  readonly ttl: Value<number>;
}

export const settingMentions = [["ttl", "Ttl", "TTL", "lease-expiration", "leaseExpiration"]];

export function* registrySettings(document: YamlDocument): Iterable<RegistrySetting> {
  if (document.class === "consul") yield* fromConsul(document);
  else if (document.class === "spring") yield* fromSpring(document);
  else if (document.class !== "k8s" && document.class !== "compose" && document.class !== "prom-rules") yield* fromSettings(document);
}

function* fromConsul(document: YamlDocument): Iterable<RegistrySetting> {
  const one = lookup(document, document.root, "service");
  for (const service of [...(one ? [one] : []), ...items(document, lookup(document, document.root, "services"))]) {
    const name = scalar(document, service, "name");
    const of = "known" in name && typeof name.known === "string" ? { names: [name.known], workload: `consul/${name.known}` } : {};
    const checks = [lookup(document, service, "check"), ...items(document, lookup(document, service, "checks"))];
    for (const check of checks) {
      const found = check && lookup(document, check, "ttl");
      if (found) yield { registry: "consul", at: found.node.at, of, ttl: goDuration(scalar(document, found.node)) };
    }
  }
}

/** Spring Cloud Consul `spring.cloud.consul.discovery.heartbeat.ttl` (seconds when bare) and Eureka's lease expiration. */
function* fromSpring(document: YamlDocument): Iterable<RegistrySetting> {
  const ttl = lookup(document, document.root!, "spring", "cloud", "consul", "discovery", "heartbeat", "ttl");
  if (ttl) yield { registry: "consul", at: ttl.node.at, ttl: inUnit(document, ttl.node, 1000) };
  for (const key of ["lease-expiration-duration-in-seconds", "leaseExpirationDurationInSeconds"]) {
    const lease = lookup(document, document.root!, "eureka", "instance", key);
    if (lease) yield { registry: "eureka", at: lease.node.at, ttl: inUnit(document, lease.node, 1000) };
  }
}

const registryKey = /^(consul|etcd|registry|registrar|nacos|zookeeper|eureka|discovery|serviceRegistry|service-registry)$/i;
const ttlKey = /^(lease[_-]?)?ttl([_-]?(seconds|secs?|s|ms|millis))?$/i;
/** Stands in for the registration that counts, and is shorter on purpose. */
const standIn = /^(fallback|secondary|backup|standby)/i;

/** A TTL under a key that names a registry, in an application's own settings: `consul.ttl: 30s`. */
function* fromSettings(document: YamlDocument): Iterable<RegistrySetting> {
  const registrar = document.class === "registrar";
  const open: { node: YamlNode; below: string | undefined; depth: number }[] = document.root ? [{ node: document.root, below: registrar ? "" : undefined, depth: 0 }] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    if (one.node.kind !== "map" || one.depth > 4) continue;
    for (const { key, node: inner } of pairs(document, one.node)) {
      if (one.below !== undefined && ttlKey.test(key) && inner.kind === "scalar") {
        // etcd counts leases in seconds, and so do registrars that name theirs after it.
        const unit = /ms|millis/i.test(key) ? 1 : /sec|_s$/i.test(key) || (registrar && /^lease/i.test(key)) ? 1000 : undefined;
        const id = scalar(document, one.node, "serviceId");
        const registry = registryOf(one.below);
        yield { at: inner.at, ttl: inUnit(document, inner, unit), ...(registry ? { registry } : {}), ...("known" in id && typeof id.known === "string" ? { of: { names: [id.known] } } : {}) };
      } else if (!standIn.test(key)) open.push({ node: inner, below: registryKey.test(key) ? key : one.below, depth: one.depth + 1 });
    }
  }
}

function registryOf(key: string): Registry | undefined {
  return (["consul", "etcd", "zookeeper", "eureka", "nacos"] as const).find((one) => one === key.toLowerCase());
}

/** Consul durations are Go durations in a string. */
function goDuration(found: Value<Scalar>): Value<number> {
  if (!("known" in found)) return asNumber(found);
  const ms = typeof found.known === "string" ? parseDuration(found.known, "go") : undefined;
  return ms === undefined ? { unknown: "not a Go duration" } : { ...found, known: ms };
}

/** A duration with its unit in the text, or a bare number of the unit the key names (ms). Without either it is unknown. */
function inUnit(document: YamlDocument, node: YamlNode, unit: number | undefined): Value<number> {
  const found = scalar(document, node);
  if (!("known" in found)) return asNumber(found);
  if (typeof found.known === "number") return unit === undefined ? { unknown: "a number without a unit" } : { ...found, known: found.known * unit };
  const ms = typeof found.known === "string" ? parseDuration(found.known, "go") : undefined;
  return ms === undefined ? { unknown: "not a duration" } : { ...found, known: ms };
}
