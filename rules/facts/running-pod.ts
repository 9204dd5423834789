// Question: which pod does a manifest keep running, and what is known of it? Jobs end by themselves and are left out.

import { appContainers, imageOf, objectId, podOf } from "../../engine/workload.ts";
import { absentProvable, lookup, pairs, scalar, text, type Found } from "../../engine/yaml/read.ts";
import type { YamlDocument } from "../../engine/types.ts";
import { infrastructure, type Infrastructure } from "./infrastructure-image.ts";

export interface RunningPod {
  readonly kind: string;
  /** Only rendering tells some. */
  readonly name: string;
  /** `Deployment/orders`. */
  readonly id: string;
  /** The template: metadata and spec. For a Pod, the document itself. */
  readonly template: Found;
  readonly spec: Found;
  /** Containers that run the application, without known sidecars. */
  readonly containers: readonly Found[];
}

/** The pod of a workload that runs for good; undefined for jobs, for other documents and for patches, which show a part of a workload only. */
export function runningPod(document: YamlDocument): RunningPod | undefined {
  const kind = text(scalar(document, document.root, "kind"));
  if (document.class !== "k8s" || kind === undefined || /Job$/.test(kind)) return undefined;
  const template = podOf(document);
  const spec = lookup(document, template, "spec");
  const id = objectId(document);
  if (!template || !spec || id === undefined || isPatch(document, kind, template)) return undefined;
  // A pod that is not restarted ends by itself, too.
  const restarts = text(lookup(document, spec, "restartPolicy"));
  if (restarts !== undefined && restarts !== "Always") return undefined;
  return { kind, name: text(scalar(document, document.root, "metadata", "name")) ?? `the ${kind}`, id, template, spec, containers: appContainers(document, template) };
}

/** The API server demands labels and a selector; a strategic merge patch leaves out what it does not change. */
export function isPatch(document: YamlDocument, kind: string, template: Found): boolean {
  return kind !== "Pod" && !lookup(document, document.root, "spec", "selector") && !lookup(document, template, "metadata", "labels");
}

/** What to call a container, and where to point: its name. Only rendering tells some. */
export function containerName(document: YamlDocument, container: Found): { readonly name: string; readonly found: Found } | undefined {
  const found = lookup(document, container, "name");
  return found && { name: text(scalar(document, container, "name")) ?? "the container", found };
}

/** A container as a base states it, not as a patch touches it; with what its image is known to be, by its name where only rendering tells the image. */
export function imageIn(document: YamlDocument, container: Found): { readonly known?: Infrastructure } | undefined {
  if (!lookup(document, container, "image")) return undefined;
  const known = infrastructure(imageOf(document, container) ?? text(scalar(document, container, "name")) ?? "");
  return known ? { known } : {};
}

/** The pod's labels; undefined when one of them, or whether there are more, is not known. */
export function podLabels(document: YamlDocument, template: Found): ReadonlyMap<string, string> | undefined {
  const labels = lookup(document, template, "metadata", "labels");
  return labels && knownPairs(document, labels);
}

/** A map of texts that is known to be whole. */
export function knownPairs(document: YamlDocument, from: Found): ReadonlyMap<string, string> | undefined {
  if (!absentProvable(document, from)) return undefined;
  const known = new Map<string, string>();
  for (const entry of pairs(document, from)) {
    const value = scalar(document, entry);
    if (!("known" in value) || value.known === null) return undefined;
    known.set(entry.key, String(value.known));
  }
  return known;
}
