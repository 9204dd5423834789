// Fact: a collector samples traces, so that services may send all of them. Wherever its configuration stands: a file, a ConfigMap, Helm values.

import { pairs } from "../../engine/yaml/read.ts";
import type { FactKind, YamlNode } from "../../engine/types.ts";

const processors = ["tail_sampling", "probabilistic_sampler"];
const classes = new Set(["otelcol", "k8s", "helm-values", "values-fragment"]);

export const collectorSampling: FactKind<{ readonly processor: string }> = {
  id: "collector-sampling",
  title: "Sampling in a collector",
  yaml: {
    mentions: [processors],
    *find(document) {
      if (!classes.has(document.class)) return;
      const open: YamlNode[] = document.root ? [document.root] : [];
      for (let node = open.pop(); node; node = open.pop()) {
        if (node.kind === "seq") open.push(...node.items);
        if (node.kind === "map") for (const one of pairs(document, node)) open.push(one.node);
        // A pipeline names its processors in a list; a ConfigMap has the whole file as one text.
        const named = node.kind === "scalar" && typeof node.value === "string" ? node.value : "";
        const processor = processors.find((one) => named === one || named.startsWith(`${one}/`) || (named.includes("\n") && named.includes(one)));
        if (processor) yield { at: node.at, value: { processor } };
      }
    },
  },
};
