// Where something stands in a plain tree: walks and descents by offset. Iterative; reads no text and resolves no alias.

import type { Span, YamlDocument, YamlNode, YamlPair } from "../types.ts";

/** One level on the way from the root to a place. `node` is null for the empty value of a pair. */
export interface Step {
  readonly node: YamlNode | null;
  /** The pair that the node is key or value of. */
  readonly pair?: YamlPair;
  readonly part: "root" | "key" | "value" | "item";
  /** Position among the pairs or items of the parent. */
  readonly index: number;
}

/** All nodes in the order of the text, keys before values; no alias is followed. */
export function* nodesOf(root: YamlNode | null): Generator<YamlNode> {
  const rest = root ? [root] : [];
  for (let node = rest.pop(); node; node = rest.pop()) {
    yield node;
    if (node.kind === "seq") for (const item of reversed(node.items)) rest.push(item);
    if (node.kind !== "map") continue;
    for (const { key, value } of reversed(node.pairs)) {
      if (value) rest.push(value);
      rest.push(key);
    }
  }
}

/** Without a copy: a spread of a huge list would overflow the stack. */
function* reversed<T>(list: readonly T[]): Generator<T> {
  for (let index = list.length - 1; index >= 0; index -= 1) yield list[index] as T;
}

/** The nodes from the root down to the innermost one at this offset. */
export function pathTo(document: YamlDocument, offset: number): Step[] {
  if (!document.root) return [];
  const path: Step[] = [{ node: document.root, part: "root", index: 0 }];
  for (let step = stepInto(document.root, offset); step; step = step.node ? stepInto(step.node, offset) : undefined) path.push(step);
  return path;
}

function stepInto(node: YamlNode, offset: number): Step | undefined {
  if (node.kind === "seq") {
    const index = lastAtOrBefore(node.items.length, offset, (at) => node.dashes[at] ?? node.items[at]?.at.start ?? 0);
    const item = node.items[index];
    return item ? { node: item, part: "item", index } : undefined;
  }
  if (node.kind !== "map") return undefined;
  const index = lastAtOrBefore(node.pairs.length, offset, (at) => node.pairs[at]?.start ?? 0);
  const pair = node.pairs[index];
  if (!pair) return undefined;
  const inKey = offset < pair.colon || (pair.value === null && offset <= pair.key.at.end);
  return inKey ? { node: pair.key, pair, part: "key", index } : { node: pair.value, pair, part: "value", index };
}

function lastAtOrBefore(count: number, offset: number, startOf: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(middle) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
