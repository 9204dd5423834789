// A PromQL expression as a flat list of nodes with offsets in the expression. Walks iteratively; knows no metric and no rule.

import { visit } from "./grammar.ts";

export interface PromNode {
  /** Name in the grammar: `FunctionCall`, `VectorSelector`, `BinaryExpr`, `Rate`, ... */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Index of this node among all. */
  readonly index: number;
  /** Index of the parent; -1 for the root. */
  readonly parent: number;
  /** Index behind the last node inside this one. */
  readonly last: number;
  /** A syntax error lies inside: what stands here is not known. */
  readonly broken: boolean;
}

export interface PromQl {
  readonly text: string;
  /** Parents before children, in the order of the text. */
  readonly nodes: readonly PromNode[];
}

/** Nobody writes longer expressions by hand (UTF-16 units). */
const longest = 10_000;

/**
 * The tree of an expression. Never throws: what cannot be read is `broken`, and so is everything around it, while parts beside it stay usable
 * (`sum(rate(x[1m])) by (?)` still says `rate(x[1m])`). U+E000, which stands for what a template puts in, is such an error outside of quotes. Undefined for texts that are too long or nest deeper than the parser can follow.
 */
export function parsePromql(text: string): PromQl | undefined {
  if (text.length > longest) return undefined;
  const nodes: { -readonly [K in keyof PromNode]: PromNode[K] }[] = [];
  let open = -1;
  const isRead = visit(text, ({ name, from, to, type }) => {
    open = nodes.push({ name, start: from, end: to, index: nodes.length, parent: open, last: 0, broken: type.isError }) - 1;
  }, () => {
    const node = nodes[open]!;
    node.last = nodes.length;
    const above = nodes[node.parent];
    if (above && node.broken) above.broken = true;
    open = node.parent;
  });
  return isRead ? { text, nodes } : undefined;
}

/** The nodes directly below one, in the order of the text. */
export function* children({ nodes }: PromQl, of: PromNode): Generator<PromNode> {
  for (let index = of.index + 1; index < of.last; index = nodes[index]!.last) yield nodes[index]!;
}

/** All nodes inside one, itself first. */
export function within({ nodes }: PromQl, of: PromNode): readonly PromNode[] {
  return nodes.slice(of.index, of.last);
}

/** The nodes around one, nearest first. */
export function* around({ nodes }: PromQl, of: PromNode): Generator<PromNode> {
  for (let node = nodes[of.parent]; node; node = nodes[node.parent]) yield node;
}

export function textOf({ text }: PromQl, node: PromNode): string {
  return text.slice(node.start, node.end);
}
