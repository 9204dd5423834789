// Trees that several files make up: copies whose every place names its file, places that nobody can tell, and ways along keys. Reads no file.

import { items, pairs, type Found } from "../yaml/read.ts";
import type { Span, YamlDocument, YamlMap, YamlNode, YamlPair, YamlScalar, YamlSeq } from "../types.ts";

/** Why a place is not known. */
export const changed = "a Kustomize overlay changes it";
/** Marks a map or list that an overlay takes something from. What it lacks is known to be lacking; the mark tells by whose doing. */
export const taken = "a Kustomize overlay removes a part of it";
/** Nodes of one object: more means aliases of aliases. */
const maxNodes = 50_000;

/** A copy of a value of a file, aliases resolved and merge keys followed. Undefined when it is too large, or has an anchor or tag that cannot be followed. */
export function placed(document: YamlDocument, from: Found): YamlNode | undefined {
  let left = maxNodes;
  const here = (at: Span): Span => (at.file === "" ? { ...at, file: document.path } : at);
  // The guard bounds the depth of a file, and `left` what aliases make of it.
  const copy = (found: Found): YamlNode | undefined => {
    const { node } = found;
    if (--left < 0 || node.kind === "alias" || node.holes) return undefined;
    const base = { at: here(node.at), ...(node.tag === undefined ? {} : { tag: node.tag }), ...(node.open === undefined ? {} : { open: node.open }) };
    if (node.kind === "scalar") return { ...base, kind: "scalar", value: node.value, style: node.style, ...(node.legacy === undefined ? {} : { legacy: node.legacy }) };
    if (node.kind === "seq") {
      const copies = items(document, found).map(copy);
      return copies.every((one) => one !== undefined) ? { ...base, kind: "seq", flow: node.flow, items: copies, dashes: copies.map(() => 0) } : undefined;
    }
    const members: YamlPair[] = [];
    for (const entry of pairs(document, found)) {
      const value = copy(entry);
      if (!value) return undefined;
      members.push(pairOf(entry.key, here(entry.pair.key.at), value));
    }
    return { ...base, kind: "map", flow: node.flow, pairs: members };
  };
  return copy(from);
}

/** A pair of a tree that no text shows as it is. */
export function pairOf(key: string, at: Span, value: YamlNode): YamlPair {
  return { key: { kind: "scalar", at, value: key, style: "plain" }, value, start: 0, colon: 0 };
}

export const textAt = (at: Span, value: YamlScalar["value"]): YamlScalar => ({ kind: "scalar", at, value, style: "plain" });

/** The tree with nothing of it known. */
export function unknown(node: YamlNode): YamlNode {
  if (node.kind === "map") return { ...node, open: changed, pairs: node.pairs.map((pair) => (pair.value ? { ...pair, value: unknown(pair.value) } : pair)) };
  return node.kind === "seq" ? { ...node, open: changed, items: node.items.map(unknown) } : { ...node, open: changed };
}

/** A tree with the place of a path unknown; where the path leads nowhere, the last place that it leads to may hold more. */
export function opened(node: YamlNode, keys: readonly string[]): YamlNode {
  const [key, ...rest] = keys;
  if (key === undefined) return unknown(node);
  if (node.kind === "map" && member(node, key)) return withMember(node, key, (value) => opened(value, rest));
  if (node.kind === "seq" && key === "*") return { ...node, items: node.items.map((item) => opened(item, rest)) };
  if (node.kind === "seq" && /^\d+$/.test(key) && node.items[Number(key)]) return { ...node, items: node.items.map((item, at) => (at === Number(key) ? opened(item, rest) : item)) };
  return node.kind === "seq" ? unknown(node) : { ...node, open: changed };
}

export const keyOf = ({ key }: YamlPair): string | undefined => (key.kind === "scalar" ? String(key.value) : undefined);

/** The member of a map; an empty value is null. */
export function member(node: YamlNode | undefined | null, key: string): YamlNode | null | undefined {
  return node?.kind === "map" ? node.pairs.findLast((pair) => keyOf(pair) === key)?.value : undefined;
}

/** What a way along keys leads to. */
export function below(node: YamlNode | undefined | null, ...keys: readonly string[]): YamlNode | undefined | null {
  return keys.reduce((at, key) => member(at, key), node);
}

/** The text of a scalar that is known. */
export function said(node: YamlNode | undefined | null, ...keys: readonly string[]): string | undefined {
  const found = below(node, ...keys);
  return found?.kind === "scalar" && found.open === undefined && found.holes === undefined && found.value !== null ? String(found.value) : undefined;
}

/** The map with a member changed. */
export function withMember(map: YamlMap, key: string, change: (value: YamlNode) => YamlNode): YamlMap {
  return { ...map, pairs: map.pairs.map((pair) => (keyOf(pair) === key && pair.value ? { ...pair, value: change(pair.value) } : pair)) };
}

/** The map with a member of this value: in the place of the old one, else as its first one, so that places of the rest stay in order. */
export function withValue(map: YamlMap, key: string, at: Span, value: YamlNode): YamlMap {
  if (map.pairs.some((pair) => keyOf(pair) === key)) return { ...map, pairs: map.pairs.map((pair) => (keyOf(pair) === key ? { ...pair, value } : pair)) };
  return { ...map, pairs: [{ ...pairOf(key, at, value), start: map.at.start, colon: map.at.start }, ...map.pairs] };
}

export function withoutKey(map: YamlMap, key: string): YamlMap {
  return { ...map, pairs: map.pairs.filter((pair) => keyOf(pair) !== key) };
}

export function listOf(list: YamlSeq, all: readonly YamlNode[]): YamlSeq {
  return { ...list, items: all, dashes: all.map(() => 0) };
}

/** Nobody can tell what a node is. What an overlay took from it is known. */
export const isUnknown = (node: YamlNode): boolean => node.holes !== undefined || (node.open !== undefined && node.open !== taken);

/** The tree without marks of what was taken from it. */
export function unmarked(node: YamlNode): YamlNode {
  const { open, ...rest } = node;
  const base = (open === taken ? rest : node) as YamlNode;
  if (base.kind === "map") return { ...base, pairs: base.pairs.map((pair) => (pair.value ? { ...pair, value: unmarked(pair.value) } : pair)) };
  return base.kind === "seq" ? { ...base, items: base.items.map(unmarked) } : base;
}
