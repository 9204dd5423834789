// Whether a place may be edited and how far it reaches in the text. Reads text and tree; writes nothing.

import type { Span, YamlDocument, YamlMap, YamlNode, YamlPair, YamlSeq } from "../types.ts";
import { lineEnd, lineStart } from "./lines.ts";
import { nodesOf, pathTo, type Step } from "./place.ts";

export interface TextEdit {
  readonly at: Span;
  readonly text: string;
}

export function textEdit(start: number, end: number, text: string): TextEdit {
  return { at: { file: "", start, end }, text };
}

/**
 * The way from the root to a node that may be edited: of an error-free document, filled by no template, and in no anchored
 * part that an alias names, because such an edit changes every user.
 */
export function siteOf(document: YamlDocument, node: YamlNode): readonly Step[] | undefined {
  if (document.errors.length > 0 || node.holes) return undefined;
  const path = pathTo(document, node.at.start);
  const depth = path.findIndex((step) => step.node === node);
  if (depth < 0) return undefined;
  const site = path.slice(0, depth + 1);
  return isShared(document, site) ? undefined : site;
}

/** The same for the empty value of a pair. */
export function siteOfEmpty(document: YamlDocument, offset: number): { readonly pair: YamlPair; readonly site: readonly Step[] } | undefined {
  if (document.errors.length > 0) return undefined;
  const site = pathTo(document, offset);
  const pair = site.at(-1)?.pair;
  if (!pair || site.at(-1)?.part !== "value" || pair.value !== null || pair.colon !== offset || isShared(document, site)) return undefined;
  return { pair, site };
}

function isShared(document: YamlDocument, site: readonly Step[]): boolean {
  const anchored = site.flatMap(({ node }) => (node?.anchor === undefined ? [] : [node]));
  return isNamed(document, anchored, undefined);
}

/** Whether an alias elsewhere names an anchor inside this pair, and would name nothing without it. */
export function anchorsAreUsed(document: YamlDocument, pair: YamlPair): boolean {
  return isNamed(document, nodesIn(pair).filter((node) => node.anchor !== undefined), pair);
}

/** Whether a pair holds an anchor or an alias. */
export function hasLinks(pair: YamlPair): boolean {
  return nodesIn(pair).some((node) => node.anchor !== undefined || node.kind === "alias");
}

function nodesIn({ key, value }: YamlPair): YamlNode[] {
  return [...nodesOf(key), ...nodesOf(value)];
}

function isNamed(document: YamlDocument, anchored: readonly YamlNode[], except: YamlPair | undefined): boolean {
  if (anchored.length === 0) return false;
  const places = new Set(anchored.map((node) => `${node.anchor}@${node.at.start}`));
  for (const node of nodesOf(document.root)) {
    const isInside = except !== undefined && node.at.start >= except.start && node.at.start < endOfPair(except);
    if (node.kind === "alias" && !isInside && places.has(`${node.name}@${node.target}`)) return true;
  }
  return false;
}

/** The text of a key, undefined when it is not a scalar. */
export function keyText({ key }: YamlPair): string | undefined {
  return key.kind === "scalar" ? String(key.value) : undefined;
}

/** Whether the node stands in brackets, where a comma or bracket would end a plain scalar. */
export function isInFlow(site: readonly Step[]): boolean {
  return site.some(({ node }) => (node?.kind === "map" || node?.kind === "seq") && node.flow);
}

/** End of the last leaf of a pair; of the colon when the value is empty. */
export function endOfPair(pair: YamlPair): number {
  return Math.max(pair.colon, pair.value?.at.end ?? 0);
}

/** The innermost last node of a pair, which decides what may follow it. */
export function lastLeaf(pair: YamlPair): YamlNode | null {
  let node = pair.value;
  while (node && (node.kind === "map" || node.kind === "seq") && !node.flow) {
    const next: YamlNode | null | undefined = node.kind === "map" ? node.pairs.at(-1)?.value : node.items.at(-1);
    if (!next) return next ?? null;
    node = next;
  }
  return node;
}

export function isBlockScalar(leaf: YamlNode | null): boolean {
  return leaf?.kind === "scalar" && (leaf.style === "literal" || leaf.style === "folded");
}

/** A block scalar that keeps the blank lines behind it (`|+`): text behind it cannot be taken away safely. */
export function keepsBlankLines(text: string, leaf: YamlNode | null): boolean {
  return leaf !== null && isBlockScalar(leaf) && /^[|>]\d?\+/.test(text.slice(leaf.at.start, leaf.at.start + 3));
}

/** Column of the entries of a block map or sequence; undefined when something other than indentation and indicators stands before the first one. */
export function columnOf(text: string, block: YamlMap | YamlSeq): number | undefined {
  const first = block.kind === "map" ? block.pairs[0]?.start : block.dashes[0];
  if (first === undefined) return undefined;
  const start = lineStart(text, first);
  return /^(?: |[-?:](?= ))*$/.test(text.slice(start, first)) ? first - start : undefined;
}

/** Whether only blanks and a comment follow up to the line break. */
export function endsLine(text: string, offset: number): boolean {
  const rest = text.slice(offset, lineEnd(text, offset));
  return /^[ \t]*(?:#[^]*)?$/.test(rest) && (!rest.startsWith("#") || /[ \t]/.test(text.charAt(offset - 1)));
}
