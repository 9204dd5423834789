// What a kustomization sets of every object without a patch: namespace, labels, annotations, images, replicas. Trees in, tree out.
// Values that no text of the object holds stand at the map that they are put into: nothing is reported there, and no fix finds a value.

import { below, isUnknown, keyOf, member, opened, said, textAt, unknown, withMember, withValue } from "./tree.ts";
import { podPath } from "./strategic-merge.ts";
import type { YamlMap, YamlNode, YamlScalar, YamlSeq } from "../types.ts";

/** Kinds that live in no namespace: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#not-all-objects-are-in-a-namespace */
const clusterWide = /^(?:Namespace|Node|PersistentVolume|StorageClass|ClusterRole|ClusterRoleBinding|CustomResourceDefinition|PriorityClass|APIService|IngressClass|RuntimeClass|CSIDriver|CSINode|VolumeAttachment|(?:Mutating|Validating)\w+|ClusterIssuer)$/;

export function withNamespace(root: YamlNode, kind: string, namespace: string): YamlNode {
  const metadata = member(root, "metadata");
  if (clusterWide.test(kind) || root.kind !== "map" || metadata?.kind !== "map") return root;
  return withMember(root, "metadata", (map) => (map.kind === "map" ? withValue(map, "namespace", map.at, textAt(map.at, namespace)) : map));
}

/** Members of a map at a path; the way there is made where `create` says so. */
function withTexts(node: YamlNode, path: readonly string[], texts: YamlMap, create: boolean): YamlNode {
  const [key, ...rest] = path;
  if (isUnknown(node)) return node;
  if (key === undefined) return node.kind === "map" ? texts.pairs.reduce<YamlMap>((map, pair) => withValue(map, keyOf(pair)!, map.at, { ...textAt(map.at, scalarText(pair.value)), ...(scalarText(pair.value) === null ? { open: "not a text" } : {}) }), node) : node;
  if (node.kind === "seq" && key === "*") return { ...node, items: node.items.map((item) => withTexts(item, rest, texts, create)) };
  if (node.kind !== "map") return node;
  const old = member(node, key);
  const isEmpty = old === undefined || old === null || (old.kind === "scalar" && old.value === null);
  if (isEmpty && (!create || rest[0] === "*")) return node;
  const next = isEmpty ? ({ kind: "map", at: node.at, flow: false, pairs: [] } satisfies YamlMap) : old;
  return withValue(node, key, node.at, withTexts(next, rest, texts, create));
}

const scalarText = (node: YamlNode | null): string | null => (node?.kind === "scalar" && node.value !== null && node.open === undefined ? String(node.value) : null);

/** Where a label goes: the object, and where asked for its pods and what selects them. https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/konfig/builtinpluginconsts/commonlabels.go */
export function withLabels(root: YamlNode, kind: string, labels: YamlMap, parts: { readonly templates: boolean; readonly selectors: boolean }): YamlNode {
  let next = withTexts(root, ["metadata", "labels"], labels, true);
  const pod = podPath(kind).split("/").slice(0, -1);
  const makesPods = makers.test(kind);
  if (makesPods && (parts.templates || parts.selectors)) next = withTexts(next, [...pod, "metadata", "labels"], labels, true);
  if (kind === "CronJob" && (parts.templates || parts.selectors)) next = withTexts(next, ["spec", "jobTemplate", "metadata", "labels"], labels, true);
  if (kind === "StatefulSet" && (parts.templates || parts.selectors)) next = withTexts(next, ["spec", "volumeClaimTemplates", "*", "metadata", "labels"], labels, true);
  if (!parts.selectors) return next;
  if (kind === "Service" || kind === "ReplicationController") return withTexts(next, ["spec", "selector"], labels, true);
  if (/^(?:Deployment|ReplicaSet|DaemonSet|StatefulSet)$/.test(kind)) next = withTexts(next, ["spec", "selector", "matchLabels"], labels, true);
  if (/^(?:Job|PodDisruptionBudget)$/.test(kind)) next = withTexts(next, ["spec", "selector", "matchLabels"], labels, false);
  if (kind === "CronJob") next = withTexts(next, ["spec", "jobTemplate", "spec", "selector", "matchLabels"], labels, false);
  if (kind === "NetworkPolicy") for (const path of [["podSelector"], ["ingress", "*", "from", "*", "podSelector"], ["egress", "*", "to", "*", "podSelector"]]) next = withTexts(next, ["spec", ...path, "matchLabels"], labels, false);
  if (!/^(?:Deployment|StatefulSet)$/.test(kind)) return next;
  for (const affinity of ["podAffinity", "podAntiAffinity"]) {
    const at = ["spec", "template", "spec", "affinity", affinity];
    next = withTexts(next, [...at, "preferredDuringSchedulingIgnoredDuringExecution", "*", "podAffinityTerm", "labelSelector", "matchLabels"], labels, false);
    next = withTexts(next, [...at, "requiredDuringSchedulingIgnoredDuringExecution", "*", "labelSelector", "matchLabels"], labels, false);
  }
  return withTexts(next, ["spec", "template", "spec", "topologySpreadConstraints", "*", "labelSelector", "matchLabels"], labels, false);
}

const makers = /^(?:Deployment|ReplicaSet|DaemonSet|StatefulSet|ReplicationController|Job|CronJob)$/;

export function withAnnotations(root: YamlNode, kind: string, annotations: YamlMap): YamlNode {
  let next = withTexts(root, ["metadata", "annotations"], annotations, true);
  if (kind === "CronJob") next = withTexts(next, ["spec", "jobTemplate", "metadata", "annotations"], annotations, true);
  return makers.test(kind) ? withTexts(next, [...podPath(kind).split("/").slice(0, -1), "metadata", "annotations"], annotations, true) : next;
}

/** Sets `spec.replicas`; the value stands where the kustomization says it. */
export function withReplicas(root: YamlNode, count: YamlNode): YamlNode {
  const spec = member(root, "spec");
  if (root.kind !== "map" || spec?.kind !== "map" || isUnknown(spec)) return opened(root, ["spec", "replicas"]);
  return withMember(root, "spec", (map) => withValue(map as YamlMap, "replicas", count.at, count));
}

export interface Image {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly tagSuffix?: string;
  readonly digest?: string;
}

/** Images of containers, wherever an object has some; each stays in its place. */
export function withImage(root: YamlNode, image: Image): YamlNode {
  if (root.kind === "seq") return changedOnly(root, root.items.map((item) => withImage(item, image)));
  if (root.kind !== "map") return root;
  let next: YamlMap = root;
  for (const pair of root.pairs) {
    const { value } = pair;
    if (!value || value.kind === "scalar" || value.kind === "alias") continue;
    const isList = value.kind === "seq" && /^(?:init|ephemeral)?[cC]ontainers$/.test(keyOf(pair) ?? "");
    const result = isList ? changedOnly(value, value.items.map((item) => renamed(item, image))) : withImage(value, image);
    if (result !== value) next = withMember(next, keyOf(pair)!, () => result);
  }
  return next;
}

const changedOnly = (list: YamlSeq, all: readonly YamlNode[]): YamlSeq => (all.every((one, at) => one === list.items[at]) ? list : { ...list, items: all });

function renamed(container: YamlNode, { name, newName, newTag, tagSuffix, digest }: Image): YamlNode {
  const old = said(container, "image");
  if (old === undefined || container.kind !== "map") return container;
  // The name of an entry is a pattern; one that is more than a name is left to Kustomize.
  if (!/^[\w./:-]+$/.test(name)) return withMember(container, "image", unknown);
  const match = old.startsWith(name) ? /^(:[\w.{}-]*)?(@sha256:[\w.{}-]*)?$/.exec(old.slice(name.length)) : null;
  if (!match) return container;
  const tag = digest !== undefined ? "" : newTag !== undefined ? `:${newTag}` : tagSuffix !== undefined ? `${match[1] ?? ""}${tagSuffix}` : (match[1] ?? "");
  const hash = digest !== undefined ? `@${digest}` : newTag !== undefined ? "" : (match[2] ?? "");
  return withMember(container, "image", (value) => ({ ...(value as YamlScalar), value: `${newName ?? name}${tag}${hash}` }));
}

/** Whether an object is of a kind whose replicas a kustomization sets. */
export const isScaled = (root: YamlNode): boolean => /^(?:Deployment|ReplicationController|ReplicaSet|StatefulSet)$/.test(said(root, "kind") ?? "") && below(root, "spec") !== undefined;
