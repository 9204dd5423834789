// Fact: a collector sends all spans of a trace to the same instance behind it, which is what sampling by whole traces needs.

import { collectorsOf, typeOf } from "./collector-config.ts";
import { lookup, pairs, scalar } from "../../engine/yaml/read.ts";
import type { FactKind } from "../../engine/types.ts";

export const traceRouting: FactKind<{ readonly exporter: string }> = {
  id: "trace-routing",
  title: "Routing by trace id",
  yaml: {
    mentions: [["loadbalancing"]],
    *find(document) {
      for (const { document: inner, root } of collectorsOf(document))
        for (const one of pairs(inner, lookup(inner, root, "exporters"))) {
          const key = scalar(inner, one, "routing_key");
          // What is not known may route well.
          if (/^load_?balancing$/.test(typeOf(one.key)) && !("known" in key && key.known !== "traceID")) yield { at: one.pair.key.at, value: { exporter: one.key } };
        }
    },
  },
};
