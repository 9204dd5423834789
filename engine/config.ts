// Which configuration governs a path: the nearest pitlint.yaml on top of those above it, else the built-in defaults.

import { join, relative, within } from "./resolve.ts";
import type { Config } from "./types.ts";

export const defaultConfig: Config = Object.freeze({ folder: "", profile: "recommended", pins: {}, ignore: [], services: [], wrappers: [], loggers: {}, grades: [], environments: [] });

/** The nearest configuration; the innermost folder wins. */
export function configFor(configs: readonly Config[], path: string): Config {
  let best: Config = defaultConfig;
  for (const one of configs) if (within(path, one.folder) && (best.path === undefined || one.folder.length >= best.folder.length)) best = one;
  return best;
}

/** What one pitlint.yaml states by itself. */
export type Stated = Partial<Config> & { readonly path: string; readonly folder: string };

/**
 * Configurations with what the files above them state. Where both speak the inner one wins; wrappers, loggers, pins, grades and environments add up, so
 * that a nested file holds only what differs. Services and ignored paths stay with the file that states them, which is asked for every path below it.
 */
export function inherited(stated: readonly Stated[]): readonly Config[] {
  const done = new Map<Stated, Config>();
  for (const one of [...stated].sort((a, b) => a.folder.length - b.folder.length)) {
    const outer = configFor([...done.values()], one.path);
    const { path: _, ...above } = outer;
    const loggers = Object.entries(outer.loggers).map(([name, library]) => [moved(name, outer.folder, one.folder), library] as const);
    done.set(one, Object.freeze({
      ...above, ...one, ignore: one.ignore ?? [], services: one.services ?? [],
      pins: { ...outer.pins, ...one.pins }, wrappers: [...outer.wrappers, ...(one.wrappers ?? [])], loggers: Object.fromEntries([...loggers, ...Object.entries(one.loggers ?? {})]),
      grades: [...outer.grades, ...(one.grades ?? [])], environments: [...outer.environments, ...(one.environments ?? [])],
    }));
  }
  return stated.map((one) => done.get(one)!);
}

/** `./src/log#logger` of one folder, as another calls it. */
function moved(name: string, from: string, to: string): string {
  return name.startsWith(".") ? relative(to, join(from, name)) : name;
}
