// Which series does an expression select, and over which window does a function look at them? Questions about one tree; judges nothing.

import { around, children, textOf, within, type PromNode, type PromQl } from "./parse.ts";
import { parseDuration } from "../quantity.ts";

export interface Matcher {
  readonly label: string;
  readonly op: "=" | "!=" | "=~" | "!~";
  /** Undefined when a template gives it, or part of it. */
  readonly value: string | undefined;
  readonly node: PromNode;
}

export interface Selector {
  readonly node: PromNode;
  /** Undefined when a pattern or a template names it. */
  readonly metric?: { readonly name: string; readonly node: PromNode };
  readonly matchers: readonly Matcher[];
  /** `[5m]`; undefined for an instant selector and inside a subquery. */
  readonly range?: { readonly ms: number | undefined; readonly node: PromNode };
  /** The function that the series are given to directly, or after `offset` and `@`: `rate`. */
  readonly call?: string;
}

/** The selectors of an expression that hold no syntax error. */
export function* selectorsOf(tree: PromQl): Generator<Selector> {
  for (const node of tree.nodes) {
    if (node.name !== "VectorSelector" || node.broken) continue;
    const name = nameOf(tree, node);
    const range = rangeOf(tree, node);
    const call = callOf(tree, node);
    yield { node, matchers: [...matchersOf(tree, node)], ...(name ? { metric: name } : {}), ...(range ? { range } : {}), ...(call === undefined ? {} : { call }) };
  }
}

/** `x`, `{"x.y"}`, `{__name__="x"}`. */
function nameOf(tree: PromQl, node: PromNode): Selector["metric"] {
  for (const one of within(tree, node)) {
    if (one.name === "Identifier" && one.parent === node.index) return { name: textOf(tree, one), node: one };
    const quoted = one.name === "QuotedLabelName" ? unquoted(textOf(tree, one)) : undefined;
    if (quoted !== undefined) return { name: quoted, node: one };
  }
  const named = [...matchersOf(tree, node)].find((one) => one.label === "__name__" && one.op === "=");
  return named?.value === undefined ? undefined : { name: named.value, node: named.node };
}

function* matchersOf(tree: PromQl, node: PromNode): Generator<Matcher> {
  for (const one of within(tree, node)) {
    if (one.name !== "UnquotedLabelMatcher" && one.name !== "QuotedLabelMatcher") continue;
    const parts = [...children(tree, one)];
    const text = (name: string) => { const part = parts.find((each) => each.name === name); return part && textOf(tree, part); };
    const label = text("LabelName") ?? unquoted(text("QuotedLabelName") ?? "");
    const op = text("MatchOp");
    const value = text("StringLiteral");
    if (label !== undefined && op !== undefined && value !== undefined) yield { label, op: op as Matcher["op"], value: unquoted(value), node: one };
  }
}

function rangeOf(tree: PromQl, node: PromNode): Selector["range"] {
  const matrix = tree.nodes[node.parent];
  const written = matrix?.name === "MatrixSelector" ? [...children(tree, matrix)].find((one) => one.name === "DurationExpr") : undefined;
  if (!matrix || !written || matrix.broken) return undefined;
  return { ms: parseDuration(textOf(tree, written), "prometheus"), node: written };
}

function callOf(tree: PromQl, node: PromNode): string | undefined {
  for (const one of around(tree, node)) {
    if (one.name === "FunctionCall") return textOf(tree, tree.nodes[one.index + 1]!);
    if (!passing.has(one.name)) return undefined;
  }
  return undefined;
}

const passing = new Set(["MatrixSelector", "SubqueryExpr", "OffsetExpr", "StepInvariantExpr", "ParenExpr", "FunctionCallBody"]);

/** The text of a quoted literal; undefined when a template gives part of it, or an escape stands in it. */
function unquoted(literal: string): string | undefined {
  const inner = literal.slice(1, -1);
  return literal.length < 2 || inner.includes("\uE000") || (inner.includes("\\") && !literal.startsWith("`")) ? undefined : inner;
}
