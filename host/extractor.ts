// Extracts of files: from the cache where a file has not changed, else from a worker that can be killed. Says what was not analysed and why.

import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openCache, type Cached } from "./cache.ts";
import { languageOf, type Plan } from "../engine/plan.ts";
import { createPool, isKilled, type Killed } from "./pool.ts";
import { toolVersion } from "./version.ts";
import type { Disk } from "./disk.ts";
import type { SessionOptions } from "./session.ts";
import type { ExtractTask } from "./worker.ts";
import type { Outline } from "../engine/mention.ts";
import type { Extract, Problem } from "../engine/types.ts";
import type { FileContext } from "../engine/typescript/parse.ts";

export interface Extractor {
  /** What the cache knows of a file that has not changed on disk; undefined when it must be read. */
  known(path: string, context: FileContext): Cached | undefined;
  /** Remembers that a file mentions nothing, and what it says of itself. One that could not be read is not remembered: every run says so. */
  noMention(path: string, context: FileContext, outline: Outline | undefined): void;
  /** Extracts files into `into`; those that it holds already once more, with deferred kinds. A file that hangs, crashes or eats all memory gets an empty extract with a problem. `outlines` tells what a scan found already. */
  run(paths: readonly string[], context: (path: string) => FileContext, into: Map<string, Extract>, outlines?: (path: string) => Outline | undefined): Promise<void>;
  /** Extracts a text and throws the result away. False when it hangs, or the extractor is closed. */
  rehearse(path: string, text: string): Promise<boolean>;
  /** Writes the cache. Problems are warnings: a cache never changes a result. */
  save(existing: ReadonlySet<string>): readonly Problem[];
  close(): Promise<void>;
}

/**
 * Most workers. One core is left to the main thread and to V8's own threads: on two cores a second worker ends no sooner, takes a quarter more CPU
 * (each compiles the same code anew) and 60 MB more memory.
 */
const workerCap = Math.max(1, Math.min(availableParallelism() - 1, 8));

/** Heap of a worker (MiB): one file of 5 MiB needs some 400. */
const heapMb = 1024;

/** Young generation of a worker that stays (MiB): what one keystroke makes dies in it, which takes a sixth of the time off that keystroke. A short run gains nothing. */
const youngMb = 64;

export function createExtractor(options: SessionOptions, disk: Disk, plan: Pick<Plan, "scanner">): Extractor {
  const bundled = !import.meta.url.endsWith(".ts");
  const worker = new URL(bundled ? "./worker.cjs" : "./worker.ts", import.meta.url);
  const entry = bundled ? new URL("./start.cjs", import.meta.url) : worker;
  const { size, mtimeMs } = statSync(fileURLToPath(worker));
  const key = JSON.stringify([toolVersion(), size, mtimeMs, options.only ?? null]);
  // Without the prefilter the cache would not know which files mention something.
  const enabled = options.cache !== false && options.prefilter !== false;
  const cache = openCache(options.root, key, { enabled });
  const pool = createPool<ExtractTask, Extract>({
    entry, size: options.workers ?? workerCap, watchdogMs: options.watchdogMs, heapMb,
    data: { only: options.only }, ...(options.resident ? { youngMb } : {}),
  });
  if (cache.isNew) pool.prepare();
  let done = 0;
  let total = 0;
  const tagOf = tags();
  const digest = (text: string, tag: string) => createHash("sha1").update(tag).update("\0").update(text).digest("base64");
  return {
    known(path, context) {
      const stat = enabled && !cache.isNew ? disk.stat(path) : undefined;
      return stat && cache.get(path, stat, tagOf(path, context));
    },
    noMention(path, context, outline) {
      const stat = enabled && !disk.problem(path) ? disk.stat(path) : undefined;
      if (stat) cache.put(path, stat, { hits: false, hash: "", ...(outline ? { outline } : {}) }, tagOf(path, context));
    },
    async run(paths, contextOf, into, outlineOf) {
      total += paths.length;
      await Promise.all(paths.map(async (path) => {
        const context = contextOf(path);
        const text = disk.text(path);
        const before = into.get(path);
        const outline = outlineOf?.(path);
        if (text === undefined) return void (before && into.set(path, { ...before, deep: true }));
        const stat = enabled ? disk.stat(path) : undefined;
        const tag = tagOf(path, context);
        // Bytes that are no UTF-8 give the text that other bytes give too.
        const wrong = disk.problem(path);
        const hash = stat ? digest(text, wrong ? `${tag} ${wrong.message}` : tag) : "";
        const deep = before !== undefined || options.prefilter === false;
        const known = stat && cache.match(path, hash)?.extract;
        const out = known && (!deep || known.deep) ? known : noted(await pool.run({ path, text, context, deep, ...(outline ? { words: outline.words } : {}) }), wrong);
        if (isKilled(out)) into.set(path, notAnalysed(path, out));
        else {
          into.set(path, out);
          if (stat) cache.put(path, stat, { hits: true, hash, extract: out, ...(languageOf(path) === "ts" ? { outline: outline ?? plan.scanner.outline(text, "ts") } : {}) }, tag);
        }
        options.onProgress?.(++done, total);
      }));
    },
    async rehearse(path, text) {
      // The first one makes the scanner, some 20 ms: the main loop gets a turn before and after.
      await turn();
      const { scanner } = plan;
      await turn();
      const context = { below: path, browserPackage: false, tool: false, wrappers: [], loggers: {} };
      return pool.run({ path, text, context, deep: true, words: scanner.words(text, "ts") }).then((out) => !isKilled(out), () => false);
    },
    save: (existing) => cache.save(existing),
    close: () => pool.close(),
  };
}

/** What an extract depends on besides the text and its path, as a text: most files have that of the file before. */
function tags(): (path: string, context: FileContext) => string {
  let last: { readonly context: FileContext; readonly above: string; readonly tag: string } | undefined;
  return (path, context) => {
    const above = path.slice(0, path.length - context.below.length);
    if (!last || last.above !== above || differing.some((key) => last!.context[key] !== context[key])) last = { context, above, tag: JSON.stringify({ ...context, below: above }) };
    return last.tag;
  };
}

const everyKey: Readonly<Record<Exclude<keyof FileContext, "below">, true>> = { browserPackage: true, tool: true, library: true, wrappers: true, declared: true, loggers: true };
const differing = Object.keys(everyKey) as (keyof typeof everyKey)[];

/** What reading found belongs to the extract, because a run that takes it from the cache does not read the file. */
function noted(out: Extract | Killed, wrong: Problem | undefined): Extract | Killed {
  return wrong && !isKilled(out) ? { ...out, problems: [...out.problems, wrong] } : out;
}

function notAnalysed(path: string, { killed, reason }: Killed): Extract {
  const kind = killed === "timeout" ? "timeout" : killed === "memory" ? "too-big" : "crash";
  return { path, facts: {}, findings: [], exports: {}, reexports: [], suppressions: [], documents: [], problems: [{ kind, file: path, message: `not analysed: ${reason}`, incomplete: true }], deep: true };
}
