// An extractor that takes what shards hold, and reads only what none was made for. Says which shards are stale; it never uses one that is.

import { met, relevant, type Plan } from "../engine/plan.ts";
import { isExtract } from "./cache.ts";
import { ownContext } from "./shard-record.ts";
import { hashOf, type Shard, type ShardRow } from "./shard.ts";
import type { Disk } from "./disk.ts";
import type { Extractor } from "./extractor.ts";
import type { Extract } from "../engine/types.ts";
import type { FileContext } from "../engine/typescript/parse.ts";

/** Why the shards do not give the result of one run. */
export interface Stale {
  readonly file: string;
  /** The shard as the caller names it; undefined where no shard holds the file. */
  readonly shard?: string;
  readonly why: string;
}

export interface Joined {
  /** Stands in front of an extractor. */
  adopt(inner: Extractor, disk: Disk, plan: Plan): Extractor;
  /** Sorted by file; empty when the shards are those of the workspace as it was read. */
  stale(): readonly Stale[];
}

interface Held {
  readonly shard: string;
  readonly row: ShardRow;
}

/** Joins shards, whatever their order. Files may be in several. */
export function joinShards(shards: ReadonlyMap<string, Shard>): Joined {
  const held = new Map<string, Held[]>();
  for (const [shard, { rows }] of [...shards].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const row of rows) held.set(row.path, [...(held.get(row.path) ?? []), { shard, row }]);
  const stale: Stale[] = [];
  const fresh = new Set<string>();
  const absent = new Set<string>();
  let workspace: Disk | undefined;

  const extractOf = (path: string, form: "plain" | "deep", plan: Plan, declared: FileContext["declared"]): Extract | undefined => {
    const json = fresh.has(path) ? held.get(path)?.find((one) => one.row[form] !== "")?.row[form] : undefined;
    const extract: unknown = json && JSON.parse(json);
    return isExtract(extract, path) ? metOnly(extract, plan, declared) : undefined;
  };
  return {
    adopt(inner, disk, plan) {
      workspace = disk;
      return {
        known(path, context) {
          const mine = held.get(path);
          if (!mine) return void absent.add(path);
          const text = disk.scanText(path);
          if (text === undefined) return undefined;
          const hash = hashOf(text);
          const tag = JSON.stringify(ownContext(context));
          const old = mine.flatMap(({ shard, row }) => (row.hash !== hash ? [{ file: path, shard, why: "has changed since" }] : row.tag !== tag ? [{ file: path, shard, why: "is in a package or below a pitlint.yaml that has changed since" }] : []));
          stale.push(...old);
          if (old.length > 0) return undefined;
          fresh.add(path);
          if (!relevant(plan, path, new Set(mine[0]!.row.words), context.declared)) return { hits: false, hash: "" };
          const extract = extractOf(path, "plain", plan, context.declared);
          // As in a run of its own, the text of an extracted file is there, and what is wrong with it is said.
          return extract && disk.text(path) !== undefined ? { hits: true, hash: "", extract } : undefined;
        },
        noMention: (path) => void absent.delete(path),
        async run(paths, contextOf, into) {
          for (const path of paths) if (absent.has(path) && !into.has(path)) stale.push({ file: path, why: "is in no shard" });
          // What is refused in the end is read no further.
          if (stale.length > 0) return paths.forEach((path) => into.set(path, unread(path)));
          const open = paths.filter((path) => {
            const extract = extractOf(path, into.has(path) ? "deep" : "plain", plan, contextOf(path).declared);
            if (!extract || disk.text(path) === undefined) return true;
            return into.set(path, extract), false;
          });
          await inner.run(open, contextOf, into);
        },
        save: () => [],
        rehearse: (path, text) => inner.rehearse(path, text),
        close: () => inner.close(),
      };
    },
    stale() {
      const gone = [...held].flatMap(([file, all]) => (workspace && !workspace.paths.has(file) && workspace.stat(file) === undefined ? all.map(({ shard }) => ({ file, shard, why: "is gone" })) : []));
      return [...stale, ...gone].sort((a, b) => compare(a.file, b.file) || compare(a.shard ?? "", b.shard ?? ""));
    },
  };
}

/**
 * An extract without what it holds only because its shard did not know what the workspace declares. Undefined where that cannot be told apart:
 * what an export stands for depends on the facts that names stand for.
 */
function metOnly(extract: Extract, plan: Plan, declared: FileContext["declared"]): Extract | undefined {
  if (!declared) return extract;
  const kinds = plan.kinds.filter((kind) => extract.facts[kind.id] !== undefined && !met(kind.ts?.needs, declared));
  const rules = plan.rules.filter(({ check: { ts } }) => ts && !ts.reads && !met(ts.needs, declared));
  if (kinds.some((kind) => kind.named) || extract.problems.some((one) => one.kind === "rule-failed")) return undefined;
  const facts = Object.fromEntries(Object.entries(extract.facts).filter(([id]) => !kinds.some((kind) => kind.id === id)));
  return { ...extract, facts, findings: extract.findings.filter(({ rule }) => !rules.some((one) => one.id === rule)) };
}

const unread = (path: string): Extract => ({ path, facts: {}, findings: [], exports: {}, reexports: [], suppressions: [], documents: [], problems: [], deep: true });
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
