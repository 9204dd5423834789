// The configurations of a workspace on disk. Loads the reader only where there is something to read.

import { defaultConfig } from "../engine/config.ts";
import { packs } from "../rules/packs/index.ts";
import type { Disk } from "./disk.ts";
import type { Config, Problem } from "../engine/types.ts";

/** A name that other tools give their configuration. */
const notRead = (file: string): Problem => ({ kind: "config", file, message: "is not read: pitlint reads pitlint.yaml; rename the file", incomplete: false });

export interface Configuration {
  readonly configs: readonly Config[];
  readonly problems: readonly Problem[];
}

export async function readConfiguration(disk: Disk): Promise<Configuration> {
  const files = disk.configFiles();
  const misnamed = [...disk.paths].filter((path) => /(^|\/)(\.pitlint|\.?pitlintrc|\.?pitlint\.config)\.ya?ml$/.test(path)).map(notRead);
  if (files.length === 0) return { configs: [defaultConfig], problems: misnamed };
  const { readConfigs } = await import("../engine/read-config.ts");
  const { configs, problems } = readConfigs(files, packs);
  return { configs, problems: [...problems, ...misnamed] };
}
