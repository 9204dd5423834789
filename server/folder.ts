// One workspace folder that is kept linted: documents as the editor has them, results, and the queue of changes.

import { join, relative, sep } from "node:path";
import { URI } from "vscode-uri";
import { openSession, type Session } from "../host/session.ts";
import type { Rehearsal } from "./rehearsal.ts";
import type { Profile } from "../engine/types.ts";

export interface Folder {
  readonly uri: string;
  readonly root: string;
  readonly session: Session;
  /** Workspace path of a URI of this folder; undefined for others. */
  pathOf(uri: string): string | undefined;
  uriOf(path: string): string;
}

/** Longest time one file may take in an editor (ms). */
const watchdogMs = 2_000;

/** `begins` is told as soon as the folder has a worker. */
export async function openFolder(uri: string, profile: Profile | undefined, onProgress: (done: number, total: number) => void, begins: Rehearsal["begins"]): Promise<Folder> {
  const root = URI.parse(uri).fsPath;
  const pathOf = (other: string) => {
    if (!other.startsWith("file:")) return undefined;
    const path = relative(root, URI.parse(other).fsPath);
    return path === "" || path.startsWith("..") ? undefined : path.split(sep).join("/");
  };
  const session = await openSession({
    root, watchdogMs, workers: 1, cache: true, resident: true, onProgress, ...(profile ? { profile } : {}),
    adopt: (extractor) => (begins(uri, pathOf, extractor.rehearse), extractor),
  });
  return { uri, root, session, pathOf, uriOf: (path) => URI.file(join(root, path)).toString() };
}
