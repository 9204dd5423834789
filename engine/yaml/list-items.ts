// A List of Kubernetes is several objects in one document: each of them is a document of its own, as kubectl applies it. Trees in, trees out.

import type { YamlDocument, YamlMap, YamlNode } from "../types.ts";
import { classify } from "./classify.ts";

/** The documents of a file with the items of each List in its place. */
export function withoutLists(documents: readonly YamlDocument[]): readonly YamlDocument[] {
  if (!documents.some((one) => listOf(one))) return documents;
  return documents.flatMap((one) => (listOf(one)?.map((root): YamlDocument => ({ ...one, at: root.at, root, class: classify(one.path, root) })) ?? [one])).map((one, index) => ({ ...one, index }));
}

/** Undefined for what is no List, and for one that holds anything but objects. */
function listOf({ class: of, root }: YamlDocument): readonly YamlMap[] | undefined {
  if (of !== "k8s" || root?.kind !== "map" || !/List$/.test(said(root, "kind"))) return undefined;
  const items = valueOf(root, "items");
  const objects = items?.kind === "seq" ? items.items.filter((item) => item.kind === "map") : [];
  const isWhole = items?.kind === "seq" && objects.length > 0 && objects.length === items.items.length && objects.every((one) => said(one, "apiVersion") && said(one, "kind"));
  return isWhole ? objects : undefined;
}

function valueOf(map: YamlMap, key: string): YamlNode | null | undefined {
  return map.pairs.findLast((pair) => pair.key.kind === "scalar" && pair.key.value === key)?.value;
}

function said(map: YamlMap, key: string): string {
  const value = valueOf(map, key);
  return value?.kind === "scalar" && value.value !== null ? String(value.value) : "";
}
