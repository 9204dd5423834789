// Fact: a registration that stands in for another one, how long it lives, and where both go. From the settings of a registrar.

import { parseDuration } from "../../engine/quantity.ts";
import { embedded } from "../../engine/yaml/embedded.ts";
import { lookup, pairs, scalar, text, trusted, type Entry, type Found } from "../../engine/yaml/read.ts";
import type { Edit, FactKind, Scalar, Span, Value, YamlDocument } from "../../engine/types.ts";

/** A duration as settings write it. */
export interface Written {
  /** A bare number counts as seconds, as lease times of etcd do, unless its key says milliseconds. */
  readonly ms: number;
  readonly at: Span;
  /** ms of one unit of a bare number; absent when the text has its unit. */
  readonly unit?: number;
  /** It stands in a file inside a block literal. */
  readonly isEmbedded?: true;
}

export interface FallbackLease {
  readonly ttl: Written;
  /** TTL of the registration it stands in for, where the same settings say it. */
  readonly primary?: Written;
  /** How long a call to the registry may take. */
  readonly timeout?: Written;
}

const standIn = /^(fallback|secondary|backup|standby)$/;
const leaseKeys = ["lease_ttl", "leaseTtl", "lease-ttl", "leaseTTL", "ttl", "ttl_seconds", "ttlSeconds", "lease_ttl_seconds", "leaseTtlSeconds", "lease_ttl_ms", "leaseTtlMs", "ttl_ms", "ttlMs"];

export const fallbackLease: FactKind<FallbackLease> = {
  id: "fallback-lease",
  title: "Lease of a fallback registration",
  yaml: {
    mentions: [["fallback", "secondary", "standby", "backup"]],
    *find(document) {
      for (const site of fallbackSites(document)) {
        const { document: inner, holder, primary, fallback } = site;
        const own = fallback.node.kind === "map" ? lease(inner, fallback) : prefixed(inner, holder, fallback.key) ?? (primary.node.kind === "scalar" ? lease(inner, holder) : undefined);
        if (!own) continue;
        const first = primary.node.kind === "map" ? lease(inner, primary) : prefixed(inner, holder, "primary");
        const timeout = read(inner, fallback.node.kind === "map" ? fallback : holder, ["timeout", "timeout_ms", "timeoutMs"]) ?? read(inner, holder, ["timeout", "timeout_ms", "timeoutMs"]);
        yield { at: own.at, value: { ttl: inner !== document ? { ...own, isEmbedded: true } : own, ...(first ? { primary: first } : {}), ...(timeout ? { timeout } : {}) } };
      }
    },
  },
};

export interface FallbackSite {
  /** The file's own document, or one inside a block literal of it. */
  readonly document: YamlDocument;
  readonly holder: Found;
  readonly primary: Entry;
  readonly fallback: Entry;
}

/** Maps of a registrar that name a registry and its stand-in side by side. */
export function* fallbackSites(outer: YamlDocument): Iterable<FallbackSite> {
  for (const one of [outer, ...(outer.class === "k8s" ? embedded(outer, ["fallback", "secondary", "standby", "backup"]) : [])]) if (one.class === "registrar") yield* sitesIn(one);
}

function* sitesIn(document: YamlDocument): Iterable<FallbackSite> {
  if (!document.root) return;
  const open: { found: Found; depth: number }[] = [{ found: { node: document.root, origin: "own" }, depth: 0 }];
  for (let one = open.pop(); one; one = open.pop()) {
    const members = pairs(document, one.found);
    const primary = members.find((member) => member.key === "primary");
    const fallbacks = members.filter((member) => standIn.test(member.key));
    if (primary && fallbacks.length === 1 && trusted(document, one.found.node.at)) yield { document, holder: one.found, primary, fallback: fallbacks[0]! };
    if (one.depth < 3) for (const member of members) if (member.node.kind === "map") open.push({ found: member, depth: one.depth + 1 });
  }
}

/** The one address that an endpoint of a registrar names. */
export function addressOf(document: YamlDocument, endpoint: Found): { readonly said: string; readonly at: Span } | undefined {
  const found = endpoint.node.kind === "map" ? (["url", "endpoint", "address", "host"].map((key) => lookup(document, endpoint, key)).find(Boolean)) : endpoint;
  const said = text(scalar(document, found));
  return found && said !== undefined && !/[$<{]/.test(said) ? { said, at: found.node.at } : undefined;
}

function lease(document: YamlDocument, from: Found): Written | undefined {
  return read(document, from, leaseKeys);
}

/** `fallback_lease_ttl` beside `fallback`. */
function prefixed(document: YamlDocument, holder: Found, name: string): Written | undefined {
  const found = pairs(document, holder).filter(({ key }) => key.toLowerCase().startsWith(name) && key.length > name.length && /ttl/i.test(key));
  return found.length === 1 ? read(document, holder, [found[0]!.key]) : undefined;
}

/** The only one of these keys that is written; undefined when there are several, or its value is not known. */
function read(document: YamlDocument, from: Found, keys: readonly string[]): Written | undefined {
  const written = keys.filter((key) => lookup(document, from, key));
  return written.length === 1 ? quantity(scalar(document, from, written[0]!), /ms$/i.test(written[0]!) ? 1 : 1000) : undefined;
}

function quantity(found: Value<Scalar>, unit: number): Written | undefined {
  if (!("known" in found)) return undefined;
  const at = found.from[0]!;
  if (typeof found.known === "number" || /^\d+$/.test(String(found.known))) return { ms: Number(found.known) * unit, at, unit };
  const ms = parseDuration(String(found.known), "go");
  return ms === undefined ? undefined : { ms, at };
}

/** Writes another duration in the unit that the text uses; whole seconds where there are some. Undefined where an edit by node does not reach. */
export function rewrite({ at, unit, isEmbedded }: Written, ms: number): Edit | undefined {
  if (isEmbedded && unit !== undefined) return undefined;
  return unit === undefined ? { at, duration: ms < 1000 ? Math.floor(ms) : Math.floor(ms / 1000) * 1000 } : { yaml: at, set: Math.max(1, Math.floor(ms / unit)) };
}
