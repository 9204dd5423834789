// Fact: an alert compares the mean of a latency. Tells which latency, and how the same alert would look at its tail.

import { children, textOf, within, type PromNode, type PromQl } from "../../engine/promql/parse.ts";
import { selectorsOf } from "../../engine/promql/selector.ts";
import { quantileOf } from "./average-fix.ts";
import { expressionsOf, numberOf, placeOf, ruleWords } from "./rule-expression.ts";
import type { FactKind } from "../../engine/types.ts";

export interface AverageAlert {
  /** Name of the histogram or summary, or of the gauge. */
  readonly metric: string;
  /** `mean`: sum by count. `gauge`: the mean of a gauge, over series or over time. */
  readonly form: "mean" | "gauge";
  /** The division as a quantile of the histogram. */
  readonly quantile?: string;
}

export const averageAlert: FactKind<AverageAlert> = {
  id: "average-alert",
  title: "Alert on a mean latency",
  yaml: {
    mentions: [ruleWords, ["alert"], ["_sum", "avg"]],
    *find(document) {
      const all = [...expressionsOf(document)];
      for (const one of all) {
        if (one.alert === undefined) continue;
        const found = meanIn(one.tree) ?? gaugeIn(one.tree);
        if (!found) continue;
        // Who also looks at the tail knows what the mean is for.
        if (all.some((other) => other.group === one.group && other.alert !== undefined && looksAtTail(other.tree, found.metric))) continue;
        const { at, exact } = placeOf(one, found.node);
        const quantile = exact && found.form === "mean" ? quantileOf(one.tree, found.node, found.metric) : undefined;
        yield { at, value: { metric: found.metric, form: found.form, ...(quantile === undefined ? {} : { quantile }) } };
      }
    },
  },
};

const latency = /duration|latency|seconds|milliseconds|_ms$|response_time|(^|_)rt(_|$)/i;
const latencyGauge = /duration|latency|response_time/i;

function meanIn(tree: PromQl): { metric: string; form: "mean"; node: PromNode } | undefined {
  for (const node of tree.nodes) {
    const parts = node.name === "BinaryExpr" && !node.broken ? [...children(tree, node)] : [];
    if (!parts.some((one) => one.name === "Div")) continue;
    const [left, right] = [parts[0]!, parts.at(-1)!];
    const counted = new Set(metricsIn(tree, right));
    const metric = metricsIn(tree, left).map((name) => /^(.+)_sum$/.exec(name)?.[1]).find((base) => base !== undefined && latency.test(base) && counted.has(`${base}_count`));
    if (metric !== undefined) return { metric, form: "mean", node };
  }
  return undefined;
}

/** `avg(x_duration) > 5`, `avg_over_time(x_latency[5m]) > 5`. */
function gaugeIn(tree: PromQl): { metric: string; form: "gauge"; node: PromNode } | undefined {
  for (const node of tree.nodes) {
    const parts = node.name === "BinaryExpr" && !node.broken ? [...children(tree, node)] : [];
    if (!parts.some((one) => compares.has(one.name)) || numberOf(tree, parts.at(-1)!) === undefined) continue;
    const [mean] = parts;
    const isMean = mean !== undefined && (mean.name === "AggregateExpr" ? within(tree, mean).some((one) => one.name === "Avg" && one.parent === mean.index + 1) : mean.name === "FunctionCall" && textOf(tree, tree.nodes[mean.index + 1]!) === "avg_over_time");
    if (!isMean) continue;
    // Directly: a rate or a difference is no latency any more.
    const inner = within(tree, mean);
    const calls = inner.filter((one) => one.name === "FunctionCall" || one.name === "AggregateExpr" || one.name === "BinaryExpr").length;
    const [metric, ...more] = metricsIn(tree, mean);
    if (calls === 1 && more.length === 0 && metric !== undefined && latencyGauge.test(metric) && !/_(sum|count|bucket|total)$|timestamp/.test(metric)) return { metric, form: "gauge", node: mean };
  }
  return undefined;
}

const compares = new Set(["Gtr", "Gte", "Lss", "Lte", "Eql", "Neq"]);

function looksAtTail(tree: PromQl, metric: string): boolean {
  const tail = tree.nodes.some((one) => one.name === "FunctionIdentifier" && /^histogram_(quantile|fraction)$/.test(textOf(tree, one)));
  return [...selectorsOf(tree)].some((one) => one.metric !== undefined && ((tail && (one.metric.name === `${metric}_bucket` || one.metric.name === metric)) || one.matchers.some((each) => each.label === "quantile" && one.metric!.name === metric)));
}

function metricsIn(tree: PromQl, node: PromNode): string[] {
  return [...selectorsOf(tree)].filter((one) => one.node.index >= node.index && one.node.index < node.last).flatMap((one) => one.metric?.name ?? []);
}
