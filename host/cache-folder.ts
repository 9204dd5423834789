// Where the cache of a workspace lies, and making that folder. Makes folders only on request, one level at a time.

import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** `node_modules/.cache/pitlint` where the workspace has node_modules of its own, else a folder of the user's cache. */
export function cacheFolder(root: string): string {
  const real = realpathSync(root);
  const modules = join(real, "node_modules");
  const own = join(modules, ".cache", "pitlint");
  if (isFolder(modules) === true && [dirname(own), own].every((path) => isFolder(path) !== false)) return own;
  const { XDG_CACHE_HOME: stated } = process.env;
  // Relative paths there are to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  const home = stated && isAbsolute(stated) ? stated : join(homedir(), ".cache");
  return join(home, "pitlint", createHash("sha256").update(real).digest("hex").slice(0, 16));
}

/** Undefined when there is nothing. A link is no folder here: it could have us write outside the workspace. */
function isFolder(path: string): boolean | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory();
}

/** Makes a folder and those above it. Not `recursive`: for a folder below /proc, Node 20 never comes back from that. */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !statSync(at, { throwIfNoEntry: false }) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const path of missing.reverse())
    try {
      mkdirSync(path);
    } catch (error) {
      // Another run made it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
}
