// Which configuration governs a path: the nearest pitlint.yaml, else the built-in defaults.

import { within } from "./resolve.ts";
import type { Config } from "./types.ts";

export const defaultConfig: Config = Object.freeze({ folder: "", profile: "recommended", pins: {}, ignore: [], services: [], wrappers: [], loggers: {} });

/** The nearest configuration; the innermost folder wins. */
export function configFor(configs: readonly Config[], path: string): Config {
  let best: Config = defaultConfig;
  for (const one of configs) if (within(path, one.folder) && (best.path === undefined || one.folder.length >= best.folder.length)) best = one;
  return best;
}
