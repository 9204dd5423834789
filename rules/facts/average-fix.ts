// Question: how is a mean written as a quantile of the same histogram? Only for the shapes that people write; anything else has no answer.

import { children, textOf, within, type PromNode, type PromQl } from "../../engine/promql/parse.ts";

/** `sum by (route) (rate(x_sum[5m])) / sum by (route) (rate(x_count[5m]))` as `histogram_quantile(0.99, sum by (route, le) (rate(x_bucket[5m])))`. */
export function quantileOf(tree: PromQl, division: PromNode, metric: string): string | undefined {
  const parts = [...children(tree, division)];
  // `on (...)` and the like: the two sides have different labels.
  if (parts.length !== 3) return undefined;
  const [left, right] = [bare(tree, parts[0]!), bare(tree, parts[2]!)];
  if (!left || !right) return undefined;
  const [sum, count] = [textOf(tree, left), textOf(tree, right)];
  if (sum.replaceAll(`${metric}_sum`, `${metric}_count`) !== count || sum.split(`${metric}_sum`).length !== 2) return undefined;
  const inside = aggregated(tree, left);
  if (inside === undefined) return undefined;
  return `histogram_quantile(0.99, ${inside.replace(`${metric}_sum`, `${metric}_bucket`)})`;
}

/** The rate, or the sum of rates with `le` kept. */
function aggregated(tree: PromQl, node: PromNode): string | undefined {
  const text = textOf(tree, node);
  if (node.name === "FunctionCall") return isRate(tree, node) ? text : undefined;
  const parts = [...children(tree, node)];
  const [operator] = parts;
  const body = parts.find((one) => one.name === "FunctionCallBody");
  const inner = body && [...children(tree, body)];
  if (node.name !== "AggregateExpr" || !operator || textOf(tree, operator) !== "sum" || inner?.length !== 1 || !isRate(tree, inner[0]!)) return undefined;
  const modifier = parts.find((one) => one.name === "AggregateModifier");
  if (!modifier) return `sum by (le) ${text.slice(operator.end - node.start)}`;
  if (within(tree, modifier).some((one) => one.name === "Without")) return text;
  const labels = [...children(tree, modifier)].find((one) => one.name === "GroupingLabels");
  if (!labels) return undefined;
  const at = labels.end - 1 - node.start;
  return `${text.slice(0, at)}${[...children(tree, labels)].length > 0 ? ", " : ""}le${text.slice(at)}`;
}

function isRate(tree: PromQl, node: PromNode): boolean {
  return node.name === "FunctionCall" && /^(rate|increase|irate)$/.test(textOf(tree, tree.nodes[node.index + 1]!));
}

function bare(tree: PromQl, node: PromNode): PromNode | undefined {
  let inner: PromNode | undefined = node;
  while (inner?.name === "ParenExpr") inner = [...children(tree, inner)][0];
  return inner;
}
