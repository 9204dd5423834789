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

/** Bytes for rows; the same for the same rows in the same order. */
export function encodeRows(rows: Iterable<readonly [path: string, row: Row]>): Buffer[] {
  const texts: Texts = { paths: [], tags: [], hashes: [], modules: [], sets: [], words: [] };
  const tag = numbering(texts.tags);
  const hash = numbering(texts.hashes);
  const module = numbering(texts.modules);
  const word = numbering(texts.words);
  const sets = new Map<ReadonlySet<string>, number>();
  const setOf = (words: ReadonlySet<string>) => sets.get(words) ?? (sets.set(words, texts.sets.push([...words].sort().map(word)) - 1), sets.get(words)!);
  const wides: number[] = [];
  const narrows: number[] = [];
  const lists: number[] = [];
  const extracts: Uint8Array[] = [];
  let end = 0;
  for (const [path, { stat, outline, json, ...row }] of rows) {
    texts.paths.push(path);
    if (json.length > 0) extracts.push(json);
    wides.push(stat.size, stat.mtimeMs, stat.ctimeMs, (end += json.length));
    for (const one of outline?.modules ?? []) lists.push(module(one));
    const passed = lists.length;
    for (const one of outline?.passed ?? []) lists.push(module(one));
    narrows.push(tag(row.tag), hash(row.hash), row.hits ? 1 : 0, outline ? setOf(outline.words) : -1, passed, lists.length);
  }
  const table = Buffer.from(JSON.stringify(texts), "utf8");
  const numbers = [Float64Array.from([table.length, ...[wides, narrows, lists].map((list) => list.length)]), Float64Array.from(wides), Int32Array.from(narrows), Int32Array.from(lists)];
  return [...numbers.map((one) => Buffer.from(one.buffer)), table, ...extracts.map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength))];
}

/** The rows in some bytes. Throws for what was not written by `encodeRows`. */
export function decodeRows(bytes: Buffer): Rows {
  let at = 0;
  const next = (size: number): ArrayBuffer => {
    if (!(at + size <= bytes.length)) throw new Error("ends too soon");
    const copy = new Uint8Array(size);
    copy.set(bytes.subarray(at, (at += size)));
    return copy.buffer;
  };
  const [tableSize, wideCount, narrowCount, listCount] = new Float64Array(next(32)) as unknown as [number, number, number, number];
  const wides = new Float64Array(next(wideCount * 8));
  const narrows = new Int32Array(next(narrowCount * 4));
  const lists = new Int32Array(next(listCount * 4));
  const { paths, tags, hashes, modules, sets, words } = JSON.parse(bytes.toString("utf8", at, (at += tableSize))) as Texts;
  const start = at;
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
        stat: { size: wides[w]!, mtimeMs: wides[w + 1]!, ctimeMs: wides[w + 2]! }, json: bytes.subarray(start + begin, start + wides[w + 3]!),
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
