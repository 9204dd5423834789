// A selector that spreads a workload's replicas does not match them: it does nothing, and all of them may share a node.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { meets, podSelectors, workloadLabels, type Condition, type PodSelector } from "../facts/affinity-selector.ts";
import { nearLabel, type Label } from "../facts/near-label.ts";
import { podLabels, runningPod } from "../facts/running-pod.ts";
import type { Edit, Facts, Fix, Rule } from "../../engine/types.ts";

export const affinitySelectorMismatch: Rule = {
  id: "k8s/affinity-selector-mismatch",
  title: "Affinity selector does not match its own pods",
  why: `The scheduler counts pods that match the selector. When the workload's own pods do not carry the label, an anti-affinity or a spread constraint is met
everywhere and does nothing: all replicas may run on one node and go down with it. Nothing reports it.
https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity`,
  check: {
    yaml: {
      mentions: [["podAffinity", "podAntiAffinity", "topologySpreadConstraints"], ["labelSelector"]],
      reads: [workloadLabels],
      *find(document, facts) {
        const pod = runningPod(document);
        const labels = pod && podLabels(document, pod.template);
        if (!pod || !labels || labels.size === 0) return;
        for (const selector of podSelectors(document, pod.spec)) {
          const missed = selector.conditions.filter((one) => !added.test(one.key) && !meets(labels, one));
          const meant = missed.map((one) => nearLabel(labels, one, selector.kind));
          if (missed.length === 0 || meant.includes(undefined) || isForOthers(facts, selector, pod.id)) continue;
          const fix = fixFor(selector, missed, meant as Label[]);
          for (const [index, one] of missed.entries()) {
            const { key, value } = meant[index]!;
            yield {
              at: one.at,
              message: one.operator === "Exists"
                ? say`${selector.kind} selects ${one.key}, but the pod has ${key}`
                : say`${selector.kind} selects ${one.key}=${one.values.join("|")}, but the pod has ${key}=${value}`,
              ...(fix ? { fixes: [fix] } : {}),
            };
          }
        }
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
  selector: { matchLabels: { app.kubernetes.io/name: orders } }
  template:
    metadata: { labels: { app.kubernetes.io/name: orders } }
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  app: orders
                       ^^^^^^ warning: Anti-affinity selects app=orders, but the pod has app.kubernetes.io/name=orders
      containers: [{ name: orders, image: acme/orders }]
`,
      fixed: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: 3
  selector: { matchLabels: { app.kubernetes.io/name: orders } }
  template:
    metadata: { labels: { app.kubernetes.io/name: orders } }
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  app.kubernetes.io/name: orders
      containers: [{ name: orders, image: acme/orders }]
`,
    },
    {
      good: files`
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
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector: { matchLabels: { app: batch-import } }
      containers: [{ name: orders, image: acme/orders }]
`,
    },
  ],
};

/** Labels that controllers add to the pods they make. */
const added = /^(pod-template-hash|controller-revision-hash|rollouts-pod-template-hash|pod-template-generation|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|security\.istio\.io\/.*|service\.istio\.io\/.*)$/;

/** Pods of another workload match: affinity means them. A spread constraint that counts others' pods is wrong all the same. */
function isForOthers(facts: Facts, { kind, conditions }: PodSelector, id: string): boolean {
  if (kind === "Spread constraint") return false;
  return facts.everywhere(workloadLabels).some(({ value }) => value.id !== id && conditions.every((one) => meets(new Map(Object.entries(value.labels)), one)));
}

/** The pod's own labels in the selector. */
function fixFor({ conditions }: PodSelector, missed: readonly Condition[], meant: readonly Label[]): Fix | undefined {
  const edits: Edit[] = [];
  for (const [index, one] of missed.entries()) {
    const { key, value } = meant[index]!;
    if (!one.edit || (key !== one.key && conditions.some((other) => other.key === key))) return undefined;
    if (key !== one.key) edits.push({ yaml: one.edit.key, set: key });
    if (!one.values.includes(value)) edits.push({ yaml: one.edit.value, set: value });
  }
  return { title: `Select ${meant.map(({ key, value }) => `${key}=${value}`).join(", ")}`, safe: false, edits };
}
