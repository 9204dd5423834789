// What earlier runs found out, on disk: one file for each workspace. A damaged or missing cache costs time, and never changes a result.

import { lstatSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { cacheFolder, makeFolder } from "./cache-folder.ts";
import { reasonOf } from "./failure.ts";
import { isProblem, readBytes, type FileStat } from "./read.ts";
import { sweepTemps, writeTemp } from "./temp-file.ts";
import type { Extract, Problem } from "../engine/types.ts";

/** What is known of one file. */
export interface Cached {
  /** The file mentions something. */
  readonly hits: boolean;
  /** Digest of all that the extract depends on besides path and key: content and context. "" where there is no extract. */
  readonly hash: string;
  readonly extract?: Extract;
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

/** A row of the file: the description, a tab, and the extract as JSON, parsed when it is asked for. */
interface Row {
  readonly stat: FileStat;
  readonly tag: string;
  readonly hits: boolean;
  readonly hash: string;
  readonly json: string;
}

const fileName = "extracts";
const magic = "pitlint-cache-1";
/** Larger caches are not read (bytes): a text of more than 512 MiB does not fit into a string. */
const sizeCap = 256 * 1024 * 1024;
/** A file younger than this when it was read (ms) may change again without a new time; some file systems count in 2 s. */
const settledAfter = 2000;

/** Opens the cache of a workspace. `key` names all that every extract depends on: tool version, packs, configuration. */
export function openCache(root: string, key: string, { enabled }: { readonly enabled: boolean }): Cache {
  if (!enabled) return { isNew: true, get: () => undefined, match: () => undefined, put: () => {}, save: () => [] };
  const problems: Problem[] = [];
  const folder = attempt(() => cacheFolder(root), (reason) => problems.push(warning(root, `no folder for the cache: ${reason}`)));
  const rows = folder === undefined ? new Map<string, Row>() : load(folder, key, problems);
  let changed = false;
  const value = (path: string, row: Row): Cached | undefined => {
    if (row.json === "") return { hits: row.hits, hash: row.hash };
    const extract: unknown = attempt(() => JSON.parse(row.json), () => undefined);
    return isExtract(extract, path) ? { hits: row.hits, hash: row.hash, extract } : undefined;
  };
  return {
    isNew: rows.size === 0,
    get(path, stat, tag = "") {
      const row = rows.get(path);
      const same = row && row.tag === tag && row.stat.size === stat.size && row.stat.mtimeMs === stat.mtimeMs && row.stat.ctimeMs === stat.ctimeMs;
      return same ? value(path, row) : undefined;
    },
    match(path, hash) {
      const row = rows.get(path);
      return row && hash !== "" && row.hash === hash ? value(path, row) : undefined;
    },
    put(path, stat, { hits, hash, extract }, tag = "") {
      const json = extract ? toJson(extract) : "";
      changed = true;
      if (json === undefined) return void rows.delete(path);
      const settled = Date.now() - Math.max(stat.mtimeMs, stat.ctimeMs) > settledAfter;
      rows.set(path, { stat: settled ? stat : { ...stat, mtimeMs: -1 }, tag, hits, hash, json });
    },
    save(existing) {
      for (const path of rows.keys()) if (existing && !existing.has(path)) changed = rows.delete(path);
      if (changed && folder !== undefined) attempt(() => store(folder, key, rows), (reason) => problems.splice(0, Infinity, warning(folder, `the cache cannot be written: ${reason}`)));
      changed = false;
      return problems.splice(0);
    },
  };
}

function load(folder: string, key: string, problems: Problem[]): Map<string, Row> {
  const rows = new Map<string, Row>();
  const path = join(folder, fileName);
  // Nothing there, or no way in: `save` will say the latter.
  if (!attempt(() => lstatSync(path, { throwIfNoEntry: false }), () => undefined)) return rows;
  const read = readBytes(path, path, sizeCap);
  if (isProblem(read)) {
    problems.push(warning(path, `the cache is not used: it ${read.message.replace("; not analysed", "")}`));
    return rows;
  }
  const end = read.bytes.indexOf("\n");
  const head = read.bytes.toString("utf8", 0, Math.max(end, 0)).split("\t");
  const body = read.bytes.subarray(end + 1);
  const whole = end > 0 && head.length === 3 && head[0] === magic && head[2] === checksum(head[1]!, body);
  // Another version wrote it: that is no damage.
  if (whole && head[1] !== JSON.stringify(key)) return rows;
  const damaged = () => problems.push(warning(path, "the cache is damaged and not used; this run writes a new one"));
  if (!whole) return damaged(), rows;
  attempt(() => { for (const line of body.toString("utf8").split("\n")) if (line !== "") addRow(rows, line); }, () => (rows.clear(), damaged()));
  return rows;
}

function addRow(rows: Map<string, Row>, line: string): void {
  const tab = line.indexOf("\t");
  const [path, size, mtimeMs, ctimeMs, tag, hits, hash] = JSON.parse(line.slice(0, tab)) as [string, number, number, number, string, number, string];
  rows.set(path, { stat: { size, mtimeMs, ctimeMs }, tag, hits: hits === 1, hash, json: line.slice(tab + 1) });
}

function store(folder: string, key: string, rows: ReadonlyMap<string, Row>): void {
  makeFolder(folder);
  sweepTemps(folder);
  const lines = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, { stat, tag, hits, hash, json }]) => `${JSON.stringify([path, stat.size, stat.mtimeMs, stat.ctimeMs, tag, hits ? 1 : 0, hash])}\t${json}\n`);
  const body = Buffer.from(lines.join(""), "utf8");
  const name = JSON.stringify(key);
  const temp = writeTemp(folder, Buffer.concat([Buffer.from(`${magic}\t${name}\t${checksum(name, body)}\n`), body]));
  try {
    renameSync(temp, join(folder, fileName));
  } catch (error) {
    rmSync(temp, { force: true });
    throw error;
  }
}

/** Tells damage of a body and of the line in front of it. */
export const checksum = (name: string, body: Buffer): string => `${body.length}-${crc32(body, crc32(name)).toString(16)}`;

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
