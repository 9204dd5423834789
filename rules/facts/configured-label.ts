// Fact: configuration makes a label or stream of something that has as many values as there are requests or users. Judges nothing.

import { embedded } from "../../engine/yaml/embedded.ts";
import { nodesOf } from "../../engine/yaml/place.ts";
import { items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Span, YamlDocument, YamlMap } from "../../engine/types.ts";

export interface ConfiguredLabel {
  readonly label: string;
  /** Who multiplies: `series` of Prometheus, `stream` of Loki, `span` metrics of a collector, `alert`. */
  readonly of: "series" | "stream" | "span" | "alert";
  /** The pair to drop, where it stands in a file of its own. */
  readonly drop?: Span;
}

const words = ["target_label", "targetLabel", "dimensions", "pipeline_stages", "pipelineStages", "loki.attribute.labels", "tagOverrides", "$value", ".Value"];

export const configuredLabel: FactKind<ConfiguredLabel> = {
  id: "configured-label",
  title: "Label from configuration",
  yaml: {
    mentions: [words],
    *find(document) {
      if (document.class === "compose" || document.class === "gha") return;
      for (const one of [document, ...embedded(document, words)])
        for (const node of nodesOf(one.root)) {
          if (node.kind !== "map" || node.at.file !== "") continue;
          for (const found of [...relabelled(one, node), ...streamed(one, node), ...dimensions(one, node), ...tagged(one, node), ...alerted(one, node)]) {
            const { drop, ...value } = found.value;
            if (trusted(one, found.at)) yield { at: found.at, value: one === document && drop ? found.value : value };
          }
        }
    },
  },
};

type Labels = Generator<Fact<ConfiguredLabel>>;

/** Ids of single requests, sessions and users, in the spelling of labels and of span attributes. */
const ids = /^(?:(?:enduser|user|trace|span|request|req|correlation|session|customer|order)[_.-]?id|message[_.]id|messaging\.message\.id|uuid|jwt)$/i;
/** What differs as much, where every request sets it anew. */
const wide = /^(?:e?mail|user\.email|client[_.]?ip|remote_addr|client\.address|http\.client_ip|net\.(?:sock\.)?peer\.(?:ip|addr)|url|uri|full_path|raw_?path|url\.(?:full|path|query)|http\.(?:url|target)|query|timestamp|user_agent(?:\.original)?|http\.user_agent|db\.(?:statement|query\.text)|exception\.message)$/i;

/** A relabelling copies what is there: of the wide names only ids are surely wrong, an address is one per target. */
function* relabelled(document: YamlDocument, map: YamlMap): Labels {
  for (const list of pairs(document, map)) {
    if (!/^(metric_?)?relabel(_?configs|ings)$/i.test(list.key)) continue;
    for (const one of items(document, list)) {
      const found = lookup(document, one, "target_label") ?? lookup(document, one, "targetLabel");
      const action = text(lookup(document, one, "action")) ?? "replace";
      const copies = (lookup(document, one, "source_labels") ?? lookup(document, one, "sourceLabels")) !== undefined;
      const label = text(found);
      if (found && label !== undefined && ids.test(label) && action === "replace" && copies) yield { at: found.node.at, value: { label, of: document.class === "loki-promtail" ? "stream" : "series" } };
    }
  }
}

/** Promtail: `pipeline_stages: [{ labels: { trace_id: } }]`. Collector: the attribute `loki.attribute.labels`. */
function* streamed(document: YamlDocument, map: YamlMap): Labels {
  const stages = lookup(document, map, "pipeline_stages") ?? lookup(document, map, "pipelineStages");
  for (const stage of items(document, stages))
    for (const one of pairs(document, lookup(document, stage, "labels"))) if (ids.test(one.key) || wide.test(one.key)) yield { at: one.pair.key.at, value: { label: one.key, of: "stream", ...dropped(one) } };
  if (text(lookup(document, map, "key")) !== "loki.attribute.labels") return;
  const value = lookup(document, map, "value");
  const label = (text(value) ?? "").split(",").map((one) => one.trim()).find((one) => ids.test(one) || wide.test(one));
  if (value && label !== undefined) yield { at: value.node.at, value: { label, of: "stream" } };
}

/** Collector and Tempo: `spanmetrics: { dimensions: [...] }`, `service_graphs`, and the count connector's `attributes`. */
function* dimensions(document: YamlDocument, map: YamlMap): Labels {
  for (const one of pairs(document, map)) {
    if (!/^(span_?metrics(_processor)?|service_?graphs?)(\/|$)/i.test(one.key)) continue;
    for (const found of items(document, lookup(document, one, "dimensions"))) {
      const named = found.node.kind === "map" ? lookup(document, found, "name") : found;
      const label = text(named);
      if (named && label !== undefined && (ids.test(label) || wide.test(label))) yield { at: named.node.at, value: { label, of: "span" } };
    }
  }
}

/** Istio's Telemetry: `overrides: [{ tagOverrides: { user_id: { value } } }]`. */
function* tagged(document: YamlDocument, map: YamlMap): Labels {
  for (const one of pairs(document, lookup(document, map, "tagOverrides")))
    if (ids.test(one.key) && text(lookup(document, one, "operation")) !== "REMOVE") yield { at: one.pair.key.at, value: { label: one.key, of: "series", ...dropped(one) } };
}

/** A label of an alert that prints the value makes another alert of each evaluation. */
function* alerted(document: YamlDocument, map: YamlMap): Labels {
  if (lookup(document, map, "alert") === undefined || lookup(document, map, "expr") === undefined) return;
  for (const one of pairs(document, lookup(document, map, "labels"))) {
    const value = scalar(document, one);
    if ("known" in value && /\{\{-?\s*(?:printf\s+"[^"]*"\s+|humanize\w*\s+)?(?:\$value|\.Value)\b/.test(String(value.known))) yield { at: one.node.at, value: { label: one.key, of: "alert", ...dropped(one) } };
  }
}

const dropped = (one: Found) => (one.origin === "own" && one.pair ? { drop: one.pair.key.at } : {});
