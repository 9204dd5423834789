// Installed versions of packages, from lockfiles, else exact ranges in package.json. Touches no disk.

import { folder, parseJson, within } from "./resolve.ts";
import { packageOf, type Package } from "./workspace.ts";

/** Installed version of a package for a file; undefined when no lockfile tells and the declared range has more than one answer. */
export type Versions = (file: string, pkg: string) => string | undefined;

/** Reads package-lock.json (v2, v3). */
export function versions(manifests: ReadonlyMap<string, string>, packages: readonly Package[]): Versions {
  const locks: { folder: string; packages: Record<string, { version?: string }> }[] = [];
  for (const [path, text] of manifests) {
    if (!/(^|\/)package-lock\.json$/.test(path)) continue;
    const read = parseJson(text) as { packages?: Record<string, { version?: string }> } | undefined;
    if (read?.packages) locks.push({ folder: folder(path), packages: read.packages });
  }
  locks.sort((a, b) => b.folder.length - a.folder.length);
  return (file, pkg) => {
    const home = packageOf(packages, file);
    for (const lock of locks) {
      if (!within(file, lock.folder)) continue;
      const inner = home.folder.slice(lock.folder ? lock.folder.length + 1 : 0);
      const found = (inner && lock.packages[`${inner}/node_modules/${pkg}`]) || lock.packages[`node_modules/${pkg}`];
      if (found?.version) return found.version;
    }
    const range = Object.hasOwn(home.dependencies, pkg) ? home.dependencies[pkg] : undefined;
    return range && /^\d+\.\d+\.\d+$/.test(range) ? range : undefined;
  };
}
