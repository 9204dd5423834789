// Question: which labels and annotations of a workload or its pod speak to a mesh's injector, and where does each stand?

import { absentProvable, lookup, pairs, scalar, text, type Entry, type Found } from "../../engine/yaml/read.ts";
import { podOf } from "../../engine/workload.ts";
import type { Edit, YamlDocument } from "../../engine/types.ts";

export type Place = "labels" | "annotations";

/** Read by the injector from the pod only: https://istio.io/latest/docs/reference/config/annotations/ */
const injector = /^(sidecar|proxy|traffic\.sidecar|inject)\.istio\.io\//;

/** Whether the injector reads a key from a pod. */
export function isInjectorKey(key: string): boolean {
  return injector.test(key);
}

/** The injector's keys of a workload or a pod template. */
export function injectorKeys(document: YamlDocument, from: Found | undefined, place: Place): Entry[] {
  return pairs(document, lookup(document, from, "metadata", place)).filter(({ key }) => isInjectorKey(key));
}

/** A pod template that surely carries a key neither as a label nor as an annotation. */
export function lacks(document: YamlDocument, template: Found, key: string): boolean {
  const metadata = lookup(document, template, "metadata");
  if (!metadata) return absentProvable(document, template);
  return absentProvable(document, metadata) && (["labels", "annotations"] as const).every((place) => {
    const map = lookup(document, metadata, place);
    return !map || ("absent" in scalar(document, map, key) && absentProvable(document, map));
  });
}

/** The pod template of a workload that has one of its own. */
export function templateOf(document: YamlDocument): Found | undefined {
  return text(scalar(document, document.root, "kind")) === "Pod" ? undefined : podOf(document);
}

/** Puts a pair into the pod's metadata, which may have to be made. Undefined where the text cannot be added to. */
export function intoPod(document: YamlDocument, template: Found, place: Place, key: string, value: string): Edit | undefined {
  const line = `${key}: ${JSON.stringify(value)}\n`;
  const metadata = lookup(document, template, "metadata");
  const map = lookup(document, metadata, place);
  const [at, insert] = map ? [map, { key, value }] : metadata ? [metadata, { key: place, value: line }] : [template, { key: "metadata", value: `${place}:\n  ${line}`, before: "spec" }];
  if (at.origin !== "own" || (at.node.kind !== "map" && at.node.at.start !== at.node.at.end)) return undefined;
  return !map && at.node.kind === "map" && at.node.flow ? undefined : { yaml: at.node.at, insert };
}
