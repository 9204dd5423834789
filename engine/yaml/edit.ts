// Edits of YAML as smallest changes of its text: comments, anchors, indentation and line endings stay. Nothing is ever re-serialised.
// Every operation returns undefined when it refuses: a document with errors, a part that an alias shares, a shape it cannot change safely.

import type { Edit, Scalar, YamlDocument, YamlMap, YamlPair, YamlScalar, YamlSeq } from "../types.ts";
import { continuesBeyond, endOfLineOf, lineEnd, nextLine } from "./lines.ts";
import { pathTo } from "./place.ts";
import { cutOf } from "./removal.ts";
import { doubleQuoted, printInstead, printScalar } from "./scalar-text.ts";
import { columnOf, endOfPair, endsLine, hasLinks, isInFlow, keepsBlankLines, keyText, lastLeaf, siteOf, siteOfEmpty, textEdit, type TextEdit } from "./site.ts";

/** Siblings to stand next to. Without one that is found, the last place is taken. */
export interface Beside {
  readonly before?: string;
  readonly after?: string;
}

/**
 * A new member of a map. A `value` with a line break is YAML text of any depth, which is put under the key; every other
 * value is a scalar, quoted when it must be.
 */
export interface NewPair extends Beside {
  readonly key: string;
  readonly value: Scalar;
}

/** Replaces a scalar; `printInstead` says how it is written. */
export function replaceScalar(_text: string, document: YamlDocument, node: YamlScalar, value: Scalar): TextEdit[] | undefined {
  const site = siteOf(document, node);
  if (!site || node.tag !== undefined || node.at.start === node.at.end || isVariable(document, node)) return undefined;
  const printed = printInstead(node, value, isInFlow(site));
  return printed === undefined ? undefined : [textEdit(node.at.start, node.at.end, printed)];
}

/** A value that the environment may set is a choice that an edit would take away. */
function isVariable(document: YamlDocument, { value }: YamlScalar): boolean {
  return document.class === "compose" && typeof value === "string" && /(?<!\$)(?:\$\$)*\$(?:\{|[A-Za-z_])/.test(value);
}

/** Gives a pair without a value one; `colon` is the end of its colon. */
export function fillEmpty(text: string, document: YamlDocument, colon: number, value: Scalar): TextEdit[] | undefined {
  const site = siteOfEmpty(document, colon)?.site;
  return site && text[colon - 1] === ":" ? [textEdit(colon, colon, ` ${printScalar(value, isInFlow(site))}`)] : undefined;
}

/** Puts a plain scalar in double quotes, so that it is read as the text that it shows. */
export function quote(text: string, document: YamlDocument, node: YamlScalar): TextEdit[] | undefined {
  const source = text.slice(node.at.start, node.at.end);
  if (!siteOf(document, node) || node.style !== "plain" || node.tag !== undefined || source === "" || /[\n\r]/.test(source)) return undefined;
  return [textEdit(node.at.start, node.at.end, doubleQuoted(source))];
}

/** Adds a pair to a map that has no such key. A flow map takes values of one line only. */
export function insertPair(text: string, document: YamlDocument, map: YamlMap, entry: NewPair): TextEdit[] | undefined {
  const site = siteOf(document, map);
  if (!site || map.pairs.some((pair) => keyText(pair) === entry.key)) return undefined;
  if (!isInFlow(site)) return edits(spotIn(text, map, map.pairs, entry)?.(pairLines(entry)));
  const [line, ...more] = pairLines(entry, true);
  // A pair in a flow sequence is a map without braces.
  if (line === undefined || more.length > 0 || text[map.at.start] !== "{") return undefined;
  return insertInFlow(text, map.at.start, endOfPair, map.pairs, placeOf(map.pairs, entry), line);
}

/** Adds an item to a sequence: at this position, or as its last one. A value with a line break is YAML text, for block sequences only. */
export function insertItem(text: string, document: YamlDocument, seq: YamlSeq, value: Scalar, index = seq.items.length): TextEdit[] | undefined {
  const site = siteOf(document, seq);
  if (!site || index < 0 || index > seq.items.length) return undefined;
  const isText = typeof value === "string" && /[\n\r]/.test(value);
  if (isInFlow(site)) return isText ? undefined : insertInFlow(text, seq.at.start, (item) => item.at.end, seq.items, index, printScalar(value, true));
  const column = columnOf(text, seq);
  const first = seq.dashes[0];
  if (column === undefined || first === undefined || seq.dashes.length !== seq.items.length) return undefined;
  const [head = "", ...more] = isText ? sourceLines(value) : [printScalar(value, false)];
  const lines = [`- ${head}`, ...indented(more, 2)];
  const previous = seq.items[index - 1];
  if (!previous) return edits(insertBefore(text, first, column, lines));
  return edits(insertBelow(text, Math.max(previous.at.end, (seq.dashes[index - 1] ?? 0) + 1), column, lines));
}

/** Takes a pair away with the comment lines directly above it. The only pair of a map takes the pair that holds the map with it. */
export function removePair(text: string, document: YamlDocument, pair: YamlPair): TextEdit[] | undefined {
  const cut = cutOf(text, document, pair);
  return cut && [textEdit(cut.start, cut.end, "")];
}

/** Moves a pair, with its comment lines, within its block map or into another one of the same document. */
export function movePair(text: string, document: YamlDocument, pair: YamlPair, into: YamlMap, beside: Beside = {}): TextEdit[] | undefined {
  const cut = cutOf(text, document, pair);
  if (!cut || cut.pair !== pair || cut.map.flow || into.flow || !siteOf(document, into)) return undefined;
  const end = endOfPair(pair);
  // A moved anchor or alias may come to stand on the wrong side of the other.
  if (hasLinks(pair) || keepsBlankLines(text, lastLeaf(pair)) || (into !== cut.map && into.at.start >= pair.start && into.at.start < end)) return undefined;
  const column = columnOf(text, cut.map);
  const siblings = into.pairs.filter((each) => each !== pair);
  if (column === undefined || siblings.some((each) => keyText(each) === keyText(pair))) return undefined;
  const source = text.slice(cut.start, lineEnd(text, end));
  const lines = unindented((cut.start === pair.start ? " ".repeat(column) : "") + source, column);
  const insertion = lines && spotIn(text, into, siblings, beside)?.(lines);
  if (!insertion) return undefined;
  const { at } = insertion;
  if (at.start > cut.start && at.start < cut.end) return undefined;
  if (at.start === cut.start || at.start === cut.end) return [textEdit(cut.start, cut.end, insertion.text)];
  const removal = textEdit(cut.start, cut.end, "");
  return at.start < cut.start ? [insertion, removal] : [removal, insertion];
}

/**
 * A YAML edit as text. `edit.yaml` is the `at` of the addressed node: for `set` the scalar, for `insert` the map, for `remove` key or
 * value of the pair. An empty value is addressed by its place behind the colon; an `insert` there begins a nested map.
 */
export function lowerYamlEdit(text: string, documents: readonly YamlDocument[], edit: Extract<Edit, { readonly yaml: unknown }>): TextEdit[] | undefined {
  const { start, end } = edit.yaml;
  const outer = documents.findLast((each) => each.at.start <= start);
  // A patch within a kustomization has places of the file.
  const document = outer?.inline?.flatMap((one) => one.documents).find((each) => each.at.start <= start && end <= each.at.end) ?? outer;
  if (!document) return undefined;
  const step = pathTo(document, start).findLast(({ node }) => node?.at.start === start && node.at.end === end);
  const node = step?.node;
  const empty = start === end && !node ? siteOfEmpty(document, start) : undefined;
  if ("remove" in edit) {
    const pair = step?.pair ?? empty?.pair;
    return pair && removePair(text, document, pair);
  }
  if ("set" in edit) {
    if (empty) return fillEmpty(text, document, start, edit.set);
    return node?.kind === "scalar" ? replaceScalar(text, document, node, edit.set) : undefined;
  }
  if (node?.kind === "map") return insertPair(text, document, node, edit.insert);
  const holder = empty?.site.at(-2)?.node;
  if (!empty || holder?.kind !== "map" || isInFlow(empty.site)) return undefined;
  const column = columnOf(text, holder);
  return column === undefined ? undefined : edits(insertBelow(text, start, column + 2, pairLines(edit.insert)));
}

function edits(edit: TextEdit | undefined): TextEdit[] | undefined {
  return edit && [edit];
}

// ---- Where new lines go. Lines are given from column 0 ----

function placeOf(pairs: readonly YamlPair[], { before, after }: Beside): number {
  const keys = pairs.map(keyText);
  const next = before === undefined ? -1 : keys.lastIndexOf(before);
  if (next >= 0) return next;
  const previous = after === undefined ? -1 : keys.lastIndexOf(after);
  return previous >= 0 ? previous + 1 : pairs.length;
}

/** The place in a block map; `siblings` are the pairs of the map that stay. */
function spotIn(text: string, map: YamlMap, siblings: readonly YamlPair[], beside: Beside): ((lines: readonly string[]) => TextEdit | undefined) | undefined {
  const column = columnOf(text, map);
  const index = placeOf(siblings, beside);
  const previous = siblings[index - 1];
  const next = siblings[index];
  if (column === undefined) return undefined;
  if (previous) return (lines) => insertBelow(text, endOfPair(previous), column, lines);
  return next && ((lines) => insertBefore(text, next.start, column, lines));
}

/** New lines below the line on which something ends. */
function insertBelow(text: string, end: number, column: number, lines: readonly string[]): TextEdit | undefined {
  const below = nextLine(text, end);
  if (!endsLine(text, end) || lines.length === 0) return undefined;
  if (lines.some(opensBlockScalar) && continuesBeyond(text, below, column)) return undefined;
  const eol = endOfLineOf(text);
  const put = indented(lines, column).join(eol);
  const isOpen = below === lineEnd(text, end);
  return textEdit(below, below, isOpen ? eol + put : put + eol);
}

function opensBlockScalar(line: string): boolean {
  return /(?:^|[\s:-])[|>][-+\d]*[ \t]*(?:#|$)/.test(line);
}

/** New lines in front of the first entry of a block, which may share its line with a dash. */
function insertBefore(text: string, start: number, column: number, lines: readonly string[]): TextEdit | undefined {
  const eol = endOfLineOf(text);
  return lines.length === 0 ? undefined : textEdit(start, start, [...indented(lines, column), " ".repeat(column)].join(eol).slice(column));
}

function insertInFlow<T>(text: string, open: number, endOf: (entry: T) => number, entries: readonly T[], index: number, line: string): TextEdit[] {
  const previous = entries[index - 1];
  if (previous !== undefined) return [textEdit(endOf(previous), endOf(previous), `, ${line}`)];
  const separator = entries.length === 0 ? "" : /\s/.test(text[open + 1] ?? "") ? "," : ", ";
  return [textEdit(open + 1, open + 1, `${line}${separator}`)];
}

function pairLines({ key, value }: NewPair, flow = false): string[] {
  const name = printScalar(key, flow);
  if (typeof value !== "string" || !/[\n\r]/.test(value)) return [`${name}: ${printScalar(value, flow)}`];
  const lines = sourceLines(value);
  return lines.length === 0 ? [] : [`${name}:`, ...indented(lines, 2)];
}

/** The lines of a YAML text, moved to column 0, without blank ones around. */
function sourceLines(value: string): string[] {
  const lines = value.trimEnd().split(/\r\n|[\n\r]/);
  while (lines[0]?.trim() === "") lines.shift();
  const margin = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(margin));
}

function indented(lines: readonly string[], column: number): string[] {
  return lines.map((line) => (line === "" ? "" : " ".repeat(column) + line));
}

/** Undefined when a line is indented less: it cannot be moved. */
function unindented(source: string, column: number): string[] | undefined {
  const lines = source.split(/\r\n|[\n\r]/);
  const margin = " ".repeat(column);
  if (lines.some((line) => line.trim() !== "" && !line.startsWith(margin))) return undefined;
  return lines.map((line) => line.slice(column));
}
