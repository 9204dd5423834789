// Which files must be extracted? Those that some check may look at and that mention something. Reads texts, parses nothing.

import { languageOf, reachable, relevant, type Plan } from "../engine/plan.ts";
import { nearness } from "../engine/demand.ts";
import { resolver } from "../engine/resolve.ts";
import type { Outline } from "../engine/mention.ts";
import type { Disk } from "./disk.ts";
import type { Extractor } from "./extractor.ts";
import type { Extract } from "../engine/types.ts";
import type { FileContext } from "../engine/typescript/parse.ts";

export interface Scan {
  /** Some check may look at the file. Without the prefilter every file is read. */
  reachable(path: string, context: FileContext): boolean;
  /** The file mentions something that a check or fact looks for. */
  mentions(path: string, context: FileContext): boolean;
  /** What a file says of itself before it is parsed, kept until it is forgotten; undefined when no check may look at it. */
  outline(path: string, context: () => FileContext): Outline | undefined;
  /** A module near by says what the file itself does not. Of a file that no check may look at: false. */
  near(path: string, context: (path: string) => FileContext): boolean;
  /** The outline of a file that was scanned already. */
  known(path: string): Outline | undefined;
  /** The texts of these files have changed; of all, when none is named. */
  forget(paths?: Iterable<string>): void;
  /**
   * Files that must be extracted, in order, a few at a time: workers start while the rest is scanned, and are at work when those come that only others tell of.
   * What the cache knows goes into `known` at once.
   */
  hits(contextOf: (path: string) => FileContext, known: Map<string, Extract>): Iterable<readonly string[]>;
}

/** Files that are scanned before workers get what was found and the event loop a turn: some 5 ms. */
const chunk = 64;

export function createScan(plan: Plan, disk: Disk, extractor: Extractor, prefilter: boolean): Scan {
  const outlines = new Map<string, Outline | undefined>();
  let isNear: ((path: string) => boolean) | undefined;
  const outlineOf = (path: string): Outline | undefined => {
    if (outlines.has(path)) return outlines.get(path);
    const text = disk.scanText(path);
    const outline = text === undefined ? undefined : plan.scanner.outline(text, languageOf(path)!);
    outlines.set(path, outline);
    return outline;
  };
  const scan: Scan = {
    reachable: (path, context) => !prefilter || reachable(plan, languageOf(path)!, context.below),
    mentions(path, context) {
      if (!prefilter) return disk.scanText(path) !== undefined;
      const outline = outlineOf(path);
      return outline !== undefined && relevant(plan, path, outline.words, context.declared);
    },
    outline(path, context) {
      if (!outlines.has(path) && !scan.reachable(path, context())) outlines.set(path, undefined);
      return outlineOf(path);
    },
    near(path, contextOf) {
      isNear ??= nearness(plan, resolver(disk.paths, disk.manifests), (one) => scan.outline(one, () => contextOf(one)), contextOf(path).declared);
      return isNear(path);
    },
    known: (path) => outlines.get(path),
    forget(paths) {
      isNear = undefined;
      if (paths === undefined) outlines.clear();
      else for (const path of paths) outlines.delete(path);
    },
    *hits(contextOf, known) {
      let found: string[] = [];
      let looked = 0;
      const unread: string[] = [];
      for (const path of disk.paths) {
        const context = contextOf(path);
        if (!scan.reachable(path, context)) {
          outlines.set(path, undefined);
          continue;
        }
        const cached = extractor.known(path, context);
        if (cached?.outline) outlines.set(path, cached.outline);
        if (cached?.extract) known.set(path, cached.extract);
        else if (cached?.hits !== false && scan.mentions(path, context)) found.push(path);
        else {
          if (!cached) extractor.noMention(path, context, outlines.get(path));
          if (prefilter && languageOf(path) === "ts") unread.push(path);
        }
        if (++looked % chunk > 0) continue;
        yield found;
        found = [];
      }
      yield found;
      for (const [index, path] of unread.entries()) {
        if (scan.near(path, contextOf)) yield [path];
        else if (index % chunk === 0) yield [];
      }
    },
  };
  return scan;
}
