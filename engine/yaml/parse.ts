// Text to plain YAML documents. The only file that imports `yaml` and the only place that calls its parser;
// it never expands aliases (no `toJS`) and never writes YAML.

import { isAlias, isMap, isScalar, isSeq, Lexer, parseAllDocuments, Schema, type Document, type Pair, type Scalar as ParsedScalar } from "yaml";
import type { Problem, Scalar, Span, YamlDocument, YamlError, YamlNode, YamlPair, YamlScalar } from "../types.ts";
import { classify } from "./classify.ts";
import { guard } from "./guard.ts";
import { legacyReading } from "./legacy.ts";
import { isTemplate } from "./template.ts";

/** Errors kept per file; a file with more is not YAML. */
const MAX_ERRORS = 100;

export interface ParsedYaml {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
}

/**
 * The documents of one file. Never throws on any text. Half-typed documents still give trees, with `errors`.
 * Templates give neither documents nor problems (`isTemplate` tells). CustomResourceDefinitions are not parsed: root null, class "other".
 * The parts of a file that was not analysed are named in `problems`.
 */
export function parseYaml(path: string, text: string): ParsedYaml {
  if (isTemplate(path, text)) return { documents: [], problems: [] };
  return parseText(path, text, []);
}

/** As the parser says it of a block scalar that begins with a masked line. Its tree is right. */
const LEADING_BLANK = "Block scalars with more-indented leading empty lines must use an explicit indentation indicator";

/** As `parseYaml`, for the text of a masked template (`maskTemplate`): at any path, and blank lines may begin a block scalar. */
export function parseMasked(path: string, text: string): ParsedYaml {
  return parseText(path, text, [LEADING_BLANK]);
}

/** More merge keys than people write into one document: each to be followed to its end would take time. */
const manyMerges = 300;

/** `tolerated` are messages of the parser that are no errors here. */
function parseText(path: string, text: string, tolerated: readonly string[]): ParsedYaml {
  const nul = text.indexOf("\0");
  if (nul >= 0) return refused(path, "undecodable", { file: "", start: nul, end: nul + 1 }, "holds a NUL character: save it as UTF-8");

  // Both replacements keep every offset.
  const source = withoutDefinitions(text.replace(/\r(?!\n)/g, "\n"));
  const refusal = guard(source.size, new Lexer().lex(source.text));
  if (refusal) {
    const kind = refusal.code === "too-broken" ? "syntax" : refusal.code;
    return refused(path, kind, refusal.at, `not analysed: ${refusal.message}`);
  }

  const parsed: readonly Document.Parsed[] = [...parseAllDocuments(source.text, {
    keepSourceTokens: true,
    // Own accessor: the last pair wins. The parser's check is quadratic.
    uniqueKeys: false,
    strict: false,
    // Its default is quadratic in the number of errors.
    prettyErrors: false,
    logLevel: "silent",
    // One schema for all documents, so that `%YAML 1.1` changes no reading either.
    schema: new Schema({ schema: "core", merge: false, resolveKnownTags: false }),
  })];
  for (const document of parsed) document.errors = document.errors.filter((error) => !tolerated.includes(error.message));
  const documents = parsed.map((document, index): YamlDocument => {
    const root = convert(source.text, document);
    const [start, , end] = document.range;
    // An unclosed document may claim more than there is.
    const at: Span = { file: "", start, end: Math.min(end, text.length) };
    const merges = text.slice(at.start, at.end).split("<<").length - 1;
    return { path, index, at, class: classify(path, root), root, errors: errorsOf(text, document), ...(merges > manyMerges ? { merges } : {}) };
  });
  return { documents: limitErrors(documents), problems: problemsOf(path, documents, parsed) };
}

function refused(path: string, kind: Problem["kind"], at: Span, message: string): ParsedYaml {
  return { documents: [], problems: [{ kind, file: path, at, message, incomplete: true }] };
}

/** Blanks CustomResourceDefinitions: they hold a schema only, and are the largest YAML there is. `size` counts what is left. */
function withoutDefinitions(text: string): { readonly text: string; readonly size: number } {
  const definition = /(?<![^\n])kind:[ \t]*["']?CustomResourceDefinition/;
  const directive = /(?<![^\n])%/;
  if (!definition.test(text) || directive.test(text)) return { text, size: text.length };
  const starts = [...text.matchAll(/(?<![^\n\uFEFF])---(?=[ \t\r\n]|$)/g)].map((marker) => marker.index);
  let kept = "";
  let size = 0;
  for (const [index, start] of [0, ...starts].entries()) {
    const piece = text.slice(start, starts[index] ?? text.length);
    if (!definition.test(piece)) {
      kept += piece;
      size += piece.length;
      continue;
    }
    // A document that no marker opens needs some content to stay a document.
    const head = piece.startsWith("---") ? "---" : piece.startsWith("\uFEFF") ? "\uFEFF~" : "~";
    kept += `${head.padEnd(piece.length - 1)}\n`;
  }
  return { text: kept, size };
}

function errorsOf(text: string, document: Document.Parsed): YamlError[] {
  return document.errors.map((error) => {
    const start = whole(text, Math.min(error.pos[0], text.length), -1);
    // Some messages end with a quotation of the file, which may be long or secret.
    const message = error.message.replace(/: ".*/s, "");
    return { at: { file: "", start, end: whole(text, Math.min(Math.max(error.pos[1], start), text.length), 1) }, code: error.code, message };
  }).sort((a, b) => a.at.start - b.at.start);
}

/** The offset, or the next in a direction where it cuts a character in two: the parser's errors are one UTF-16 unit long. */
function whole(text: string, offset: number, step: 1 | -1): number {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(offset - 1, offset + 1)) ? offset + step : offset;
}

function limitErrors(documents: readonly YamlDocument[]): YamlDocument[] {
  let left = MAX_ERRORS;
  return documents.map((document) => {
    // A document with errors keeps at least one: `errors` says whether it may be trusted.
    const errors = document.errors.slice(0, Math.max(left, 1));
    left -= errors.length;
    return { ...document, errors };
  });
}

function problemsOf(path: string, documents: readonly YamlDocument[], parsed: readonly Document.Parsed[]): Problem[] {
  const exhausted = documents.flatMap((document) => document.errors).find((error) => error.code === "RESOURCE_EXHAUSTION");
  if (exhausted) return [{ kind: "too-deep", file: path, at: exhausted.at, message: "not analysed: nested too deeply", incomplete: true }];
  const broken = documents.filter((document) => document.errors.length > 0);
  const first = broken.find((document) => document.class !== "other")?.errors[0] ?? broken[0]?.errors[0];
  if (!first) return [];
  const more = parsed.reduce((sum, document) => sum + document.errors.length, 0) - 1;
  const message = `YAML syntax: ${first.message}${more > 0 ? ` (and ${more} more)` : ""}`;
  return [{ kind: "syntax", file: path, at: first.at, message, incomplete: broken.some((document) => document.class !== "other") }];
}

// ---- The parser's tree to plain data ----

type Draft<T> = { -readonly [K in keyof T]: T[K] };
interface Task {
  readonly from: unknown;
  readonly put: (node: YamlNode) => void;
}
type Tokens = readonly { readonly type: string; readonly offset: number; readonly source?: string }[];

function convert(text: string, document: Document.Parsed): YamlNode | null {
  const { contents } = document;
  if (isBlank(contents) || (isScalar(contents) && contents.value === null && !contents.anchor && !contents.tag)) return null;
  let root: YamlNode | null = null;
  const tasks: Task[] = [{ from: contents, put: (node) => { root = node; } }];
  // The latest node of each anchor name: an alias means the last one above it.
  const anchors = new Map<string, number>();
  const blocks: { readonly at: Draft<Span>; readonly end: () => number }[] = [];
  for (let task = tasks.pop(); task; task = tasks.pop()) {
    const { from, put } = task;
    if (isAlias(from)) {
      const target = anchors.get(from.source);
      const node = { kind: "alias" as const, at: spanOf(from.range), name: from.source };
      put(target === undefined ? node : { ...node, target });
      continue;
    }
    if (!isScalar(from) && !isMap(from) && !isSeq(from)) continue;
    const at: Draft<Span> = spanOf(from.range);
    if (isMap(from) && from.items[0] && !from.flow) at.start = startOf(from.items[0], at.start);
    if (from.anchor) anchors.set(from.anchor, at.start);
    const base = { at, ...(from.anchor ? { anchor: from.anchor } : {}), ...(from.tag ? { tag: from.tag } : {}) };
    if (isScalar(from)) {
      put(scalarOf(text, from as ParsedScalar.Parsed, base));
    } else if (isMap(from)) {
      const pairs = from.items.map((pair) => pairOf(pair, at.start));
      const last = pairs.at(-1);
      if (!from.flow && last) blocks.push({ at, end: () => last.value?.at.end ?? Math.max(last.colon, last.key.at.end) });
      put({ kind: "map", ...base, flow: from.flow === true, pairs });
      for (const [index, pair] of [...from.items.entries()].reverse()) {
        const draft = pairs[index];
        if (!draft) continue;
        if (pair.value && !isBlank(pair.value)) tasks.push({ from: pair.value, put: (node) => { draft.value = node; } });
        tasks.push({ from: pair.key, put: (node) => { draft.key = node; } });
      }
    } else {
      const items: YamlNode[] = [];
      const dashes = from.flow ? [] : dashesOf(from.srcToken);
      if (!from.flow && from.items.length > 0) blocks.push({ at, end: () => Math.max(items.at(-1)?.at.end ?? 0, (dashes.at(-1) ?? 0) + 1) });
      put({ kind: "seq", ...base, flow: from.flow === true, items, dashes });
      for (const item of [...from.items].reverse()) tasks.push({ from: item, put: (node) => { items.push(node); } });
    }
  }
  // Children come after their parents, so the reverse order knows where each child ends.
  for (const { at, end } of blocks.reverse()) at.end = Math.max(at.start, end());
  return root;
}

function spanOf(range: readonly number[] | null | undefined): Draft<Span> {
  const start = range?.[0] ?? 0;
  return { file: "", start, end: Math.max(start, range?.[1] ?? 0) };
}

/** An empty place, as after `key:`. With an anchor or a tag it is a node. */
function isBlank(node: unknown): boolean {
  return node === null || (isScalar(node) && node.type === "PLAIN" && node.source === "" && !node.anchor && !node.tag);
}

const STYLES = { PLAIN: "plain", QUOTE_SINGLE: "single", QUOTE_DOUBLE: "double", BLOCK_LITERAL: "literal", BLOCK_FOLDED: "folded" } as const;

function scalarOf(text: string, from: ParsedScalar.Parsed, base: { readonly at: Draft<Span>; readonly tag?: string; readonly anchor?: string }): YamlScalar {
  const style = STYLES[from.type ?? "PLAIN"];
  const raw = from.value as Scalar;
  // JSON knows no infinity and no negative zero.
  const value = typeof raw === "number" ? (Number.isFinite(raw) ? raw + 0 : from.source) : raw;
  if (style === "literal" || style === "folded") {
    const { at } = base;
    if (text[at.end - 1] === "\n" && at.end > at.start) at.end -= text[at.end - 2] === "\r" ? 2 : 1;
    const lines = style === "literal" && typeof value === "string" ? linesOf(text, at.start, value) : undefined;
    return { kind: "scalar", ...base, value, style, ...(lines ? { lines } : {}) };
  }
  const legacy = style === "plain" && !base.tag ? legacyReading(from.source) : undefined;
  return { kind: "scalar", ...base, value, style, ...(legacy !== undefined && legacy !== value ? { legacy } : {}) };
}

/** Where each line of a literal block's value stands. Only indentation was taken away, so a line ends where its source line ends. */
function linesOf(text: string, header: number, value: string): readonly number[] | undefined {
  const lines = value.split("\n");
  if (value.endsWith("\n") || value === "") lines.pop();
  const offsets: number[] = [];
  let from = text.indexOf("\n", header) + 1;
  for (const line of lines) {
    if (from === 0) return undefined;
    const next = text.indexOf("\n", from);
    const breakAt = next < 0 ? text.length : next;
    let end = line.endsWith("\r") || text[breakAt - 1] !== "\r" || breakAt === from ? breakAt : breakAt - 1;
    if (text.slice(end - line.length, end) !== line || end - line.length < from) end = breakAt;
    if (end - line.length < from || !text.startsWith(line, end - line.length)) return undefined;
    offsets.push(end - line.length);
    from = next + 1;
  }
  return offsets;
}

function pairOf(pair: Pair, mapStart: number): Draft<YamlPair> {
  const key = pair.key as { readonly range?: readonly number[] | null } | null;
  const tokens: Tokens = pair.srcToken?.sep ?? [];
  const colon = tokens.find((token) => token.type === "map-value-ind");
  const end = colon ? colon.offset + 1 : key?.range?.[1] ?? mapStart;
  const empty: YamlScalar = { kind: "scalar", at: { file: "", start: end, end }, value: null, style: "plain" };
  return { key: empty, value: null, start: startOf(pair, mapStart), colon: end };
}

function startOf(pair: Pair, otherwise: number): number {
  const before: Tokens = pair.srcToken?.start ?? [];
  const first = before.find((token) => token.type === "explicit-key-ind" || token.type === "anchor" || token.type === "tag");
  const separators: Tokens = pair.srcToken?.sep ?? [];
  const colon = separators.find((token) => token.type === "map-value-ind");
  return first?.offset ?? pair.srcToken?.key?.offset ?? colon?.offset ?? otherwise;
}

function dashesOf(token: unknown): readonly number[] {
  const rows = (token as { readonly items?: readonly { readonly start: Tokens; readonly value?: unknown }[] } | undefined)?.items ?? [];
  return rows.flatMap(({ start, value }) => {
    const dash = start.find((part) => part.type === "seq-item-ind") ?? start.find((part) => part.type === "anchor" || part.type === "tag");
    const offset = dash?.offset ?? (value as { readonly offset?: number } | undefined)?.offset;
    return offset === undefined ? [] : [offset];
  });
}
