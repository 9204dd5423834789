// All folders of the editor with their results. Serialises changes, keeps the last result to answer from, and tells listeners when findings are new.

import { setTimeout as sleep } from "node:timers/promises";
import { openFolder, type Folder } from "./folder.ts";
import { rehearsal } from "./rehearsal.ts";
import { openView, type View } from "./view.ts";
import type { Encoding } from "./convert.ts";
import type { Documents } from "./documents.ts";
import type { Profile } from "../engine/types.ts";

/** A document in the innermost folder that holds it. */
export interface Place {
  readonly uri: string;
  readonly folder: Folder;
  readonly path: string;
  readonly view: View;
}

export interface Workspace {
  /** The last result of each folder, in the order the folders were added. */
  readonly views: readonly View[];
  /** True while an analysis runs or waits. */
  readonly busy: boolean;
  add(uri: string): Promise<void>;
  remove(uri: string): Promise<void>;
  /** New texts by URI; undefined means what the disk has. Resolves when the findings are those of these texts. */
  change(texts: ReadonlyMap<string, string | undefined>): Promise<void>;
  /** An editor shows a document that it did not show before: what is typed next may be typed there. */
  opened(): Promise<void>;
  /** Reads every folder anew. */
  reread(): Promise<void>;
  locate(uri: string): Place | undefined;
  /** The place of a document whose text the last result is about. Waits a moment for it where that is not so yet. */
  known(uri: string, patienceMs?: number): Promise<Place | undefined>;
  /** Resolves when no work is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkspaceHooks {
  readonly profile?: Profile;
  encoding(): Encoding;
  /** Findings may have changed. */
  changed(): void;
  /** The first reading of a folder: where it is, and at last that it is done. */
  progress(folder: string, step: { readonly done: number; readonly total: number } | "end"): void;
  failed(what: string, error: unknown): void;
}

/** Longest time a request waits for the analysis of what was just typed (ms): below what a reader takes for a hang. */
const briefMs = 500;

/** So many more changes while one text is analysed come from no keyboard: the rest of them is waited for this long (ms), not analysed one by one. */
const storm = 4;
const stormMs = 100;

export function openWorkspace(documents: Documents, hooks: WorkspaceHooks): Workspace {
  let views: readonly View[] = [];
  let queue: Promise<void> = Promise.resolve();
  let open = 0;
  const enqueue = (work: () => Promise<void>) => {
    open++;
    return (queue = queue.then(work).catch((error: unknown) => hooks.failed("the analysis", error)).finally(() => void open--));
  };
  const locate: Workspace["locate"] = (uri) => {
    let best: Place | undefined;
    for (const view of views) {
      const path = view.folder.pathOf(uri);
      if (path !== undefined && (!best || path.length < best.path.length)) best = { uri, folder: view.folder, path, view };
    }
    return best;
  };
  const current = (uri: string): Place | undefined => {
    const place = locate(uri);
    const document = documents.get(uri);
    return place && !document?.desynced && place.view.versions.get(uri) === document?.version ? place : undefined;
  };
  const versions = () => new Map([...documents.all()].filter((one) => !one.desynced).map((one) => [one.uri, one.version]));
  const show = (folder: Folder, known: ReadonlyMap<string, number>) => {
    const next = openView(folder, known, hooks.encoding());
    views = views.some((one) => one.folder === folder) ? views.map((one) => (one.folder === folder ? next : one)) : [...views, next];
  };
  const apply = async (texts: ReadonlyMap<string, string | undefined>) => {
    const known = versions();
    for (const view of views) {
      const { folder, keep } = view;
      const mine = new Map([...texts].flatMap(([uri, text]) => (folder.pathOf(uri) === undefined ? [] : [[folder.pathOf(uri)!, text] as const])));
      keep(mine.keys());
      // Who was given up before has texts to lint, whichever changed now.
      const late = outdated.delete(folder);
      if (mine.size === 0 && !late) {
        show(folder, known);
        continue;
      }
      try {
        if ((await folder.session.change(mine, isOutdated)) === view.result) outdated.add(folder);
        else show(folder, known);
      } catch (error) {
        // The texts of the other folders are theirs, and these are linted with the next change.
        outdated.add(folder);
        hooks.failed("the analysis", error);
      }
    }
    if (outdated.size === views.length) return;
    shown = performance.now();
    hooks.changed();
  };
  const outdated = new Set<Folder>();
  const practice = rehearsal(documents);
  let shown = 0;
  // A pass whose texts are no longer the newest is given up, but not so often that who types on sees nothing.
  const isOutdated = () => waiting !== undefined && performance.now() - shown < briefMs;
  // Changes that arrive while one is under way are taken together: only the last text of a document is analysed.
  let waiting: Map<string, string | undefined> | undefined;
  let waitingRun: Promise<void> = Promise.resolve();
  let joined = 0;
  const settled = async () => {
    for (let last; last !== queue; ) await (last = queue);
  };
  const workspace: Workspace = {
    get views() {
      return views;
    },
    get busy() {
      return open > 0;
    },
    add: (uri) =>
      enqueue(async () => {
        if (views.some((one) => one.folder.uri === uri)) return;
        // The session tells of later readings too: they are short, and nobody would end their progress.
        let first = true;
        try {
          const folder = await openFolder(uri, hooks.profile, (done, total) => void (first && hooks.progress(uri, { done, total })), practice.begins);
          const known = versions();
          const mine = new Map([...documents.all()].flatMap((one) => (folder.pathOf(one.uri) === undefined ? [] : [[folder.pathOf(one.uri)!, one.text] as const])));
          if (mine.size) await folder.session.change(mine);
          show(folder, known);
        } finally {
          first = false;
          hooks.progress(uri, "end");
        }
        hooks.changed();
      }),
    remove: (uri) =>
      enqueue(async () => {
        const gone = views.filter((one) => one.folder.uri === uri);
        views = views.filter((one) => one.folder.uri !== uri);
        for (const one of gone) outdated.delete(one.folder);
        practice.ends(uri);
        for (const one of gone) await one.folder.session.close();
        hooks.changed();
      }),
    change(texts) {
      if (waiting) {
        joined++;
        for (const [uri, text] of texts) waiting.set(uri, text);
        return waitingRun;
      }
      waiting = new Map(texts);
      joined = 0;
      return (waitingRun = enqueue(async () => {
        if (joined >= storm) await sleep(stormMs);
        const batch = waiting!;
        waiting = undefined;
        await apply(batch);
      }));
    },
    async opened() {
      // A folder that is being read has a worker that waits; in another the document comes first.
      if (views.length > 0) await settled();
      practice.opened();
    },
    // A configuration file is read with everything else, whether there is one or not.
    reread: () => workspace.change(new Map(views.map(({ folder }) => [folder.uriOf("pitlint.yaml"), documents.get(folder.uriOf("pitlint.yaml"))?.text]))),
    locate,
    async known(uri, patienceMs = briefMs) {
      if (current(uri) || documents.get(uri)?.desynced) return current(uri);
      const over = new AbortController();
      await Promise.race([settled(), sleep(patienceMs, undefined, { signal: over.signal }).catch(() => {})]);
      over.abort();
      return current(uri);
    },
    settled,
    close: async () => {
      for (const one of views) await one.folder.session.close();
    },
  };
  return workspace;
}
