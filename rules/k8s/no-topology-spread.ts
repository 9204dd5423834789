// Several replicas, and nothing that keeps them on different nodes: one node may take all of them down.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { count } from "../../engine/quantity.ts";
import { printScalar } from "../../engine/yaml/scalar-text.ts";
import { absentProvable, lookup, pairs, scalar, trusted, type Found } from "../../engine/yaml/read.ts";
import { podPart, setByPatch } from "../facts/pod-part.ts";
import { autoscaler, leastReplicas } from "../facts/replica-minimum.ts";
import { knownPairs, runningPod, type RunningPod } from "../facts/running-pod.ts";
import type { Fix, Rule, YamlDocument } from "../../engine/types.ts";

export const noTopologySpread: Rule = {
  id: "k8s/no-topology-spread",
  title: "Replicas may share one node",
  why: `Replicas protect from the loss of a node only where they run on several. Without a spread constraint or an anti-affinity the scheduler falls back to its
own default, which is a preference and allows a skew of three pods per node: two or three replicas may start on one node, and its drain or crash
is an outage.
https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#internal-default-constraints`,
  check: {
    yaml: {
      mentions: [["kind"], ["replicas", "containers"]],
      reads: [autoscaler, podPart],
      *find(document, facts) {
        const pod = runningPod(document);
        if (!pod || !/^(Deployment|StatefulSet|Rollout|ReplicaSet|DeploymentConfig)$/.test(pod.kind) || !isFree(document, pod)) return;
        const replicas = leastReplicas(document, facts, pod);
        if (!replicas || replicas.least < 2 || setByPatch(document, facts, "topologySpreadConstraints") || setByPatch(document, facts, "affinity")) return;
        const name = lookup(document, document.root, "metadata", "name");
        const at = replicas.by === "replicas" ? replicas.at : name?.node.at;
        if (!at || !trusted(document, at)) return;
        const fix = fixFor(document, pod);
        yield {
          at,
          message: say`Nothing keeps ${count(replicas.least, "replica")} of ${pod.name} on different nodes`,
          ...(replicas.by === "autoscaler" ? { related: [{ at: replicas.at, message: say`The autoscaler keeps that many` }] } : {}),
          ...(fix ? { fixes: [fix] } : {}),
        };
      },
    },
  },
  examples: [
    {
      bad: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: 3
            ^ info: Nothing keeps 3 replicas of orders on different nodes
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - { name: orders, image: acme/orders }
`,
      fixed: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: 3
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app: orders
      containers:
        - { name: orders, image: acme/orders }
`,
    },
    {
      good: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: 1
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - { name: orders, image: acme/orders }
`,
    },
  ],
};

/** The scheduler chooses the nodes, and nothing tells it how. */
function isFree(document: YamlDocument, { spec }: RunningPod): boolean {
  if (!absentProvable(document, spec)) return false;
  if (["topologySpreadConstraints", "nodeName", "schedulerName"].some((key) => lookup(document, spec, key))) return false;
  if (pairs(document, lookup(document, spec, "nodeSelector")).some(({ key }) => key === "kubernetes.io/hostname")) return false;
  const affinity = lookup(document, spec, "affinity");
  return !affinity || "absent" in scalar(document, affinity, "podAntiAffinity");
}

/** A preference: pods start also where there is one node only. */
function fixFor(document: YamlDocument, { spec }: RunningPod): Fix | undefined {
  const labels: Found | undefined = lookup(document, document.root, "spec", "selector", "matchLabels");
  const known = labels && knownPairs(document, labels);
  if (!known || known.size === 0 || spec.origin !== "own" || spec.node.kind !== "map" || spec.node.flow) return undefined;
  const selected = [...known].map(([key, value]) => `      ${printScalar(key, false)}: ${printScalar(value, false)}\n`).join("");
  const value = `- maxSkew: 1\n  topologyKey: kubernetes.io/hostname\n  whenUnsatisfiable: ScheduleAnyway\n  labelSelector:\n    matchLabels:\n${selected}`;
  return { title: "Spread the replicas over nodes", safe: false, edits: [{ yaml: spec.node.at, insert: { key: "topologySpreadConstraints", value, before: "containers" } }] };
}
