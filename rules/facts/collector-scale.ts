// Fact: a workload that may run a collector, how often, with how much memory, and the configuration it mounts. Question: on what does a configuration run?

import { count, parseSize } from "../../engine/quantity.ts";
import { folder, join } from "../../engine/resolve.ts";
import { objectId, podOf } from "../../engine/workload.ts";
import { items, lookup, pairs, scalar, text, type From } from "../../engine/yaml/read.ts";
import type { CollectorConfig } from "./collector-config.ts";
import type { FactKind, Facts, Linked, Span, YamlDocument } from "../../engine/types.ts";

export interface Scale {
  /** `3 replicas`, `one on each node`. */
  readonly words: string;
  readonly at: Span;
  /** The scalar to set to 1; it stands in a file of its own. */
  readonly replicas?: Span;
}

export interface CollectorScale {
  readonly scale?: Scale;
  /** `Deployment/collector`. */
  readonly workload: string;
  /** ConfigMaps that its pods mount. */
  readonly configMaps: readonly string[];
  /** Files that it mounts, as paths of the workspace. */
  readonly mounts: readonly string[];
  /** The workload that an autoscaler of this document scales. */
  readonly scales?: string;
  /** Bytes at which its container is killed. */
  readonly memory?: number;
}

export const collectorScale: FactKind<CollectorScale> = {
  id: "collector-scale",
  title: "Instances of a workload",
  yaml: {
    mentions: [["configMap", "volumes", "scaleTargetRef"]],
    *find(document) {
      if (document.class === "compose") {
        for (const service of pairs(document, lookup(document, document.root, "services"))) {
          const scale = replicasOf(document, service, ["deploy", "replicas"]) ?? replicasOf(document, service, ["scale"]);
          const mounts = items(document, lookup(document, service, "volumes")).map((one) => text(lookup(document, one, "source")) ?? (text(one) ?? "").split(":")[0]!).filter((path) => /^\.{0,2}\//.test(path));
          const memory = bytesOf(document, service, ["deploy", "resources", "limits", "memory"], "compose") ?? bytesOf(document, service, ["mem_limit"], "compose");
          if (scale || (memory !== undefined && mounts.length > 0)) yield { at: scale?.at ?? service.pair.key.at, value: { ...(scale ? { scale } : {}), workload: `compose/${service.key}`, configMaps: [], mounts: mounts.map((path) => join(folder(document.path), path)), ...(memory === undefined ? {} : { memory }) } };
        }
        return;
      }
      const id = document.class === "k8s" ? objectId(document) : undefined;
      if (!id || !document.root) return;
      const target = lookup(document, document.root, "spec", "scaleTargetRef");
      if (target) {
        const scale = replicasOf(document, document.root, ["spec", "maxReplicas"], "up to ");
        if (scale) yield { at: scale.at, value: { scale, workload: id, configMaps: [], mounts: [], scales: `${text(lookup(document, target, "kind"))}/${text(lookup(document, target, "name"))}` } };
        return;
      }
      const pod = podOf(document);
      if (!pod || /^(Job|CronJob|Pod)\//.test(id)) return;
      const volumes = items(document, lookup(document, pod, "spec", "volumes"));
      const configMaps = volumes.flatMap((one) => [lookup(document, one, "configMap", "name"), ...items(document, lookup(document, one, "projected", "sources")).map((source) => lookup(document, source, "configMap", "name"))]).map((one) => text(one)).filter((name) => name !== undefined);
      const kind = lookup(document, document.root, "kind")!;
      const scale = id.startsWith("DaemonSet/") ? { words: "one on each node", at: kind.node.at } : replicasOf(document, document.root, ["spec", "replicas"]);
      const containers = items(document, lookup(document, pod, "spec", "containers"));
      const [collector, ...others] = containers.length === 1 ? containers : containers.filter((one) => /otel|collector/i.test(`${text(lookup(document, one, "name"))} ${text(lookup(document, one, "image"))}`));
      const memory = others.length === 0 ? bytesOf(document, collector, ["resources", "limits", "memory"], "k8s") : undefined;
      yield { at: document.root.at, value: { workload: id, configMaps, mounts: [], ...(scale ? { scale } : {}), ...(memory === undefined ? {} : { memory }) } };
    },
  },
};

/** More than one at a path of keys. */
function replicasOf(document: YamlDocument, from: From, keys: readonly string[], upTo = ""): Scale | undefined {
  const value = scalar(document, from, ...keys);
  if (!("known" in value) || typeof value.known !== "number" || value.known < 2) return undefined;
  return { words: `${upTo}${count(value.known, "replica")}`, at: value.from[0]!, ...(upTo ? {} : { replicas: value.from[0]! }) };
}

function bytesOf(document: YamlDocument, from: From, keys: readonly string[], by: "k8s" | "compose"): number | undefined {
  const said = scalar(document, from, ...keys);
  return "known" in said && (typeof said.known === "string" || typeof said.known === "number") ? parseSize(said.known, by) : undefined;
}

/** Bytes at which the collector of this configuration is killed; undefined when nothing says it, or when it runs in several places. */
export function memoryOf(outer: YamlDocument, config: CollectorConfig, facts: Facts): number | undefined {
  if (config.holder) return bytesOf(outer, config.holder, ["resources", "limits", "memory"], "k8s");
  const running = runningWith(outer, config, facts);
  return new Set(running.map((one) => one.value.workload)).size === 1 ? running[0]!.value.memory : undefined;
}

/** The workloads that mount a configuration. */
function runningWith(outer: YamlDocument, config: CollectorConfig, facts: Facts): readonly Linked<CollectorScale>[] {
  const name = config.isEmbedded && outer.class === "k8s" ? text(lookup(outer, outer.root, "metadata", "name")) : undefined;
  return facts.everywhere(collectorScale).filter((one) => (name === undefined ? one.value.mounts.includes(outer.path) : one.value.configMaps.includes(name) && folder(one.at.file) === folder(outer.path)));
}

/** Undefined when it runs once, or when it is not known where it runs. */
export function scaleOf(outer: YamlDocument, config: CollectorConfig, facts: Facts): Scale | undefined {
  const { holder } = config;
  if (holder) {
    const mode = lookup(outer, holder, "mode");
    if (/^(daemonset|sidecar)$/i.test(text(mode) ?? "")) return { words: text(mode) === "sidecar" ? "one in each pod" : "one on each node", at: mode!.node.at };
    const scaler = text(lookup(outer, holder, "autoscaling", "enabled")) === "false" ? undefined : replicasOf(outer, holder, ["autoscaler", "maxReplicas"], "up to ") ?? (text(lookup(outer, holder, "autoscaling", "enabled")) === "true" ? replicasOf(outer, holder, ["autoscaling", "maxReplicas"], "up to ") : undefined);
    return scaler ?? replicasOf(outer, holder, ["replicas"]) ?? replicasOf(outer, holder, ["replicaCount"]);
  }
  const all = facts.everywhere(collectorScale);
  const running = runningWith(outer, config, facts);
  const workloads = new Set(running.map((one) => one.value.workload));
  const scaled = all.filter((one) => one.value.scales !== undefined && workloads.has(one.value.scales) && folder(one.at.file) === folder(outer.path));
  return [...running, ...scaled].map((one) => one.value.scale).find((one) => one !== undefined);
}
