// Fact: how often a Prometheus scrapes, for all jobs and for each. From its configuration, wherever that stands, and from the operator's Prometheus object.

import { parseDuration } from "../../engine/quantity.ts";
import { embedded } from "../../engine/yaml/embedded.ts";
import { nodesOf } from "../../engine/yaml/place.ts";
import { items, lookup, scalar, text, type From } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Span, YamlDocument } from "../../engine/types.ts";

/** Default of `global.scrape_interval` (ms): https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file */
const byDefault = 60_000;

export interface Interval {
  readonly ms: number;
  readonly at: Span;
}

export interface ScrapeConfig {
  /** For jobs that set none. Without a place it is Prometheus' default. */
  readonly general?: { readonly ms: number; readonly at?: Span };
  readonly jobs: readonly { readonly name: string; readonly interval?: Interval }[];
  /** Patterns of `rule_files`. */
  readonly ruleFiles: readonly string[];
  /** Deployed into a cluster: which rules it loads is not said by file names. */
  readonly isDeployed: boolean;
}

export const scrapeConfig: FactKind<ScrapeConfig> = {
  id: "scrape-config",
  title: "Scrape interval",
  yaml: {
    mentions: [["scrape_interval", "scrape_configs", "scrapeInterval"]],
    *find(document) {
      if (document.class === "k8s" || document.class === "helm-values" || document.class === "values-fragment") yield* ofOperator(document);
      for (const one of [document, ...embedded(document, ["scrape_interval", "scrape_configs"])]) yield* ofFile(one, document.class);
    },
  },
};

function* ofFile(document: YamlDocument, outer: YamlDocument["class"]): Generator<Fact<ScrapeConfig>> {
  if (document.class === "k8s" || document.class === "loki-promtail" || !document.root) return;
  let general: ScrapeConfig["general"];
  const jobs: { name: string; interval?: Interval }[] = [];
  const ruleFiles: string[] = [];
  for (const node of nodesOf(document.root)) {
    if (node.kind !== "map") continue;
    general ??= intervalAt(document, node, "global", "scrape_interval");
    for (const job of items(document, lookup(document, node, "scrape_configs"))) {
      const name = text(lookup(document, job, "job_name"));
      const interval = intervalAt(document, job, "scrape_interval");
      if (name !== undefined) jobs.push({ name, ...(interval ? { interval } : {}) });
    }
    for (const one of items(document, lookup(document, node, "rule_files"))) ruleFiles.push(text(one) ?? "");
  }
  const said = lookup(document, document.root, "global", "scrape_interval");
  if (!general && !said && document.class === "prom-config" && document.errors.length === 0) general = { ms: byDefault };
  const at = general?.at ?? document.root.at;
  if (general || jobs.length > 0) yield { at, value: { ...(general ? { general } : {}), jobs, ruleFiles, isDeployed: outer !== document.class || /values/.test(outer) } };
}

/** The operator's Prometheus, or the part of a chart's values that becomes one. */
function* ofOperator(document: YamlDocument): Generator<Fact<ScrapeConfig>> {
  if (document.class === "k8s") {
    const general = text(lookup(document, document.root, "kind")) === "Prometheus" ? intervalAt(document, document.root, "spec", "scrapeInterval") : undefined;
    if (general) yield { at: general.at, value: { general, jobs: [], ruleFiles: [], isDeployed: true } };
    return;
  }
  for (const node of nodesOf(document.root)) {
    const general = node.kind === "map" ? intervalAt(document, node, "prometheusSpec", "scrapeInterval") : undefined;
    if (general) yield { at: general.at, value: { general, jobs: [], ruleFiles: [], isDeployed: true } };
  }
}

/** A Prometheus duration at a path of keys (ms). */
export function intervalAt(document: YamlDocument, from: From, ...keys: readonly string[]): Interval | undefined {
  const value = scalar(document, from, ...keys);
  const ms = "known" in value && typeof value.known === "string" ? parseDuration(value.known, "prometheus") : undefined;
  return ms !== undefined && ms > 0 && "known" in value ? { ms, at: value.from[0]! } : undefined;
}
