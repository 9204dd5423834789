// The files of one workspace as the run sees them: what the disk has, under what an editor has open. Reads, never writes.

import { statSync } from "node:fs";
import { join } from "node:path";
import ignore from "ignore";
import { isManifest } from "../engine/analyse.ts";
import { languageOf } from "../engine/plan.ts";
import { within } from "../engine/resolve.ts";
import { enumerating } from "./enumerate.ts";
import type { Snapshot } from "./index-snapshot.ts";
import { createReader, decode, isProblem, type FileStat, type RawFile } from "./read.ts";
import type { Config, Problem } from "../engine/types.ts";

export interface Disk {
  /** Every source and YAML path, sorted. */
  readonly paths: ReadonlySet<string>;
  /** Texts of package.json, lockfiles, tsconfig files and .env, by path. */
  readonly manifests: ReadonlyMap<string, string>;
  /** What could not be listed or read. */
  readonly problems: readonly Problem[];
  /** Lists the workspace anew, in steps. */
  enumerating(): Generator<void, void>;
  /** Drops the paths that the configurations ignore. */
  narrow(configs: readonly Config[]): void;
  configFiles(): readonly (readonly [path: string, text: string])[];
  /** Text of a file as `text` gives it, read for one look at it: it is not kept. Undefined when it cannot be read. */
  scanText(path: string): string | undefined;
  /** Text of a listed file; kept once asked for. */
  text(path: string): string | undefined;
  /** Size and times of a file: as it was read, else as it is; undefined for text from an editor and for files that are gone. */
  stat(path: string): FileStat | undefined;
  /** What is wrong with a file as it was read: it could not be, or its bytes are no UTF-8. */
  problem(path: string): Problem | undefined;
  /** True when a fix may write the file: it is UTF-8 throughout. */
  lossless(path: string): boolean;
  /** What an editor has; undefined gives the file back to the disk. */
  overlay(path: string, text: string | undefined): void;
}

function statOf(path: string): FileStat | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && { size: found.size, mtimeMs: found.mtimeMs, ctimeMs: found.ctimeMs };
}

/** Largest manifest that is read (bytes): lockfiles of monorepos have tens of MiB, and are searched, not parsed. */
const lockfileCap = 64 * 1024 * 1024;

/** A workspace on disk, or as far as a snapshot holds it: what that leaves out is not there, and its texts stand over those on disk. */
export function openDisk(root: string, snapshot?: Snapshot, named: readonly string[] = []): Disk {
  const overlays = new Map<string, string>(snapshot?.texts);
  const kept = new Map<string, { text: string; stat?: FileStat; lossless: boolean }>();
  const failures = new Map<string, Problem>();
  const read = createReader(root);
  /** The file that was read last, as far as it tells whether it has changed. */
  let latest: { readonly path: string; readonly stat: FileStat } | undefined;
  let listed: readonly Problem[] = [];
  let all: ReadonlySet<string> = new Set();
  let paths: ReadonlySet<string> = new Set();
  let manifests: ReadonlyMap<string, string> = new Map();

  const raw = (path: string, cap?: number): RawFile | undefined => {
    const found = read(path, cap);
    latest = isProblem(found) ? undefined : { path, stat: found.stat };
    if (!isProblem(found)) return failures.delete(path), found;
    failures.set(path, found);
    return undefined;
  };
  const load = (path: string, cap?: number) => {
    const known = kept.get(path);
    if (known) return known;
    const found = raw(path, cap);
    if (!found) return undefined;
    const { text, lossless, problem } = decode(found);
    if (problem) failures.set(path, problem);
    const entry = { text, stat: found.stat, lossless };
    kept.set(path, entry);
    return entry;
  };
  return {
    get paths() { return paths; },
    get manifests() { return manifests; },
    get problems() { return [...listed, ...failures.values()]; },
    *enumerating() {
      latest = undefined;
      const { files, manifests: listing, problems } = yield* enumerating(root, { ignore: () => false, paths: named });
      yield;
      const has = (path: string) => snapshot === undefined || snapshot.has(path);
      const found = { files: files.filter(has), manifests: [...listing.filter(has), ...(snapshot?.texts.keys() ?? [])] };
      // A folder that cannot be listed may hold what the snapshot has.
      listed = [...problems.filter((one) => has(one.file) || languageOf(one.file) === undefined), ...(snapshot?.problems ?? [])];
      all = new Set([...found.files, ...[...overlays.keys()].filter((path) => languageOf(path) !== undefined)].sort());
      paths = new Set([...all].filter((path) => languageOf(path) !== undefined));
      // What is not there any more cannot be read, and need not be.
      const there = new Set([...all, ...found.manifests]);
      for (const path of failures.keys()) if (!there.has(path)) failures.delete(path);
      // A manifest may be open in an editor and gone from the disk.
      manifests = new Map([...found.manifests, ...found.files, ...overlays.keys()].filter(isManifest).flatMap((path) => {
        const text = overlays.get(path) ?? load(path, lockfileCap)?.text;
        return text === undefined ? [] : [[path, text] as const];
      }));
    },
    narrow(configs) {
      const rules = configs.filter((one) => one.ignore.length > 0).map(({ folder, ignore: patterns }) => ({ folder, rules: ignore({ ignorecase: false }).add([...patterns]) }));
      if (rules.length === 0) return;
      const ignored = (path: string) => rules.some(({ folder, rules: one }) => within(path, folder) && one.ignores(folder === "" ? path : path.slice(folder.length + 1)));
      paths = new Set([...paths].filter((path) => !ignored(path)));
    },
    configFiles: () => [...all].filter((path) => /(^|\/)pitlint\.ya?ml$/.test(path)).flatMap((path) => {
      const text = overlays.get(path) ?? load(path)?.text;
      return text === undefined ? [] : [[path, text] as const];
    }),
    scanText(path) {
      const known = overlays.get(path) ?? kept.get(path)?.text;
      const found = known === undefined ? raw(path) : undefined;
      return found ? decode(found).text : known;
    },
    // Who asks for a file that was never listed wants to know whether there is one: that it is missing is no problem.
    text: (path) => overlays.get(path) ?? manifests.get(path) ?? (all.has(path) ? load(path)?.text : undefined),
    stat: (path) => (overlays.has(path) ? undefined : (kept.get(path)?.stat ?? (latest?.path === path ? latest.stat : statOf(join(root, path))))),
    problem: (path) => failures.get(path),
    lossless: (path) => overlays.has(path) || load(path)?.lossless === true,
    overlay(path, text) {
      kept.delete(path);
      latest = undefined;
      failures.delete(path);
      if (text !== undefined) return void overlays.set(path, text);
      overlays.delete(path);
    },
  };
}
