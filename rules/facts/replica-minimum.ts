// Fact: an autoscaler keeps at least so many replicas of a workload. And the question how many replicas a workload has at the least.

import { appliedTogether } from "../../engine/unit.ts";
import { lookup, scalar, text, trusted } from "../../engine/yaml/read.ts";
import type { FactKind, Facts, Span, Value, YamlDocument } from "../../engine/types.ts";
import type { RunningPod } from "./running-pod.ts";
import { nameSymbol, symbol } from "./symbol.ts";

export interface Autoscaler {
  /** `Deployment/orders`, with the symbol of the name. */
  readonly target: string;
  readonly least: Value<number>;
}

export const autoscaler: FactKind<Autoscaler> = {
  id: "autoscaler",
  title: "Autoscaler of a workload",
  yaml: {
    mentions: [["scaleTargetRef"]],
    *find(document) {
      const said = (...keys: string[]) => text(scalar(document, document.root, ...keys));
      const kind = said("kind");
      if (document.class !== "k8s" || (kind !== "HorizontalPodAutoscaler" && kind !== "ScaledObject")) return;
      const name = symbol(lookup(document, document.root, "spec", "scaleTargetRef", "name"));
      const target = lookup(document, document.root, "spec", "scaleTargetRef");
      if (!target || name === undefined) return;
      const key = kind === "ScaledObject" ? "minReplicaCount" : "minReplicas";
      const least = scalar(document, document.root, "spec", key);
      const found = lookup(document, document.root, "spec", key);
      // Defaults: one for an HPA, none for KEDA. https://keda.sh/docs/latest/reference/scaledobject-spec/
      const value: Value<number> = "absent" in least ? { known: kind === "ScaledObject" ? 0 : 1, by: "default", from: [target.node.at] }
        : "known" in least && typeof least.known === "number" ? { known: least.known, by: "text", from: [found!.node.at] } : { unknown: "not a number" };
      yield { at: found?.node.at ?? target.node.at, value: { target: `${said("spec", "scaleTargetRef", "kind") ?? "Deployment"}/${name}`, least: value } };
    },
  },
};

export interface Replicas {
  readonly least: number;
  /** The number, in this document or in an autoscaler's. */
  readonly at: Span;
  readonly by: "replicas" | "autoscaler";
}

/** Undefined when it is not known. An autoscaler overrules what the workload says. */
export function leastReplicas(document: YamlDocument, facts: Facts, pod: RunningPod): Replicas | undefined {
  const target = `${pod.kind}/${nameSymbol(document)}`;
  const scaled = facts.everywhere(autoscaler).filter((one) => one.value.target === target && appliedTogether(document, one));
  if (scaled.length > 0) {
    const known = scaled.flatMap(({ at, value: { least } }) => ("known" in least ? [{ least: least.known, at }] : []));
    // Several autoscalers speak for several stages.
    const [smallest] = known.length === scaled.length ? known.sort((a, b) => a.least - b.least) : [];
    return smallest && { ...smallest, by: "autoscaler" };
  }
  const value = scalar(document, document.root, "spec", "replicas");
  return "known" in value && typeof value.known === "number" && trusted(document, value.from[0]!) ? { least: value.known, at: value.from[0]!, by: "replicas" } : undefined;
}
