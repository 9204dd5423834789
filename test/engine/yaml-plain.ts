// What a YAML tree says as plain data, without any place: the oracle of the edit tests.

import type { YamlDocument, YamlMap, YamlNode } from "../../engine/types.ts";
import type { TextEdit } from "../../engine/yaml/site.ts";

export type Plain = unknown;

/** `change` may say something else for a node. Maps are lists of pairs: order and duplicates count. */
export function plain(node: YamlNode | null, change: (node: YamlNode) => Plain = () => undefined): Plain {
  if (!node) return null;
  const changed = change(node);
  if (changed !== undefined) return changed;
  const marks = marksOf(node);
  if (node.kind === "alias") return { alias: node.name };
  if (node.kind === "seq") return { ...marks, seq: node.items.map((item) => plain(item, change)) };
  if (node.kind === "map") return { ...marks, map: pairsOf(node, change) };
  return Object.keys(marks).length === 0 ? node.value : { ...marks, value: node.value };
}

export function marksOf(node: YamlNode): object {
  const { anchor, tag, holes } = node;
  return { ...(anchor === undefined ? {} : { anchor }), ...(tag === undefined ? {} : { tag }), ...(holes === undefined ? {} : { holes: holes.map(({ expression }) => expression) }) };
}

export function pairsOf(map: YamlMap, change?: (node: YamlNode) => Plain): Plain[] {
  return map.pairs.map((pair) => [plain(pair.key, change), plain(pair.value, change)]);
}

export function plainAll(documents: readonly YamlDocument[], change?: (node: YamlNode) => Plain): Plain[] {
  return documents.map((document) => plain(document.root, change));
}

export function apply(text: string, edits: readonly TextEdit[]): string {
  return [...edits].reverse().reduce((changed, { at, text: put }) => changed.slice(0, at.start) + put + changed.slice(at.end), text);
}
