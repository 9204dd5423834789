// The rows of a cache as bytes: a table of texts, columns of numbers, and extracts as JSON that stay bytes until somebody asks for one. Touches no disk.

import type { Outline } from "../engine/mention.ts";
import type { FileStat } from "./read.ts";

/** What is kept of one file. */
export interface Row {
  readonly stat: FileStat;
  readonly tag: string;
  readonly hits: boolean;
  readonly hash: string;
  readonly outline?: Outline;
  /** The extract as JSON; empty where there is none. */
  readonly json: Uint8Array;
}

export interface Rows {
  readonly paths: readonly string[];
  /** The row of the path at an index. */
  at(index: number): Row;
}

/** What many rows have in common, each once. */
interface Texts {
  readonly paths: string[];
  readonly tags: string[];
  readonly hashes: string[];
  readonly modules: string[];
  /** Sets of words, by their places in `words`. */
  readonly sets: number[][];
  readonly words: string[];
}

/** Numbers of a row that are no integers of 32 bits: size, both times, and where its extract ends. */
const wide = 4;
/** Numbers of a row that are: tag, hash, whether it hits, its set of words (-1 without an outline), and where the lists of modules and of those passed on end. */
const narrow = 6;

/** Bytes for so many rows, in parts: extracts as they come, what tells where they are behind them. The same for the same rows in the same order. */
export function* encodeRows(count: number, rows: Iterable<readonly [path: string, row: Row]>): Iterable<Uint8Array> {
  const texts: Texts = { paths: [], tags: [], hashes: [], modules: [], sets: [], words: [] };
  const tag = numbering(texts.tags);
  const hash = numbering(texts.hashes);
  const module = numbering(texts.modules);
  const word = numbering(texts.words);
  const sets = new Map<ReadonlySet<string>, number>();
  const setOf = (words: ReadonlySet<string>) => sets.get(words) ?? (sets.set(words, texts.sets.push([...words].sort().map(word)) - 1), sets.get(words)!);
  const wides = new Float64Array(count * wide);
  const narrows = new Int32Array(count * narrow);
  const lists: number[] = [];
  let end = 0;
  let at = 0;
  for (const [path, { stat, outline, json, ...row }] of rows) {
    texts.paths.push(path);
    if (json.length > 0) yield json;
    wides.set([stat.size, stat.mtimeMs, stat.ctimeMs, (end += json.length)], at * wide);
    for (const one of outline?.modules ?? []) lists.push(module(one));
    const passed = lists.length;
    for (const one of outline?.passed ?? []) lists.push(module(one));
    narrows.set([tag(row.tag), hash(row.hash), row.hits ? 1 : 0, outline ? setOf(outline.words) : -1, passed, lists.length], at * narrow);
    at++;
  }
  const table = Buffer.from(JSON.stringify(texts), "utf8");
  yield table;
  for (const one of [wides.subarray(0, at * wide), narrows.subarray(0, at * narrow), Int32Array.from(lists), Float64Array.of(end, table.length, at, lists.length)]) yield Buffer.from(one.buffer, 0, one.byteLength);
}

/** The rows in some bytes. Throws for what was not written by `encodeRows`. */
export function decodeRows(bytes: Buffer): Rows {
  let at = 0;
  const next = (size: number): ArrayBuffer => {
    if (!(at >= 0 && at + size <= bytes.length)) throw new Error("ends too soon");
    const copy = new Uint8Array(size);
    copy.set(bytes.subarray(at, (at += size)));
    return copy.buffer;
  };
  at = bytes.length - 32;
  const [extracts, tableSize, count, listCount] = new Float64Array(next(32)) as unknown as [number, number, number, number];
  at = extracts + tableSize;
  const wides = new Float64Array(next(count * wide * 8));
  const narrows = new Int32Array(next(count * narrow * 4));
  const lists = new Int32Array(next(listCount * 4));
  const { paths, tags, hashes, modules, sets, words } = JSON.parse(bytes.toString("utf8", extracts, extracts + tableSize)) as Texts;
  const known: (ReadonlySet<string> | undefined)[] = sets.map(() => undefined);
  const setAt = (index: number) => (known[index] ??= new Set(sets[index]!.map((one) => words[one]!)));
  const none: readonly string[] = [];
  const listed = (from: number, to: number) => (from === to ? none : Array.from(lists.subarray(from, to), (one) => modules[one]!));
  return {
    paths,
    at(index) {
      const [w, n] = [index * wide, index * narrow];
      const begin = index === 0 ? 0 : wides[w - 1]!;
      const first = index === 0 ? 0 : narrows[n - 1]!;
      const set = narrows[n + 3]!;
      return {
        stat: { size: wides[w]!, mtimeMs: wides[w + 1]!, ctimeMs: wides[w + 2]! }, json: bytes.subarray(begin, wides[w + 3]!),
        tag: tags[narrows[n]!]!, hash: hashes[narrows[n + 1]!]!, hits: narrows[n + 2] === 1,
        ...(set < 0 ? {} : { outline: { words: setAt(set), modules: listed(first, narrows[n + 4]!), passed: listed(narrows[n + 4]!, narrows[n + 5]!) } }),
      };
    },
  };
}

/** Gives each text a number, in the order they come. */
function numbering(list: string[]): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => known.get(text) ?? (known.set(text, list.push(text) - 1), known.get(text)!);
}
