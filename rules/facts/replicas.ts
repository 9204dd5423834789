// Fact: how many replicas of a workload a manifest runs at most. A number that stands in no manifest is not stated.

import { objectId } from "../../engine/workload.ts";
import { items, lookup, pairs, scalar, text, type Found } from "../../engine/yaml/read.ts";
import { asNumber } from "../../engine/value.ts";
import type { Fact, FactKind, Scalar, Subject, Value, YamlDocument } from "../../engine/types.ts";

export const replicas: FactKind<Value<number>> = {
  id: "replicas",
  title: "Replicas",
  yaml: {
    mentions: [["replica", "Replica", "scale:", "count:"]],
    *find(document) {
      if (document.class === "k8s") yield* fromObject(document);
      else if (document.class === "compose") yield* fromCompose(document);
      else if (document.class === "kustomization") yield* fromKustomization(document);
      else if (document.class === "values-fragment" || document.class === "helm-values") yield* fromValues(document);
    },
  },
};

const scalable = new Set(["Deployment", "StatefulSet", "Rollout", "ReplicaSet", "DeploymentConfig"]);

function* fromObject(document: YamlDocument): Iterable<Fact<Value<number>>> {
  const { root } = document;
  const kind = text(scalar(document, root, "kind")) ?? "";
  const id = objectId(document);
  if (scalable.has(kind) && id) yield* number(scalar(document, root, "spec", "replicas"), { workload: id, names: [id.slice(id.indexOf("/") + 1)] });
  else if (kind === "HorizontalPodAutoscaler" || kind === "ScaledObject") {
    const target = text(scalar(document, root, "spec", "scaleTargetRef", "name"));
    const sort = text(scalar(document, root, "spec", "scaleTargetRef", "kind")) ?? "Deployment";
    if (target !== undefined) yield* number(scalar(document, root, "spec", kind === "ScaledObject" ? "maxReplicaCount" : "maxReplicas"), { workload: `${sort}/${target}`, names: [target] });
  }
}

function* fromCompose(document: YamlDocument): Iterable<Fact<Value<number>>> {
  for (const service of pairs(document, lookup(document, document.root, "services"))) {
    const of = { workload: `compose/${service.key}`, names: [service.key] };
    const deployed = scalar(document, service, "deploy", "replicas");
    yield* number("known" in deployed ? deployed : scalar(document, service, "scale"), of);
  }
}

function* fromKustomization(document: YamlDocument): Iterable<Fact<Value<number>>> {
  for (const one of items(document, lookup(document, document.root, "replicas"))) {
    const name = text(scalar(document, one, "name"));
    if (name !== undefined) yield* number(scalar(document, one, "count"), { names: [name] });
  }
}

/** Values of a chart: at their root, or beside the image that they scale. */
function* fromValues(document: YamlDocument): Iterable<Fact<Value<number>>> {
  const open: { found: Found; depth: number }[] = document.root ? [{ found: { node: document.root, origin: "own" }, depth: 0 }] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    const image = text(scalar(document, one.found, "image", "repository")) ?? text(scalar(document, one.found, "image"));
    if (one.depth === 0 || image !== undefined) {
      const of: Subject = image === undefined ? {} : { image };
      yield* number(scalar(document, one.found, "replicaCount"), of);
      yield* number(scalar(document, one.found, "replicas"), of);
      const scaled = scalar(document, one.found, "autoscaling", "enabled");
      if ("known" in scaled && scaled.known === true) yield* number(scalar(document, one.found, "autoscaling", "maxReplicas"), of);
    }
    if (one.depth < 4) for (const member of pairs(document, one.found)) if (member.node.kind === "map") open.push({ found: member, depth: one.depth + 1 });
  }
}

function* number(found: Value<Scalar>, of: Subject): Iterable<Fact<Value<number>>> {
  const value = asNumber(found);
  if ("known" in value && value.from[0]) yield { at: value.from[0], of, value };
}
