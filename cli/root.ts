// The workspace that a run is about. Looks at folders, opens no file.

import { existsSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/**
 * In a git repository the outermost folder above all targets that holds a pitlint.yaml, because a nested file inherits from those above it; without one the
 * repository. Elsewhere the nearest folder that holds a pitlint.yaml; else the deepest folder that holds all targets.
 */
export function rootOf(targets: readonly string[]): string {
  const folders = targets.map((path) => (statSync(path).isDirectory() ? path : dirname(path)));
  let common = folders[0]!;
  while (!folders.every((one) => one === common || one.startsWith(common.endsWith(sep) ? common : common + sep))) common = dirname(common);
  let nearest: string | undefined;
  let outermost: string | undefined;
  for (let at = common; ; at = dirname(at)) {
    if (["pitlint.yaml", "pitlint.yml"].some((name) => existsSync(join(at, name)))) {
      nearest ??= at;
      outermost = at;
    }
    if (existsSync(join(at, ".git"))) return outermost ?? at;
    if (dirname(at) === at) return nearest ?? common;
  }
}
