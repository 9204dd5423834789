// The accessor that every rule uses: the last of equal keys wins, aliases are resolved, merge keys (`<<`) are followed, and the origin is known.
// Reads trees only; writes nothing.

import type { Known, Scalar, Span, Value, YamlDocument, YamlMap, YamlNode, YamlPair } from "../types.ts";
import { covers, pathTo } from "./place.ts";

export interface Found {
  /** The node, aliases resolved; an alias that names nothing stays an alias. An empty value is a null scalar of no width behind its colon. */
  readonly node: YamlNode;
  /** The pair that holds it, for members of a map. */
  readonly pair?: YamlPair;
  /** Whether the way led through an alias or a merge key: such a value belongs to other places too and is not edited. */
  readonly origin: "own" | "alias" | "merge";
}

/** A member of a map. */
export interface Entry extends Found {
  readonly key: string;
  readonly pair: YamlPair;
}

/** Where to start: what an earlier lookup found, so that its origin is kept, or a node of the document. */
export type From = YamlNode | Found | null | undefined;
/** A key of a map, or an index into a sequence. */
export type Key = string | number;

/** The value at a path of keys, undefined when there is none. A missing value is no proof of absence: ask `scalar` or `absentProvable`. */
export function lookup(document: YamlDocument, from: From, ...keys: readonly Key[]): Found | undefined {
  return walk(document, from, keys).found;
}

/** The scalar at a path: known by its text, absent where that is provable, else unknown with the reason. */
export function scalar(document: YamlDocument, from: From, ...keys: readonly Key[]): Value<Scalar> {
  const { found, stop } = walk(document, from, keys);
  if (!found) return absentProvable(document, stop) ? { absent: true } : { unknown: stop ? "the map is open" : "no map" };
  const { node } = found;
  if (node.kind === "alias") return { unknown: `no anchor ${node.name}` };
  if (isTemplated(node)) return { unknown: node.open ?? `a template gives {{ ${node.holes?.[0]?.expression ?? ""} }}` };
  if (node.kind !== "scalar") return { unknown: `a ${node.kind}, not a scalar` };
  if (!trusted(document, node.at)) return { unknown: "near a syntax error" };
  if (node.tag !== undefined && !node.tag.startsWith("tag:yaml.org,2002:")) return { unknown: `tagged ${node.tag}` };
  if (typeof node.value === "string" && interpolated(document, node.value)) return { unknown: "interpolated" };
  return { known: node.value, by: "text", from: node.source ? [node.source, node.at] : [node.at] };
}

/** Tools of these classes replace `${NAME}` before they read the value; `$$` is a literal dollar. */
function interpolated(document: YamlDocument, text: string): boolean {
  if (document.class === "compose") return /(?<!\$)(?:\$\$)*\$(?:\{|[A-Za-z_])/.test(text);
  return (document.class === "spring" || document.class === "otelcol") && text.includes("${");
}

/** The text of a known value, for names and durations; undefined for null and for what is not known, such as what a template gives. */
export function text(value: Value<Scalar> | YamlNode | Found | null | undefined): string | undefined {
  if (!value) return undefined;
  const of = "node" in value ? value.node : value;
  if ("kind" in of && isTemplated(of)) return undefined;
  const known = "kind" in of ? (of.kind === "scalar" ? of.value : null) : "known" in of ? (of as Known<Scalar>).known : null;
  return known === null ? undefined : String(known);
}

/** The items of a sequence, none when it is no sequence. Where `isOpen` holds there may be more. */
export function items(document: YamlDocument, from: From): Found[] {
  const start = begin(document, from);
  if (start?.node.kind !== "seq") return [];
  return start.node.items.map((item) => resolve(document, { node: item, origin: start.origin }));
}

/** Whether rendering a template may add to a map or sequence, take from it, or make something else of it. For a scalar: whether its value is unknown. */
export function isOpen(document: YamlDocument, from: From): boolean {
  const start = begin(document, from);
  if (start?.node.kind !== "map") return start !== undefined && isTemplated(start.node);
  return [...chain(document, start.node, "own")].some(({ map }) => isTemplated(map));
}

/** The members of a map with merged ones after its own, each key once; none when it is no map. */
export function pairs(document: YamlDocument, from: From): Entry[] {
  const start = begin(document, from);
  if (start?.node.kind !== "map") return [];
  const entries = new Map<string, Entry>();
  for (const { map, origin } of chain(document, start.node, start.origin)) {
    const own = new Map<string, Entry>();
    for (const pair of map.pairs) {
      const key = isMerge(pair) ? undefined : keyOf(document, pair);
      if (key !== undefined) own.set(key, { key, ...valueOf(document, pair, origin) });
    }
    for (const [key, entry] of own) if (!entries.has(key)) entries.set(key, entry);
  }
  return [...entries.values()];
}

/** Whether a finding on this span can be believed: it stands before the first syntax error, in a map that ended before it. Places in other files come from documents without errors. */
export function trusted(document: YamlDocument, span: Span): boolean {
  if (span.file !== "" && span.file !== document.path) return true;
  const first = document.errors[0];
  if (!first) return true;
  if (span.end > first.at.start) return false;
  const map = pathTo(document, span.start).findLast((step) => step.node?.kind === "map" && covers(step.node.at, span))?.node;
  return map !== undefined && map !== null && map.at.end <= first.at.start;
}

/** Whether a key that this map does not show is certainly absent: the document has no error, no template adds to the map, nothing unknown is merged in, and no tag or unreadable key hides members. */
export function absentProvable(document: YamlDocument, from: From): boolean {
  const start = begin(document, from);
  if (!start || document.errors.length > 0) return false;
  if (isOpen(document, start)) return false;
  // An empty value has no members.
  if (start.node.kind === "scalar") return start.node.value === null && start.node.tag === undefined;
  if (start.node.kind !== "map") return false;
  const most = mostMerged(document);
  let merged = 0;
  for (const { map } of chain(document, start.node, "own")) {
    // There may be more than are followed.
    if (++merged === most) return false;
    if (map.tag !== undefined && map.tag !== "tag:yaml.org,2002:map") return false;
    for (const pair of map.pairs) {
      if (isMerge(pair) ? !sources(document, pair).closed : (pair.key.kind === "alias" || isTemplated(pair.key)) && keyOf(document, pair) === undefined) return false;
    }
  }
  return true;
}

// ---- The way along keys ----

/** `stop` is the last node reached when the rest of the keys leads nowhere. */
function walk(document: YamlDocument, from: From, keys: readonly Key[]): { readonly found?: Found; readonly stop?: Found } {
  let here = begin(document, from);
  for (const key of keys) {
    if (!here) return {};
    const next = member(document, here, key);
    if (!next) return { stop: here };
    here = next;
  }
  return here ? { found: here } : {};
}

function begin(document: YamlDocument, from: From): Found | undefined {
  if (!from) return undefined;
  return resolve(document, "node" in from ? from : { node: from, origin: "own" });
}

function member(document: YamlDocument, { node, origin }: Found, key: Key): Found | undefined {
  if (node.kind === "seq") {
    const item = typeof key === "number" ? node.items[key] : undefined;
    return item ? resolve(document, { node: item, origin }) : undefined;
  }
  if (node.kind !== "map") return undefined;
  const wanted = String(key);
  // Most keys stand in the map itself, and most maps merge nothing: the chain is for the rest.
  const own = pairOf(document, node, wanted);
  if (own) return valueOf(document, own, origin);
  if (!node.pairs.some(isMerge)) return undefined;
  for (const step of chain(document, node, origin)) {
    const pair = pairOf(document, step.map, wanted);
    if (pair) return valueOf(document, pair, step.origin);
  }
  return undefined;
}

/** The last pair with a key. */
function pairOf(document: YamlDocument, { pairs: all }: YamlMap, wanted: string): YamlPair | undefined {
  for (let at = all.length - 1; at >= 0; at -= 1) {
    const pair = all[at] as YamlPair;
    const { key } = pair;
    if (key.kind === "scalar" && typeof key.value === "string" && key.value !== wanted) continue;
    if (!isMerge(pair) && keyOf(document, pair) === wanted) return pair;
  }
  return undefined;
}

function valueOf(document: YamlDocument, pair: YamlPair, origin: Found["origin"]): Found & { readonly pair: YamlPair } {
  const node: YamlNode = pair.value ?? { kind: "scalar", at: { file: "", start: pair.colon, end: pair.colon }, value: null, style: "plain" };
  if (node.kind !== "alias") return { node, origin, pair };
  return { ...resolve(document, { node, origin }), pair };
}

function isTemplated(node: YamlNode): boolean {
  return node.holes !== undefined || node.open !== undefined;
}

/** An anchored node is never itself an alias, so one step is enough. */
function resolve(document: YamlDocument, found: Found): Found {
  const { node, origin } = found;
  if (node.kind !== "alias" || node.target === undefined) return found;
  const { name, target } = node;
  const anchored = pathTo(document, target).findLast((step) => step.node?.anchor === name && step.node.at.start === target)?.node;
  return anchored ? { ...found, node: anchored, origin: origin === "merge" ? "merge" : "alias" } : found;
}

function keyOf(document: YamlDocument, pair: YamlPair): string | undefined {
  return text(resolve(document, { node: pair.key, origin: "own" }));
}

// ---- Merge keys: https://yaml.org/type/merge.html ----

function isMerge({ key }: YamlPair): boolean {
  return key.kind === "scalar" && key.value === "<<" && key.style === "plain";
}

/** Most maps that are followed from one. People merge one into another three or four times; of thousands that each merge the last, each would have all before it gone through. */
const mostMerged = ({ merges = 0 }: YamlDocument): number => (merges === 0 ? 400 : Math.max(8, Math.floor(6_000 / merges)));

/** The map and what is merged into it, nearest first; each map once, so cycles and fans end. */
function* chain(document: YamlDocument, map: YamlMap, origin: Found["origin"]): Generator<{ readonly map: YamlMap; readonly origin: Found["origin"] }> {
  const seen = new Set<YamlMap>();
  const most = mostMerged(document);
  const rest: { readonly map: YamlMap; readonly origin: Found["origin"] }[] = [{ map, origin }];
  for (let step = rest.pop(); step; step = rest.pop()) {
    if (seen.has(step.map)) continue;
    if (seen.add(step.map).size > most) return;
    yield step;
    const merged = step.map.pairs.filter(isMerge).reverse().flatMap((pair) => sources(document, pair).maps);
    for (const source of merged.reverse()) rest.push({ map: source, origin: "merge" });
  }
}

/** The maps that a merge key names, the first one strongest. `closed` is false when it names something else. */
function sources(document: YamlDocument, pair: YamlPair): { readonly maps: YamlMap[]; readonly closed: boolean } {
  const { node } = valueOf(document, pair, "own");
  const named = node.kind === "seq" ? node.items.map((item) => resolve(document, { node: item, origin: "own" }).node) : [node];
  const maps = named.filter((each): each is YamlMap => each.kind === "map");
  return { maps, closed: maps.length === named.length };
}
