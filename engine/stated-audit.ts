// What pitlint.yaml states of services that are not there: it would hold for nothing, and nobody would notice. Computes only.

import { nearest } from "./nearest.ts";
import { join } from "./resolve.ts";
import { packagesOf, type Workspace } from "./workspace.ts";
import type { Problem } from "./types.ts";

/** One problem for each stated source that is no package of the workspace. */
export function misplacedSources({ configs, manifests }: Pick<Workspace, "configs" | "manifests">): readonly Problem[] {
  const stated = configs.flatMap(({ path, folder, services }) => services.flatMap(({ source, sourceAt }) => (path !== undefined && source !== undefined && sourceAt ? [{ path, folder, source, at: sourceAt }] : [])));
  if (stated.length === 0) return [];
  const known = packagesOf(manifests).map((one) => one.folder);
  return stated.filter(({ folder, source }) => !known.includes(join(folder, source))).map(({ path, folder, source, at }) => {
    const below = known.filter((one) => one !== folder && (folder === "" || one.startsWith(`${folder}/`))).map((one) => (folder === "" ? one : one.slice(folder.length + 1))).sort();
    const near = nearest(source, below);
    const meant = near !== undefined ? `did you mean ${near}?` : below.length > 0 && below.length <= 5 ? `packages are ${below.join(", ")}` : "expected the folder of a package.json, or . for the whole repository";
    return { kind: "config", file: path, at, message: `"${source}" is no package; ${meant}`, incomplete: false } satisfies Problem;
  });
}
