// Which manifests are applied together? Those of one deployment unit; of plain manifests, those of one folder. Paths and units in, verdict out.

import { folder } from "./resolve.ts";
import type { Linked, YamlDocument } from "./types.ts";

/** Folders that sort the manifests of one deployment by kind: `k8s/deployments`, `k8s/services`. */
const byKind = /(^|\/)(deployments?|statefulsets?|workloads?|services?|svc|hpas?|autoscal\w+|scaling|ingress(es)?|network(ing)?|pdbs?)$/i;

/** Whether a fact of another manifest belongs to what this document is applied with. */
export function appliedTogether(document: YamlDocument, fact: Linked<unknown>): boolean {
  return isTogether(document, { path: fact.at.file, ...(fact.unit === undefined ? {} : { unit: fact.unit }) });
}

/** Whether two manifests are applied with each other. */
export function isTogether(a: Place, b: Place): boolean {
  return a.unit !== undefined || b.unit !== undefined ? a.unit === b.unit : home(a.path) === home(b.path);
}

type Place = Pick<YamlDocument, "path" | "unit">;

const home = (path: string) => folder(path).replace(byKind, "");
