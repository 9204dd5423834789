// What is known of a file before anybody reads it: its package and its configuration.

import { needsOf, type Plan } from "../engine/plan.ts";
import { contextFor, declaredIn, packagesOf } from "../engine/workspace.ts";
import type { Kept } from "../engine/kept.ts";
import type { Config } from "../engine/types.ts";
import type { FileContext } from "../engine/typescript/parse.ts";
import type { Disk } from "./disk.ts";

export interface Contexts {
  readonly context: (path: string) => FileContext;
  /** Packages that the workspace declares, of those that checks need. */
  readonly declared: readonly string[] | undefined;
}

/** Kept for as long as there are the same manifests, files and configurations. */
export function contextsOf({ manifests, paths }: Pick<Disk, "manifests" | "paths">, configs: readonly Config[], plan: Plan, keep: Kept): Contexts {
  return keep(manifests, "contexts", [configs, paths, plan], () => {
    const packages = packagesOf(manifests);
    const declared = declaredIn(packages, needsOf(plan), paths.size);
    return { context: contextFor(configs, packages, declared), declared };
  });
}
