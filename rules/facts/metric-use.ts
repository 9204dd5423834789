// Fact: a Prometheus rule reads a metric, or makes one by recording it. Judges nothing.

import { selectorsOf } from "../../engine/promql/selector.ts";
import { expressionsOf, placeOf, ruleWords } from "./rule-expression.ts";
import type { FactKind, Span } from "../../engine/types.ts";

export interface MetricUse {
  readonly metric: string;
  /** False when only the place of the whole expression is known, which cannot be edited. */
  readonly exact: boolean;
  /** The name stands in quotes or in a matcher of `__name__`. */
  readonly quoted: boolean;
  readonly labels: readonly { readonly name: string; readonly at: Span; readonly exact: boolean }[];
  /** The rule's own name, when it records. */
  readonly record?: string;
}

export const metricUse: FactKind<MetricUse> = {
  id: "metric-use",
  title: "Metric in a Prometheus rule",
  yaml: {
    mentions: [ruleWords, ["alert", "record"]],
    *find(document) {
      for (const one of expressionsOf(document))
        for (const { metric, matchers } of selectorsOf(one.tree)) {
          if (!metric) continue;
          const { at, exact } = placeOf(one, metric.node);
          const labels = matchers.filter(({ label }) => label !== "__name__").map(({ label, node }) => {
            const place = placeOf(one, { ...node, end: node.start + label.length });
            return { name: label, ...place };
          });
          yield { at, value: { metric: metric.name, exact, quoted: metric.node.name !== "Identifier", labels, ...(one.record === undefined ? {} : { record: one.record }) } };
        }
    },
  },
};
