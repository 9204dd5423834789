// The edit operations on a random place of a document, each with the data that must be there afterwards. Edits nothing by itself.

import type { Scalar, YamlDocument, YamlMap, YamlNode, YamlPair, YamlScalar } from "../../engine/types.ts";
import { fillEmpty, insertItem, insertPair, movePair, quote, removePair, replaceScalar, type Beside } from "../../engine/yaml/edit.ts";
import { nodesOf } from "../../engine/yaml/place.ts";
import { keyText, type TextEdit } from "../../engine/yaml/site.ts";
import { marksOf, pairsOf, plain, plainAll, type Plain } from "./yaml-plain.ts";

export interface Outcome {
  /** Undefined when the operation refuses. */
  readonly edits: readonly TextEdit[] | undefined;
  /** The offset that addresses the place. */
  readonly at: number;
  /** All documents of the file afterwards. */
  readonly expected: (documents: readonly YamlDocument[]) => Plain[];
  /** The only ranges that may lose text, with what may be lost there. */
  readonly loses: readonly { readonly start: number; readonly end: number }[];
}
/** Undefined when the document has no place for it. `pick` gives a number below a count. */
export type Operation = (text: string, document: YamlDocument, pick: (count: number) => number) => Outcome | undefined;

const snippet = "exec:\n  command: [a, b]\n  # why\n  text: |\n    t\n";
const snippetData = { map: [["exec", { map: [["command", { seq: ["a", "b"] }], ["text", "t\n"]] }]] };
const flat = "a: 1\nb:\n- x\n";
const flatData = { map: [["a", 1], ["b", { seq: ["x"] }]] };
const texts = ["10s", "a, b", "yes", "it's", "", "x: y", "#", "a #b", "012", "1e3", "- x", "{{ x }}", "tab\there", "é", "ends:", " lead", "0x1f", "12:30", "null", "*a", "&a", "!t", "%", "@", "`", "...", "---"];

function all<K extends YamlNode["kind"]>(document: YamlDocument, kind: K): Extract<YamlNode, { kind: K }>[] {
  return [...nodesOf(document.root)].filter((node): node is Extract<YamlNode, { kind: K }> => node.kind === kind);
}

function instead(change: (node: YamlNode) => Plain): Outcome["expected"] {
  return (documents) => plainAll(documents, change);
}

function mapWith(map: YamlMap, pairs: Plain[]): Plain {
  return { ...marksOf(map), map: pairs };
}

function scalarWith(node: YamlScalar, value: Plain): Plain {
  return node.anchor === undefined ? value : { anchor: node.anchor, value };
}

/** What a value becomes in the quotes, and with the unit, of the scalar that it replaces. */
function inPlace(node: YamlScalar, value: Scalar): Scalar {
  const unit = typeof value === "number" && typeof node.value === "string" ? /^[-+]?\d+(?:\.\d+)?([A-Za-zµ%]+)$/.exec(node.value)?.[1] ?? "" : "";
  if (unit !== "") return `${String(value)}${unit}`;
  return node.style === "plain" || value === null ? value : String(value);
}

/** A random place among siblings, named as rules name it, and its position. */
function besideIn(pairs: readonly YamlPair[], pick: (count: number) => number): { readonly beside: Beside; readonly index: number } {
  const keys = pairs.map(keyText);
  const key = keys[pick(keys.length + 1)];
  if (key === undefined) return { beside: {}, index: pairs.length };
  return pick(2) === 0 ? { beside: { before: key }, index: keys.lastIndexOf(key) } : { beside: { after: key }, index: keys.lastIndexOf(key) + 1 };
}

/** The pair that goes when `wanted` goes, and its map: a map is not left empty. */
function goneWith(maps: readonly YamlMap[], holder: YamlMap, wanted: YamlPair): { readonly map: YamlMap | undefined; readonly gone: YamlPair } {
  let map: YamlMap | undefined = holder;
  let gone = wanted;
  while (map && map.pairs.length === 1) {
    const inner: YamlMap = map;
    map = maps.find(({ pairs }) => pairs.some(({ value }) => value === inner));
    gone = map?.pairs.find(({ value }) => value === inner) ?? gone;
  }
  return { map, gone };
}

/** A pair with the comment lines directly above and what ends its last line. */
function extentOf(text: string, pair: YamlPair): { readonly start: number; readonly end: number } {
  const last = Math.max(pair.colon, pair.value?.at.end ?? 0);
  const lines = text.slice(0, pair.start).split(/(?<=\r\n|\n|\r(?!\n))/);
  let start = pair.start;
  if ((lines.at(-1) ?? "").trim() === "") start -= lines.pop()?.length ?? 0;
  while (/^[ \t]*#/.test(lines.at(-1) ?? "")) start -= lines.pop()?.length ?? 0;
  const rest = /^[^\r\n]*(?:\r\n|\n|\r)?/.exec(text.slice(last))?.[0] ?? "";
  return { start, end: last + rest.length };
}

export const operations: Readonly<Record<string, Operation>> = {
  replace(text, document, pick) {
    const scalars = all(document, "scalar");
    const node = scalars[pick(scalars.length)];
    if (!node) return undefined;
    const value = [5, 0.5, -1, true, null, texts[pick(texts.length)] ?? "", texts[pick(texts.length)] ?? "", texts[pick(texts.length)] ?? ""][pick(8)] ?? null;
    return { at: node.at.start, edits: replaceScalar(text, document, node, value), expected: instead((each) => (each === node ? scalarWith(node, inPlace(node, value)) : undefined)), loses: [node.at] };
  },
  quote(text, document, pick) {
    const scalars = all(document, "scalar").filter(({ style }) => style === "plain");
    const node = scalars[pick(scalars.length)];
    return node && { at: node.at.start, edits: quote(text, document, node), expected: instead((each) => (each === node ? scalarWith(node, text.slice(node.at.start, node.at.end)) : undefined)), loses: [node.at] };
  },
  fill(text, document, pick) {
    const pairs = all(document, "map").flatMap((map) => map.pairs).filter(({ value }) => value === null);
    const pair = pairs[pick(pairs.length)];
    const holder = pair && all(document, "map").find((map) => map.pairs.includes(pair));
    if (!pair || !holder) return undefined;
    const value = [5, true, ...texts][pick(texts.length + 2)] ?? 5;
    const expected = (each: YamlNode): Plain => (each === holder ? mapWith(holder, holder.pairs.map((one) => [plain(one.key, expected), one === pair ? value : plain(one.value, expected)])) : undefined);
    return { at: pair.colon, edits: fillEmpty(text, document, pair.colon, value), expected: instead(expected), loses: [] };
  },
  insert(text, document, pick) {
    const maps = all(document, "map");
    const map = maps[pick(maps.length)];
    if (!map) return undefined;
    const { beside, index } = besideIn(map.pairs, pick);
    const value = [5, "no", null, snippet, flat, texts[pick(texts.length)] ?? ""][pick(6)] ?? null;
    const data = value === snippet ? snippetData : value === flat ? flatData : value;
    const key = ["new", "a: b", "yes", "x.y/z"][pick(4)] ?? "new";
    const pairs = pairsOf(map);
    pairs.splice(index, 0, [key, data]);
    return { at: map.at.start, edits: insertPair(text, document, map, { key, value, ...beside }), expected: instead((each) => (each === map ? mapWith(map, pairs) : undefined)), loses: [] };
  },
  item(text, document, pick) {
    const seqs = all(document, "seq");
    const seq = seqs[pick(seqs.length)];
    if (!seq) return undefined;
    const index = pick(seq.items.length + 1);
    const value = [5, "a b", snippet, flat, texts[pick(texts.length)] ?? ""][pick(5)] ?? 5;
    const list = seq.items.map((item) => plain(item));
    list.splice(index, 0, value === snippet ? snippetData : value === flat ? flatData : value);
    return { at: seq.at.start, edits: insertItem(text, document, seq, value, index), expected: instead((each) => (each === seq ? { ...marksOf(seq), seq: list } : undefined)), loses: [] };
  },
  remove(text, document, pick) {
    const maps = all(document, "map").filter(({ pairs }) => pairs.length > 0);
    const holder = maps[pick(maps.length)];
    const wanted = holder?.pairs[pick(holder.pairs.length)];
    if (!holder || !wanted) return undefined;
    const { map, gone } = goneWith(maps, holder, wanted);
    const expected = instead((each) => (each === map && each.kind === "map" ? mapWith(each, pairsOf({ ...each, pairs: each.pairs.filter((pair) => pair !== gone) })) : undefined));
    return { at: wanted.key.at.start, edits: removePair(text, document, wanted), expected, loses: map ? [map.flow ? map.at : extentOf(text, gone)] : [] };
  },
  move(text, document, pick) {
    const maps = all(document, "map").filter(({ pairs }) => pairs.length > 0);
    const from = maps[pick(maps.length)];
    const into = pick(2) === 0 ? from : maps[pick(maps.length)];
    const moved = from?.pairs[pick(from.pairs.length)];
    if (!from || !into || !moved) return undefined;
    const { beside, index } = besideIn(into.pairs.filter((pair) => pair !== moved), pick);
    const expected = (each: YamlNode): Plain => {
      if (each.kind !== "map" || (each !== from && each !== into)) return undefined;
      const pairs = each.pairs.filter((pair) => pair !== moved);
      if (each === into) pairs.splice(index, 0, moved);
      return mapWith(each, pairsOf({ ...each, pairs }, expected));
    };
    return { at: moved.key.at.start, edits: movePair(text, document, moved, into, beside), expected: instead(expected), loses: [extentOf(text, moved)] };
  },
};
