// All folders of the editor with their results. Serialises changes, and tells listeners when findings are new.

import { byFile, positions, type Encoding, type Positions, type Shown } from "./convert.ts";
import { openFolder, type Folder } from "./folder.ts";
import type { Documents } from "./documents.ts";
import type { Profile } from "../engine/types.ts";

export interface Workspace {
  readonly folders: readonly Folder[];
  add(uri: string): Promise<void>;
  remove(uri: string): Promise<void>;
  /** New texts by URI; undefined means what the disk has. Resolves when the findings are those of these texts. */
  change(texts: ReadonlyMap<string, string | undefined>): Promise<void>;
  /** The innermost folder of a URI and the path in it. */
  locate(uri: string): { folder: Folder; path: string } | undefined;
  shown(folder: Folder, path: string): readonly Shown[];
  /** Every file that has something to show. */
  files(folder: Folder): Iterable<string>;
  positions(folder: Folder, path: string): Positions;
  /** Resolves when no work is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkspaceHooks {
  readonly profile?: Profile;
  encoding(): Encoding;
  /** Findings may have changed. */
  changed(): void;
  progress(folder: string, done: number, total: number): void;
  failed(message: string): void;
}

export function openWorkspace(documents: Documents, hooks: WorkspaceHooks): Workspace {
  let folders: readonly Folder[] = [];
  let queue: Promise<void> = Promise.resolve();
  const results = new WeakMap<object, Map<string, Shown[]>>();
  const enqueue = (work: () => Promise<void>) => (queue = queue.then(work).catch((error: unknown) => hooks.failed(error instanceof Error ? (error.stack ?? error.message) : String(error))));
  const locate: Workspace["locate"] = (uri) => {
    let best: { folder: Folder; path: string } | undefined;
    for (const folder of folders) {
      const path = folder.pathOf(uri);
      if (path !== undefined && (!best || path.length < best.path.length)) best = { folder, path };
    }
    return best;
  };
  const tables = new WeakMap<object, Map<string, { text: string; table: Positions }>>();
  const apply = async (texts: ReadonlyMap<string, string | undefined>) => {
    for (const folder of folders) {
      const mine = new Map([...texts].flatMap(([uri, text]) => (locate(uri)?.folder === folder ? [[folder.pathOf(uri)!, text] as const] : [])));
      if (mine.size) await folder.session.change(mine);
    }
    hooks.changed();
  };
  // Changes that arrive while one is under way are taken together: only the last text of a document is analysed.
  let waiting: Map<string, string | undefined> | undefined;
  let waitingRun: Promise<void> = Promise.resolve();
  return {
    get folders() {
      return folders;
    },
    add: (uri) =>
      enqueue(async () => {
        const folder = await openFolder(uri, hooks.profile, (done, total) => hooks.progress(uri, done, total));
        folders = [...folders, folder];
        await apply(new Map([...documents.all()].filter((one) => folder.pathOf(one.uri) !== undefined).map((one) => [one.uri, one.text])));
      }),
    remove: (uri) =>
      enqueue(async () => {
        const gone = folders.filter((one) => one.uri === uri);
        folders = folders.filter((one) => one.uri !== uri);
        for (const one of gone) await one.session.close();
        hooks.changed();
      }),
    change(texts) {
      if (waiting) {
        for (const [uri, text] of texts) waiting.set(uri, text);
        return waitingRun;
      }
      waiting = new Map(texts);
      return (waitingRun = enqueue(async () => {
        const batch = waiting!;
        waiting = undefined;
        await apply(batch);
      }));
    },
    locate,
    shown(folder, path) {
      const { result } = folder.session;
      let files = results.get(result);
      if (!files) results.set(result, (files = byFile(result.diagnostics)));
      return files.get(path) ?? [];
    },
    files(folder) {
      this.shown(folder, "");
      return results.get(folder.session.result)!.keys();
    },
    positions(folder, path) {
      let known = tables.get(folder);
      if (!known) tables.set(folder, (known = new Map()));
      const text = folder.session.text(path) ?? "";
      let entry = known.get(path);
      if (entry?.text !== text) known.set(path, (entry = { text, table: positions(text, hooks.encoding()) }));
      return entry!.table;
    },
    settled: async () => {
      for (let last; last !== queue; ) await (last = queue);
    },
    close: async () => {
      for (const one of folders) await one.session.close();
    },
  };
}
