// Which text goes when a pair goes. Computes a range; changes nothing.

import type { YamlDocument, YamlMap, YamlPair } from "../types.ts";
import { continuesBeyond, lineEnd, lineStart, nextLine } from "./lines.ts";
import type { Step } from "./place.ts";
import { anchorsAreUsed, columnOf, endOfPair, endsLine, isBlockScalar, keepsBlankLines, keyText, lastLeaf, siteOf } from "./site.ts";

/** A range of text that holds exactly one pair of a map. */
export interface Cut {
  readonly map: YamlMap;
  /** The pair that goes: the wanted one, or the one around it when nothing else would stay in its map. */
  readonly pair: YamlPair;
  readonly start: number;
  readonly end: number;
}

/** Undefined when the pair cannot go: a root or an item would be left empty, an alias outside names an anchor in it, or an equal key would show up. */
export function cutOf(text: string, document: YamlDocument, wanted: YamlPair): Cut | undefined {
  const site = siteOf(document, wanted.key);
  for (let depth = (site?.length ?? 0) - 1; depth > 0; depth -= 1) {
    const step = site?.[depth];
    const holder = site?.[depth - 1];
    const map = holder?.node;
    const pair = step?.pair;
    if (!holder || !pair || map?.kind !== "map") return undefined;
    if (map.pairs.length === 1) {
      if (holder.part !== "value") return undefined;
      continue;
    }
    if (anchorsAreUsed(document, pair) || map.pairs.some((each) => each !== pair && keyText(each) === keyText(pair))) return undefined;
    const range = map.flow ? flowRange(text, map, pair) : blockRange(text, map, pair, holder);
    return range && { map, pair, ...range };
  }
  return undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function flowRange(text: string, map: YamlMap, pair: YamlPair): Range | undefined {
  const index = map.pairs.indexOf(pair);
  const previous = map.pairs[index - 1];
  const next = map.pairs[index + 1];
  const range = previous ? { start: endOfPair(previous), end: endOfPair(pair) } : next && { start: pair.start, end: next.start };
  const gap = previous ? text.slice(endOfPair(previous), pair.start) : text.slice(endOfPair(pair), next?.start);
  // A comment between two entries belongs to neither for certain.
  return gap.includes("#") ? undefined : range;
}

function blockRange(text: string, map: YamlMap, pair: YamlPair, holder: Step): Range | undefined {
  const index = map.pairs.indexOf(pair);
  const previous = map.pairs[index - 1];
  const next = map.pairs[index + 1];
  const column = columnOf(text, map);
  const end = endOfPair(pair);
  const line = lineStart(text, pair.start);
  if (column === undefined || !endsLine(text, end)) return undefined;
  if (text.slice(line, pair.start).trim() !== "") {
    // The pair shares its line with a dash, so the next pair moves up.
    if (!next || text.slice(end, next.start).trim() !== "") return undefined;
    return { start: pair.start, end: next.start };
  }
  const leaf = previous ? lastLeaf(previous) : null;
  const after = nextLine(text, end);
  if (keepsBlankLines(text, leaf) || (isBlockScalar(leaf) && continuesBeyond(text, after, column))) return undefined;
  const floor = previous ? nextLine(text, endOfPair(previous)) : holder.pair ? nextLine(text, holder.pair.colon) : line;
  return { start: withComments(text, line, floor, column), end: after };
}

/** Start of the comment lines that stand directly above, in the same column and not above `floor`. */
function withComments(text: string, line: number, floor: number, column: number): number {
  let start = line;
  while (start > floor) {
    const above = lineStart(text, Math.max(start - (text.slice(start - 2, start) === "\r\n" ? 2 : 1), 0));
    const content = text.slice(above, lineEnd(text, above));
    if (above < floor || content.trimStart()[0] !== "#" || content.length - content.trimStart().length !== column) break;
    start = above;
  }
  return start;
}
