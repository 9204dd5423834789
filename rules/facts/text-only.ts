// Question: which values of a Kubernetes object must be text? Environment variables, labels, annotations, selectors, data of a ConfigMap. States no fact itself.

import { podOf } from "../../engine/workload.ts";
import { items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { YamlDocument, YamlScalar } from "../../engine/types.ts";

export interface TextOnly {
  /** Name of the variable, or the key. */
  readonly key: string;
  readonly node: YamlScalar;
}

/** Values that are written without quotes, and that belong to this place alone. */
export function* textOnly(document: YamlDocument): Iterable<TextOnly> {
  if (document.class !== "k8s") return;
  const { root } = document;
  const kind = text(scalar(document, root, "kind"));
  const pod = podOf(document);
  const maps = [["metadata", "labels"], ["metadata", "annotations"], ["spec", "selector", "matchLabels"]].map((path) => lookup(document, root, ...path));
  if (pod && kind !== "Pod") maps.push(lookup(document, pod, "metadata", "labels"), lookup(document, pod, "metadata", "annotations"));
  if (pod) maps.push(lookup(document, pod, "spec", "nodeSelector"));
  if (kind === "Service" || kind === "ReplicationController") maps.push(lookup(document, root, "spec", "selector"));
  if (kind === "ConfigMap") maps.push(lookup(document, root, "data"));
  if (kind === "Secret") maps.push(lookup(document, root, "stringData"));
  for (const map of maps) for (const member of pairs(document, map)) yield* plain(document, member.key, member);
  for (const list of ["containers", "initContainers", "ephemeralContainers"])
    for (const container of items(document, lookup(document, pod, "spec", list))) {
      // A patch of an overlay: what builds it knows the type of the field, and may quote the value.
      if (!lookup(document, container, "image")) continue;
      for (const variable of items(document, lookup(document, container, "env"))) {
        const value = lookup(document, variable, "value");
        if (value) yield* plain(document, text(lookup(document, variable, "name")) ?? "value", value);
      }
    }
}

function* plain(document: YamlDocument, key: string, { node, origin }: Found): Iterable<TextOnly> {
  if (origin === "own" && node.kind === "scalar" && node.style === "plain" && "known" in scalar(document, { node, origin }) && trusted(document, node.at)) yield { key, node };
}
