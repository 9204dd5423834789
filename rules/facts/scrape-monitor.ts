// Fact: a ServiceMonitor or PodMonitor says how often its targets are scraped; so do the values of a chart that makes one.

import { nodesOf } from "../../engine/yaml/place.ts";
import { items, lookup, pairs, text } from "../../engine/yaml/read.ts";
import { intervalAt, type Interval } from "./scrape-config.ts";
import type { FactKind } from "../../engine/types.ts";

export interface ScrapeMonitor {
  /** The shortest interval of its endpoints. */
  readonly interval: Interval;
  /** What the label `job` of its series may be: the name of the monitor, of its Service, or a label of that. */
  readonly names: readonly string[];
  /** Part of a chart's values, which scrapes what the chart deploys. */
  readonly isValues: boolean;
}

export const scrapeMonitor: FactKind<ScrapeMonitor> = {
  id: "scrape-monitor",
  title: "Scrape interval of a monitor",
  yaml: {
    mentions: [["ServiceMonitor", "PodMonitor", "serviceMonitor", "podMonitor"], ["interval"]],
    *find(document) {
      if (document.class === "k8s") {
        if (!/^(Service|Pod)Monitor$/.test(text(lookup(document, document.root, "kind")) ?? "")) return;
        const endpoints = [...items(document, lookup(document, document.root, "spec", "endpoints")), ...items(document, lookup(document, document.root, "spec", "podMetricsEndpoints"))];
        const intervals = endpoints.map((one) => intervalAt(document, one, "interval"));
        const known = intervals.filter((one) => one !== undefined).sort((a, b) => a.ms - b.ms);
        if (!known[0] || known.length < intervals.length) return;
        const labels = pairs(document, lookup(document, document.root, "spec", "selector", "matchLabels")).map((one) => text(one));
        const names = [text(lookup(document, document.root, "metadata", "name")), ...labels].filter((one) => one !== undefined);
        yield { at: known[0].at, of: { names }, value: { interval: known[0], names, isValues: false } };
      }
      if (document.class !== "helm-values" && document.class !== "values-fragment") return;
      for (const node of nodesOf(document.root)) {
        if (node.kind !== "map") continue;
        for (const key of ["serviceMonitor", "podMonitor"]) {
          const interval = intervalAt(document, node, key, "interval");
          if (interval) yield { at: interval.at, value: { interval, names: [], isValues: true } };
        }
      }
    },
  },
};
