// The preStop hook sleeps through the grace period: the process is killed before it hears SIGTERM.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { appContainers, podOf } from "../../engine/workload.ts";
import { items, lookup, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { Fix, Rule, Span, YamlDocument } from "../../engine/types.ts";

/** Kubernetes' default grace period (s): https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow */
const defaultGrace = 30;
/** What a process needs after the hook to drain (s). */
const drain = 30;

export const prestopExceedsGrace: Rule = {
  id: "lifecycle/prestop-exceeds-grace",
  title: "preStop hook uses up the grace period",
  why: `The grace period starts before the preStop hook and includes it. When the hook takes all of it, SIGTERM comes as the period ends and SIGKILL
two seconds later: the process cannot finish its requests, deregister or commit offsets, and every rollout drops work.
https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow`,
  check: {
    yaml: {
      mentions: [["preStop"]],
      reads: [],
      *find(document) {
        const pod = document.class === "k8s" && text(lookup(document, document.root, "kind")) !== "Job" ? podOf(document) : undefined;
        if (!pod) return;
        const grace = graceOf(document, pod);
        if (!grace) return;
        for (const container of appContainers(document, pod)) {
          const sleep = sleepOf(document, container);
          if (!sleep || !trusted(document, sleep.at) || sleep.seconds <= 0.8 * grace.seconds) continue;
          yield {
            at: sleep.at,
            message: sleep.seconds >= grace.seconds
              ? say`preStop sleeps ${duration(sleep.seconds * 1000)} of a grace period of ${duration(grace.seconds * 1000)}: no time is left to drain`
              : say`preStop sleeps ${duration(sleep.seconds * 1000)} of a grace period of ${duration(grace.seconds * 1000)}`,
            ...(sleep.seconds >= grace.seconds ? {} : { variant: "tight" }),
            ...(grace.at ? { related: [{ at: grace.at, message: say`Grace period is set here` }] } : {}),
            fixes: fixesFor(document, pod, grace, sleep.seconds),
          };
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
  template:
    spec:
      terminationGracePeriodSeconds: 60
      containers:
        - name: orders
          image: acme/orders
          lifecycle:
            preStop:
              exec:
                command: ["sleep", "60"]
                                   ^^^^ error: preStop sleeps 60 s of a grace period of 60 s: no time is left to drain
`,
      fixed: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 90
      containers:
        - name: orders
          image: acme/orders
          lifecycle:
            preStop:
              exec:
                command: ["sleep", "60"]
`,
    },
    {
      good: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 90
      containers:
        - name: orders
          image: acme/orders
          lifecycle:
            preStop:
              exec:
                command: ["sleep", "60"]
`,
    },
  ],
};

/** More time for the pod, with room for the longest of its hooks; or a hook that only waits for endpoints to be removed. */
function fixesFor(document: YamlDocument, pod: Found, grace: Grace, sleep: Sleep, longest: number): Fix[] {
  const spec = lookup(document, pod, "spec");
  const seconds = Math.max(Math.ceil(longest) + drain, Math.ceil(longest / tight));
  const title = `Set terminationGracePeriodSeconds to ${seconds}`;
  const fixes: Fix[] = [];
  if (grace.at) fixes.push({ title, safe: false, edits: [{ yaml: grace.at, set: seconds }] });
  else if (spec && spec.origin === "own") fixes.push({ title, safe: false, edits: [{ yaml: spec.node.at, insert: { key: "terminationGracePeriodSeconds", value: seconds, before: "containers" } }] });
  if (sleep.alone && grace.seconds * tight >= 5) fixes.push({ title: "Sleep 5 s", safe: false, edits: [{ yaml: sleep.at, set: document.text.slice(sleep.at.start, sleep.at.end).match(/^["']|[sm]$/) ? "5" : 5 }] });
  return fixes;
}
