// The configurations of a workspace on disk. Loads the reader only where there is something to read.

import { defaultConfig } from "../engine/config.ts";
import { packs } from "../rules/packs/index.ts";
import type { Disk } from "./disk.ts";
import type { Config, Problem } from "../engine/types.ts";

export interface Configuration {
  readonly configs: readonly Config[];
  readonly problems: readonly Problem[];
}

export async function readConfiguration(disk: Disk): Promise<Configuration> {
  const files = disk.configFiles();
  if (files.length === 0) return { configs: [defaultConfig], problems: [] };
  const { readConfigs } = await import("../engine/read-config.ts");
  return readConfigs(files, packs);
}
