// A node as new YAML text in block style, for parts that a fix repeats elsewhere. Prints what the tree says, without comments; refuses what a copy could change, and what a template gives.

import type { YamlNode } from "../types.ts";
import { printScalar } from "./scalar-text.ts";

/** Levels of nesting that a copied part may have. */
const deepest = 6;

/** Lines from column 0, ended by a line break; undefined for aliases, tags, block scalars and keys that are no scalars. */
export function printNode(node: YamlNode): string | undefined {
  const lines = linesOf(node, 0);
  return lines && `${lines.join("\n")}\n`;
}

function linesOf(node: YamlNode, depth: number): string[] | undefined {
  if (node.kind === "alias" || node.tag !== undefined || node.holes !== undefined || node.open !== undefined || depth > deepest) return undefined;
  if (node.kind === "scalar") return node.style === "literal" || node.style === "folded" ? undefined : [printScalar(node.value, false)];
  const lines: string[] = [];
  if (node.kind === "seq") {
    for (const item of node.items) {
      const [first, ...more] = linesOf(item, depth + 1) ?? [];
      if (first === undefined) return undefined;
      lines.push(`- ${first}`, ...more.map((line) => `  ${line}`));
    }
    return lines.length === 0 ? ["[]"] : lines;
  }
  for (const { key, value } of node.pairs) {
    const name = key.kind === "scalar" && key.tag === undefined && key.holes === undefined && !(key.value === "<<" && key.style === "plain") ? printScalar(key.value, false) : undefined;
    const below = value === null ? [] : linesOf(value, depth + 1);
    if (name === undefined || !below) return undefined;
    if (value === null || value.kind === "scalar" || (below.length === 1 && /^(\[\]|\{\})$/.test(below[0]!))) lines.push(`${name}:${below[0] === undefined ? "" : ` ${below[0]}`}`);
    else lines.push(`${name}:`, ...below.map((line) => `  ${line}`));
  }
  return lines.length === 0 ? ["{}"] : lines;
}
