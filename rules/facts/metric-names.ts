// Question: which series do the services of a workspace expose, and which of them did a rule probably mean? Knows names only.

import { nearest } from "../../engine/nearest.ts";
import exporters from "../defaults/exporter-metrics.json" with { type: "json" };
import { registeredMetric, seriesOf, type RegisteredMetric } from "./registered-metric.ts";
import type { Facts, Linked } from "../../engine/types.ts";

export interface Exposed {
  /** Every series, with the metric that it belongs to. */
  readonly series: ReadonlyMap<string, Linked<RegisteredMetric>>;
}

/** All metrics of the workspace; undefined when one of them has a name that is not known: it could be any. */
export function exposedBy(facts: Facts): Exposed | undefined {
  const series = new Map<string, Linked<RegisteredMetric>>();
  for (const one of facts.everywhere(registeredMetric)) {
    const names = seriesOf(one.value);
    if (names.length === 0) return undefined;
    for (const name of names) if (!series.has(name)) series.set(name, one);
  }
  return { series };
}

/** A collector may put a namespace in front: `otel_orders_placed_total`. */
export function exposes({ series }: Exposed, name: string): boolean {
  for (let rest = name; ; rest = rest.slice(rest.indexOf("_") + 1)) {
    if (series.has(rest)) return true;
    if (!rest.includes("_")) return false;
  }
}

export interface Meant {
  readonly name: string;
  readonly metric: Linked<RegisteredMetric>;
  /** `suffix`: the same metric with another ending. `typo`: one or two letters differ. */
  readonly by: "suffix" | "typo";
}

/** The registered series that a name which nothing registers stands for; undefined without a clear sign. */
export function meant({ series }: Exposed, name: string): Meant | undefined {
  const base = stem(name);
  const same = [...series].filter(([one]) => stem(one) === base);
  const [first] = [...same].sort(([a], [b]) => Number(ending(b) === ending(name)) - Number(ending(a) === ending(name)));
  if (first && base.includes("_")) return { name: first[0], metric: first[1], by: "suffix" };
  const near = nearest(name, [...series.keys()].filter((one) => Math.abs(one.length - name.length) <= 2 && ending(one) === ending(name) && one.length >= 10));
  return near !== undefined && differ(near, name) <= 2 && !numbered(near, name) ? { name: near, metric: series.get(near)!, by: "typo" } : undefined;
}

const endings = /_(total|count|sum|bucket|created)$/;
const stem = (name: string) => name.replace(endings, "");
const ending = (name: string) => endings.exec(name)?.[1] ?? "";
/** `p95` and `p99`, `v1` and `v2` are two things. */
const numbered = (a: string, b: string) => a.replace(/\d/g, "") === b.replace(/\d/g, "");

/** Letters that differ between two names, what is equal at both ends left out. */
function differ(a: string, b: string): number {
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return Math.max(a.length, b.length) - start - end;
}

/** Series of well-known exporters and servers, which a service cannot be blamed for. */
export function isExporters(name: string): boolean {
  return exporters.some((one) => ("whole" in one ? name === one.prefix : name.startsWith(one.prefix)));
}

/** Labels that Prometheus, its service discovery or its operator add to every series of a target. */
const ofTargets = new Set(["job", "instance", "pod", "namespace", "service", "container", "endpoint", "node", "cluster", "env", "environment", "region", "zone", "app", "version", "le", "quantile", "prometheus"]);

/** The label that a matcher probably meant; undefined when it may be right. Case and separators are what people mix up. */
export function meantLabel(labels: readonly string[], used: string): string | undefined {
  if (labels.includes(used) || ofTargets.has(used)) return undefined;
  const plain = (label: string) => label.toLowerCase().replace(/_/g, "");
  const same = labels.filter((label) => plain(label) === plain(used));
  if (same.length === 1) return same[0];
  const near = nearest(used, labels.filter((label) => label.length >= 5 && Math.abs(label.length - used.length) <= 1));
  return near !== undefined && differ(near, used) <= 1 && !numbered(near, used) ? near : undefined;
}
