// The values of a chart in one deployment unit: several files, one over the other, read on demand. Changes no document.

import { items, lookup, pairs, type Found } from "./read.ts";
import type { Span, YamlDocument, YamlMap, YamlNode, YamlPair } from "../types.ts";

/** A part of one values file. */
export interface Layer {
  readonly document: YamlDocument;
  readonly found: Found;
}

/** The same part of several values files, the strongest first; never empty. Only maps lie over each other. */
export type Layers = readonly [Layer, ...Layer[]];

/** Nodes that one value may bring into a template: more means aliases of aliases. */
const MAX_NODES = 20_000;

/** The layer of a whole file; undefined for one that is broken or is no map. */
export function layerOf(document: YamlDocument): Layer | undefined {
  return document.root?.kind === "map" && document.errors.length === 0 ? { document, found: { node: document.root, origin: "own" } } : undefined;
}

/** The member of a map. Undefined when no file has it or the strongest one takes it away with `null`: https://helm.sh/docs/chart_template_guide/values_files/ */
export function member(layers: Layers, key: string): Layers | undefined {
  const found: Layer[] = [];
  for (const { document, found: here } of layers) {
    const next = here.node.kind === "map" ? lookup(document, here, key) : undefined;
    if (!next) continue;
    if (next.node.kind === "scalar" && next.node.value === null && !next.node.tag) break;
    if (found.length > 0 && next.node.kind !== "map") break;
    found.push({ document, found: next });
    if (next.node.kind !== "map") break;
  }
  return stacked(found);
}

/** The member of a map in Compose files: lists are put together, but for commands. https://docs.docker.com/reference/compose-file/merge/ */
function composed(layers: Layers, key: string): Layers | undefined {
  const found = layers.flatMap(({ document, found: here }): Layer[] => {
    const next = here.node.kind === "map" ? lookup(document, here, key) : undefined;
    return next ? [{ document, found: next }] : [];
  });
  const isReplaced = /^(?:command|entrypoint|test)$/.test(key) || found[0]?.found.node.kind === "scalar";
  return stacked(isReplaced ? found.slice(0, 1) : found.filter(({ found: one }) => one.node.kind !== "scalar"));
}

/** Layers in this order; undefined when there are none. */
export function stacked(layers: readonly (Layer | undefined)[]): Layers | undefined {
  const [first, ...rest] = layers.filter((one) => one !== undefined);
  return first && [first, ...rest];
}

/** Where a value stands, in its own file. */
export function placeOf({ document, found: { node } }: Layer): Span {
  return { ...node.at, file: document.path };
}

/**
 * The value as nodes of their own: aliases resolved, merge keys followed, files laid over each other, every span in its file.
 * Offsets without a file (`start`, `colon`, dashes) are `at`. Undefined when it is too large. Compose files are laid over each other in their own way.
 */
export function plain(layers: Layers, at: number, mode: "values" | "compose" = "values"): YamlNode | undefined {
  const below = mode === "compose" ? composed : member;
  let left = MAX_NODES;
  // The guard bounds the depth of a file, and `left` what aliases make of it.
  const copy = (of: Layers, depth: number): YamlNode | undefined => {
    const [top] = of;
    const { node } = top.found;
    if (--left < 0 || depth > 100) return undefined;
    const base = { at: placeOf(top), ...(node.tag === undefined ? {} : { tag: node.tag }) };
    if (node.kind === "alias") return { kind: "scalar", at: base.at, value: null, style: "plain", open: `no anchor ${node.name}` };
    if (node.kind === "scalar") return { ...base, kind: "scalar", value: node.value, style: node.style, ...(node.legacy === undefined ? {} : { legacy: node.legacy }) };
    if (node.kind === "seq") {
      const copies: YamlNode[] = [];
      for (const { document, found: list } of [...of].reverse())
        for (const found of items(document, list)) {
          const one = copy([{ document, found }], depth + 1);
          if (!one) return undefined;
          copies.push(one);
        }
      // A list over a map, as `environment` may be written, is more than the list.
      const isMixed = of.some(({ found }) => found.node.kind !== "seq");
      return { ...base, kind: "seq", flow: node.flow, items: copies, dashes: copies.map(() => at), ...(isMixed ? { open: "merged with a map" } : {}) };
    }
    const members = new Map<string, YamlPair>();
    for (const { document, found } of of)
      for (const { key, pair } of pairs(document, found)) {
        const next = members.has(key) ? undefined : below(of, key);
        if (!next) continue;
        const value = copy(next, depth + 1);
        if (!value) return undefined;
        members.set(key, { key: { kind: "scalar", at: { ...pair.key.at, file: document.path }, value: key, style: "plain" }, value, start: at, colon: at });
      }
    const isMixed = of.some(({ found }) => found.node.kind === "seq");
    const map: YamlMap = { ...base, kind: "map", flow: node.flow, pairs: [...members.values()], ...(isMixed ? { open: "merged with a list" } : {}) };
    return map;
  };
  return copy(layers, 0);
}
