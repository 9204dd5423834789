// Records what an extractor finds in part of a workspace, so that it can be joined later. What other parts say must not show in it.

import { languageOf, relevant, type Plan } from "../engine/plan.ts";
import { maybeNear, mentioned } from "../engine/mention.ts";
import { toJson } from "./cache.ts";
import { hashOf, type ShardRow } from "./shard.ts";
import type { Disk } from "./disk.ts";
import type { Extractor } from "./extractor.ts";
import type { Extract } from "../engine/types.ts";
import type { FileContext } from "../engine/typescript/parse.ts";

export interface Recorder extends Extractor {
  /** Extracts also what only a check of another part may ask for. */
  rest(): Promise<void>;
  rows(): readonly ShardRow[];
}

/** The context of a file without what the whole workspace declares: a part does not know that, and must not change when it does. */
export function ownContext({ declared: _, ...own }: FileContext): FileContext {
  return own;
}

export function createRecorder(inner: Extractor, disk: Disk, plan: Plan): Recorder {
  const rows = new Map<string, ShardRow>();
  const later = new Map<string, FileContext>();
  const lazy = plan.kinds.flatMap((kind) => (kind.ts?.lazy ? [kind.ts.mentions] : []));
  const record = (path: string, extract: Extract | undefined) => {
    const row = rows.get(path);
    // What was killed here may well be read elsewhere: joining tries again.
    if (!row || !extract || extract.problems.some((one) => one.kind === "timeout" || one.kind === "crash" || (one.kind === "too-big" && extract.deep))) return;
    rows.set(path, { ...row, [extract.deep ? "deep" : "plain"]: toJson(extract) ?? "" });
  };
  const run: Extractor["run"] = async (paths, contextOf, into, outlineOf) => {
    await inner.run(paths, (path) => ownContext(contextOf(path)), into, outlineOf);
    for (const path of paths) record(path, into.get(path));
  };
  return {
    run,
    known(path, context) {
      const text = disk.scanText(path);
      if (text === undefined) return undefined;
      const words = plan.scanner.words(text, languageOf(path)!);
      rows.set(path, { path, hash: hashOf(text), tag: JSON.stringify(ownContext(context)), words: [...words].sort(), plain: "", deep: "" });
      if (relevant(plan, path, words)) return undefined;
      if (languageOf(path) === "ts" && (lazy.some((mentions) => mentioned(mentions, words)) || relevant(plan, path, maybeNear(words)))) later.set(path, context);
      return { hits: false, hash: "" };
    },
    // Relevant, but for what this part declares: another may declare more.
    noMention: (path, context) => void (rows.has(path) && later.set(path, context)),
    async rest() {
      const paths = [...later.keys()].filter((path) => rows.get(path)?.plain === "");
      await run(paths, (path) => later.get(path)!, new Map());
    },
    rows: () => [...rows.values()],
    save: () => [],
    rehearse: (path, text) => inner.rehearse(path, text),
    close: () => inner.close(),
  };
}
