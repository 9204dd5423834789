// Fact: what one manifest sets of a workload. A patch of the same workload elsewhere may set what a base leaves out: then nothing is claimed absent.

import { objectId, podOf } from "../../engine/workload.ts";
import { items, lookup, pairs } from "../../engine/yaml/read.ts";
import { nodesOf } from "../../engine/yaml/place.ts";
import { isPatch } from "./running-pod.ts";
import type { Fact, FactKind, Facts, YamlDocument } from "../../engine/types.ts";

export interface PodPart {
  /** `Deployment/orders`; undefined for patches in a kustomization, which name their target in many ways. */
  readonly id?: string;
  /** Keys of the workload's spec, its pod's spec and its containers that a patch sets. */
  readonly keys: readonly string[];
  /** The patch of a kustomization, as written. */
  readonly text?: string;
}

export const podPart: FactKind<PodPart> = {
  id: "pod-part",
  title: "Patch of a workload",
  yaml: {
    mentions: [["Probe", "topologySpreadConstraints", "affinity"]],
    *find(document) {
      if (!document.root) return;
      if (document.class === "kustomization") yield* inline(document);
      const template = document.class === "k8s" ? podOf(document) : undefined;
      const id = objectId(document);
      if (!template || id === undefined || !isPatch(document, id.slice(0, id.indexOf("/")), template)) return;
      const spec = lookup(document, template, "spec");
      const parts = [lookup(document, document.root, "spec"), spec, ...items(document, lookup(document, spec, "containers"))];
      yield { at: document.root.at, value: { id, keys: [...new Set(parts.flatMap((one) => pairs(document, one).map(({ key }) => key)))] } };
    },
  },
};

/** Patches inside a kustomization: strategic merges and JSON patches, as texts. */
function* inline(document: YamlDocument): Iterable<Fact<PodPart>> {
  for (const node of nodesOf(document.root)) if (node.kind === "scalar" && typeof node.value === "string" && node.value.includes("\n")) yield { at: node.at, value: { keys: [], text: node.value } };
}

/** Whether a patch may set a key of this workload that its manifest leaves out. */
export function setByPatch(document: YamlDocument, facts: Facts, key: string): boolean {
  const id = objectId(document);
  const name = id?.slice(id.indexOf("/") + 1);
  return facts.everywhere(podPart).some(({ value }) => {
    if (value.text === undefined) return value.id === id && value.keys.includes(key);
    // A patch that names nothing has its target beside it: it may be any.
    return value.text.includes(key) && (name === undefined || value.text.includes(name) || !/^[ \t]*name:/m.test(value.text));
  });
}
