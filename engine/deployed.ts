// What the YAML of a workspace deploys: its documents as they are judged, in charts, overlays, compose stacks and environments, and the service of each. No source file changes it.

import { chartsOf } from "./chart.ts";
import { composeReadings, composeSiblings } from "./compose.ts";
import { inEnvironments } from "./environment.ts";
import { startsIn } from "./fact-view.ts";
import { isDevelopment, isNonProduction } from "./gate.ts";
import { isBuilder } from "./image-build.ts";
import { kustomizeFiles, kustomizeReadings } from "./kustomize.ts";
import { environments } from "./path-pattern.ts";
import { associate, type Association } from "./service.ts";
import { belowConfig, type Package, type Workspace } from "./workspace.ts";
import type { Kept } from "./kept.ts";
import type { Starts } from "./fact-table.ts";
import type { Extract, YamlDocument } from "./types.ts";

export interface Deployed {
  /** Documents that are judged: production YAML in the readings of their units. */
  readonly documents: readonly YamlDocument[];
  readonly association: Association;
  /** Whether a document is a template of no chart. */
  readonly isLoose: (document: YamlDocument) => boolean;
  readonly startsOf: Starts;
  /** Files that a reference in YAML needs and that were not read yet. */
  readonly missing: ReadonlySet<string>;
}

/** `extracts` are those of all that is no source, in the order of paths. */
export function deployedBy({ manifests, paths, configs }: Pick<Workspace, "manifests" | "paths" | "configs">, extracts: readonly Extract[], packages: readonly Package[], keep: Kept): Deployed {
  const missing = new Set<string>();
  const byPath = new Map(extracts.map((one) => [one.path, one]));
  const environment = environments(configs);
  const charts = chartsOf(paths, (path) => byPath.get(path) ?? void missing.add(path), keep);
  const all = extracts.flatMap((one) => one.documents);
  const written = all.filter((one) => environment(one.path) !== undefined || !keep(one, "aside", [configs], () => isNonProduction(belowConfig(configs, one.path))));
  for (const path of [...composeSiblings(written, paths), ...kustomizeFiles(written, paths, keep)]) if (!byPath.has(path)) missing.add(path);
  const manifested = keep(configs, "overlays", written, () => kustomizeReadings(written, (path) => isDevelopment(belowConfig(configs, path))));
  const documents = inEnvironments(charts.readings(composeReadings(manifested, manifests, keep)), environment, keep);
  return { documents, association: associate({ packages, paths, configs, documents, builders: all.filter(isBuilder), manifests, keep }), isLoose: charts.isLoose, startsOf: startsIn(documents), missing };
}
