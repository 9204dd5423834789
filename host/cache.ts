// What earlier runs found out, on disk: one file for each workspace. A damaged or missing cache costs time, and never changes a result.

import { lstatSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { cacheFolder, makeFolder } from "./cache-folder.ts";
import { decodeRows, encodeRows, type Row, type Rows } from "./cache-rows.ts";
import { reasonOf } from "./failure.ts";
import { isProblem, readBytes, type FileStat } from "./read.ts";
import { sweepTemps, writeTemp } from "./temp-file.ts";
import type { Outline } from "../engine/mention.ts";
import type { Extract, Problem } from "../engine/types.ts";

/** What is known of one file. */
export interface Cached {
  /** The file mentions something. */
  readonly hits: boolean;
  /** Digest of all that the extract depends on besides path and key: content and context. "" where there is no extract. */
  readonly hash: string;
  readonly extract?: Extract;
  /** What the text says before it is parsed. */
  readonly outline?: Outline;
}

export interface Cache {
  /** It held nothing when it was opened. */
  readonly isNew: boolean;
  /** What is known of a file that has not been touched. `tag` must equal the one it was put with. */
  get(path: string, stat: FileStat, tag?: string): Cached | undefined;
  /** What is known of a file that was touched, when its digest is the same. Put it again to keep it under its new times. */
  match(path: string, hash: string): Cached | undefined;
  /** `tag`: what the entry depends on that neither the file nor the key tells, such as its package's dependencies. */
  put(path: string, stat: FileStat, value: Cached, tag?: string): void;
  /** Writes what is new. Files outside `existing` are forgotten. Returns what went wrong since opening: one warning at most. */
  save(existing?: ReadonlySet<string>): readonly Problem[];
}

/** What this run found: as it is, until the cache is written. */
interface Fresh extends Omit<Row, "json"> {
  readonly extract: Extract | undefined;
}

const fileName = "extracts";
const magic = "pitlint-cache-2";
/** Larger caches are not read (bytes): they lie in memory while a run lasts. */
const sizeCap = 256 * 1024 * 1024;
/** A file younger than this when it was read (ms) may change again without a new time; some file systems count in 2 s. */
const settledAfter = 2000;

/** Opens the cache of a workspace. `key` names all that every extract depends on: tool version, packs, configuration. */
export function openCache(root: string, key: string, { enabled }: { readonly enabled: boolean }): Cache {
  if (!enabled) return { isNew: true, get: () => undefined, match: () => undefined, put: () => {}, save: () => [] };
  const problems: Problem[] = [];
  const folder = attempt(() => cacheFolder(root), (reason) => problems.push(warning(root, `no folder for the cache: ${reason}`)));
  const stored = folder === undefined ? undefined : load(folder, key, problems);
  const indices = new Map(stored?.paths.map((path, index) => [path, index]));
  const fresh = new Map<string, Fresh>();
  let changed = false;
  const rowOf = (path: string): Fresh | Row | undefined => fresh.get(path) ?? (indices.has(path) ? stored!.at(indices.get(path)!) : undefined);
  const value = (path: string, row: Fresh | Row): Cached | undefined => {
    const { hits, hash, outline } = row;
    const about = { hits, hash, ...(outline ? { outline } : {}) };
    if ("json" in row ? row.json.length === 0 : !row.extract) return about;
    const extract: unknown = "json" in row ? attempt(() => JSON.parse(Buffer.from(row.json).toString("utf8")), () => undefined) : toJson(row.extract!) && row.extract;
    return isExtract(extract, path) ? { ...about, extract } : undefined;
  };
  return {
    isNew: indices.size === 0,
    get(path, stat, tag = "") {
      const row = rowOf(path);
      const same = row && row.tag === tag && row.stat.size === stat.size && row.stat.mtimeMs === stat.mtimeMs && row.stat.ctimeMs === stat.ctimeMs;
      return same ? value(path, row) : undefined;
    },
    match(path, hash) {
      const row = rowOf(path);
      return row && hash !== "" && row.hash === hash ? value(path, row) : undefined;
    },
    put(path, stat, { hits, hash, extract, outline }, tag = "") {
      changed = true;
      const settled = Date.now() - Math.max(stat.mtimeMs, stat.ctimeMs) > settledAfter;
      fresh.set(path, { stat: settled ? stat : { ...stat, mtimeMs: -1 }, tag, hits, hash, extract, ...(outline ? { outline } : {}) });
    },
    save(existing) {
      for (const known of [indices, fresh]) for (const path of known.keys()) if (existing && !existing.has(path)) changed = known.delete(path);
      if (changed && folder !== undefined) attempt(() => store(folder, key, [...fresh.keys(), ...[...indices.keys()].filter((path) => !fresh.has(path))].sort(), rowOf), (reason) => problems.splice(0, Infinity, warning(folder, `the cache cannot be written: ${reason}`)));
      changed = false;
      return problems.splice(0);
    },
  };
}

/** Rows with their extracts as JSON, without those that JSON would change: each is made when it is written. */
function* written(paths: readonly string[], rowOf: (path: string) => Fresh | Row | undefined): Iterable<readonly [string, Row]> {
  for (const path of paths) {
    const row = rowOf(path)!;
    if ("json" in row) yield [path, row];
    else {
      const json = row.extract ? toJson(row.extract) : "";
      if (json !== undefined) yield [path, { ...row, json: Buffer.from(json, "utf8") }];
    }
  }
}

function load(folder: string, key: string, problems: Problem[]): Rows | undefined {
  const path = join(folder, fileName);
  // Nothing there, or no way in: `save` will say the latter.
  if (!attempt(() => lstatSync(path, { throwIfNoEntry: false }), () => undefined)) return undefined;
  const read = readBytes(path, path, sizeCap);
  if (isProblem(read)) {
    problems.push(warning(path, `the cache is not used: it ${read.message.replace("; not analysed", "")}`));
    return undefined;
  }
  const [start, end] = [read.bytes.indexOf("\n"), read.bytes.lastIndexOf("\n")];
  const head = read.bytes.toString("utf8", 0, Math.max(start, 0)).split("\t");
  // Another version wrote it: that is no damage.
  if (head[0] !== magic && head[0]!.startsWith(magic.slice(0, -1))) return undefined;
  const whole = start > 0 && end > start && head[0] === magic && read.bytes.toString("latin1", end + 1) === checksum("", read.bytes.subarray(0, end));
  if (whole && head[1] !== JSON.stringify(key)) return undefined;
  const damaged = () => void problems.push(warning(path, "the cache is damaged and not used; this run writes a new one"));
  return whole ? attempt(() => decodeRows(read.bytes.subarray(start + 1, end)), damaged) : damaged();
}

function store(folder: string, key: string, paths: readonly string[], rowOf: (path: string) => Fresh | Row | undefined): void {
  makeFolder(folder);
  sweepTemps(folder);
  const temp = writeTemp(folder, bytesOf(key, encodeRows(paths.length, written(paths, rowOf))));
  try {
    renameSync(temp, join(folder, fileName));
  } catch (error) {
    rmSync(temp, { force: true });
    throw error;
  }
}

/** The whole file: a line that names it, rows, and their checksum behind them, so that no more than a part has to be in memory. */
function* bytesOf(key: string, rows: Iterable<Uint8Array>): Iterable<Uint8Array> {
  const head = Buffer.from(`${magic}\t${JSON.stringify(key)}\n`);
  let [length, sum] = [head.length, crc32(head)];
  yield head;
  for (const part of rows) {
    if (part.length === 0) continue;
    length += part.length;
    sum = crc32(part, sum);
    yield part;
  }
  yield Buffer.from(`\n${length}-${sum.toString(16)}`);
}

/** Tells damage of a body and of the line in front of it. */
export function checksum(name: string, body: Buffer): string {
  // Of no bytes at all zlib forgets what it has counted.
  return `${body.length}-${(body.length > 0 ? crc32(body, crc32(name)) : crc32(name)).toString(16)}`;
}

/** Undefined for what JSON would give back changed: such an extract is made anew each time. */
export function toJson(extract: Extract): string | undefined {
  let exact = true;
  const json = JSON.stringify(extract, function (this: unknown, _, value: unknown) {
    if ((typeof value === "number" && !Number.isFinite(value)) || (value === undefined && Array.isArray(this))) exact = false;
    return value;
  });
  return exact ? json : undefined;
}

export function isExtract(value: any, path: string): value is Extract {
  return value?.path === path && ["facts", "exports"].every((key) => typeof value[key] === "object") && ["findings", "reexports", "suppressions", "documents", "problems"].every((key) => Array.isArray(value[key]));
}

/** A cache never makes a run fail: what goes wrong becomes a warning. */
function attempt<T>(run: () => T, failed: (reason: string) => void): T | undefined {
  try {
    return run();
  } catch (error) {
    failed(reasonOf(error));
    return undefined;
  }
}

function warning(file: string, message: string): Problem {
  return { kind: "unreadable", file, message, incomplete: false };
}
