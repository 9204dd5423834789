// Strategic merge patches: maps are merged, lists by the keys that the Kubernetes API gives them, everything else is replaced. Trees in, tree out.
// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md

import { isUnknown, keyOf, listOf, member, pairOf, said, taken, unknown, withValue, withoutKey } from "./tree.ts";
import type { Span, YamlMap, YamlNode, YamlScalar, YamlSeq } from "../types.ts";

/** What a patch is told of the object, and tells of what it takes away. */
export interface Merging {
  readonly kind: string;
  /** Whether its lists are merged as the API server merges them; those of custom resources are replaced. Undefined where it depends on the version of Kustomize. */
  readonly isBuiltin: boolean | undefined;
  readonly removed: Span[];
}

/** The object with a patch; undefined when the patch deletes it. */
export function strategicMerge(root: YamlNode, patch: YamlNode, merging: Merging): YamlNode | undefined {
  return merged(root, patch, "", merging);
}

function merged(node: YamlNode, patch: YamlNode, path: string, merging: Merging): YamlNode | undefined {
  if (isUnknown(node)) return node;
  if (patch.kind === "map" && (node.kind === "map" || isNull(node))) return mergedMap(node.kind === "map" ? node : { ...patch, pairs: [] }, patch, path, merging);
  if (node.kind === "seq" && patch.kind === "seq") return mergedList(node, patch, path, merging);
  // What a patch repeats, the object says.
  if (patch.kind === "scalar" && node.kind === "scalar" && patch.value === node.value) return node;
  if (patch.kind === "scalar" && node.kind === "scalar") return typeof node.value === "string" && patch.style === "plain" ? asText(patch) : patch;
  return isNull(node) ? added(patch) : unknown(node);
}

/** What stands in the place of a text is written as text. */
function asText({ legacy: _, ...patch }: YamlScalar): YamlScalar {
  return { ...patch, value: patch.value === null ? null : String(patch.value), style: "double" };
}

function mergedMap(map: YamlMap, patch: YamlMap, path: string, merging: Merging): YamlNode | undefined {
  const directive = said(patch, "$patch");
  if (directive === "delete") return merging.removed.push(patch.at), undefined;
  if (directive === "replace") return merging.removed.push(patch.at), { ...(added(withoutKey(patch, "$patch")) as YamlMap), open: taken };
  if ((directive !== undefined && directive !== "merge") || patch.pairs.some((pair) => keyOf(pair)?.startsWith("$") && keyOf(pair) !== "$patch")) return unknown(map);
  let next = map;
  for (const pair of withoutKey(patch, "$patch").pairs) {
    const key = keyOf(pair);
    if (key === undefined || !pair.value) return unknown(map);
    const old = member(next, key);
    const result = isNull(pair.value) ? undefined : old && !isNull(old) ? merged(old, pair.value, path === "" ? key : `${path}/${key}`, merging) : added(pair.value);
    if (result) next = old === undefined ? { ...next, pairs: [...next.pairs, pairOf(key, pair.key.at, result)] } : withValue(next, key, pair.key.at, result);
    else if (old !== undefined) {
      if (isNull(pair.value)) merging.removed.push(pair.value.at);
      next = { ...withoutKey(next, key), open: taken };
    }
  }
  return next;
}

function mergedList(list: YamlSeq, patch: YamlSeq, path: string, merging: Merging): YamlNode | undefined {
  const known = keysOf(path, merging.kind);
  if (known && merging.isBuiltin === undefined) return unknown(list);
  const keys = merging.isBuiltin ? known : undefined;
  const replaces = patch.items.find((one) => said(one, "$patch") === "replace");
  if (replaces) return merging.removed.push(replaces.at), { ...(added(listOf(patch, patch.items.filter((one) => one !== replaces))) as YamlSeq), open: taken };
  if (!keys) return added(patch);
  const [first, second] = keys;
  const all = [...list.items, ...patch.items];
  if (all.some((one) => one.kind !== "map" || isUnknown(one) || said(one, first!) === undefined) || patch.items.length === 0) return unknown(list);
  // `protocol` may be left out, and what that means to whom is a long story.
  if (second !== undefined && all.some((one) => all.some((other) => said(one, first!) === said(other, first!) && said(one, second) !== said(other, second)))) return unknown(list);
  const id = (one: YamlNode) => keys.map((key) => said(one, key)).join("\0");
  if ([list, patch].some(({ items }) => new Set(items.map(id)).size < items.length)) return unknown(list);
  const rest = new Map(list.items.map((one) => [id(one), one]));
  // What a patch names comes first, in its order.
  const front = patch.items.flatMap((one) => {
    const old = rest.get(id(one));
    rest.delete(id(one));
    return (old ? merged(old, one, `${path}/*`, merging) : added(one)) ?? [];
  });
  const whole = listOf(list, [...front, ...rest.values()]);
  return patch.items.some((one) => said(one, "$patch") === "delete") ? { ...whole, open: taken } : whole;
}

/** What a patch adds: directives and nulls say nothing where there is nothing. */
function added(node: YamlNode): YamlNode | undefined {
  if (node.kind === "map") {
    if (said(node, "$patch") === "delete") return undefined;
    const pairs = node.pairs.flatMap((pair) => {
      const value = pair.value && !isNull(pair.value) && !keyOf(pair)?.startsWith("$") ? added(pair.value) : undefined;
      return value ? [{ ...pair, value }] : [];
    });
    return { ...node, pairs };
  }
  return node.kind === "seq" ? listOf(node, node.items.flatMap((one) => added(one) ?? [])) : node;
}

export const isNull = (node: YamlNode): boolean => node.kind === "scalar" && node.value === null && node.open === undefined;

/** Merge keys of lists, from `x-kubernetes-patch-merge-key` and `x-kubernetes-list-map-keys` of https://github.com/kubernetes/kubernetes/blob/master/api/openapi-spec/swagger.json */
const inPod: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"], volumes: ["name"], imagePullSecrets: ["name"], hostAliases: ["ip"], topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
  resourceClaims: ["name"], schedulingGates: ["name"], "containers/*/env": ["name"], "containers/*/ports": ["containerPort", "protocol"],
  "containers/*/volumeMounts": ["mountPath"], "containers/*/volumeDevices": ["devicePath"],
};
const byKind: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Service: { "spec/ports": ["port", "protocol"] },
  ServiceAccount: { secrets: ["name"] },
  MutatingWebhookConfiguration: { webhooks: ["name"] },
  ValidatingWebhookConfiguration: { webhooks: ["name"] },
};

function keysOf(path: string, kind: string): readonly string[] | undefined {
  const pod = podPath(kind);
  if (path.startsWith(`${pod}/`)) return inPod[path.slice(pod.length + 1).replace(/^(?:init|ephemeral)Containers/, "containers")];
  return path === "metadata/ownerReferences" ? ["uid"] : path === "metadata/finalizers" ? [] : byKind[kind]?.[path];
}

/** Where the pod stands in an object that makes pods. */
export function podPath(kind: string): string {
  return kind === "Pod" ? "spec" : kind === "CronJob" ? "spec/jobTemplate/spec/template/spec" : kind === "PodTemplate" ? "template/spec" : "spec/template/spec";
}
