// The workspace that a run is about. Looks at folders, opens no file.

import { existsSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/**
 * The outermost folder above all targets that holds a pitlint.yaml, as far as the git repository reaches: a nested file inherits from those above it.
 * Without one the git repository; else the deepest folder that holds all targets.
 */
export function rootOf(targets: readonly string[]): string {
  const folders = targets.map((path) => (statSync(path).isDirectory() ? path : dirname(path)));
  let common = folders[0]!;
  while (!folders.every((one) => one === common || one.startsWith(common.endsWith(sep) ? common : common + sep))) common = dirname(common);
  let configured: string | undefined;
  for (let at = common; ; at = dirname(at)) {
    const isRepository = existsSync(join(at, ".git"));
    if (["pitlint.yaml", "pitlint.yml"].some((name) => existsSync(join(at, name)))) configured = at;
    if (isRepository) return configured ?? at;
    if (dirname(at) === at) return configured ?? common;
  }
}
