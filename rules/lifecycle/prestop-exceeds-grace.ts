// The preStop hook sleeps through the grace period: the process is killed before it hears SIGTERM.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { appContainers, podOf } from "../../engine/workload.ts";
import { lookup, text, trusted, type Found } from "../../engine/yaml/read.ts";
import { graceOf, sleepOf, type Grace, type Sleep } from "../facts/prestop-sleep.ts";
import type { Fix, Rule, YamlDocument } from "../../engine/types.ts";

/** A hook that takes a larger share of the grace period leaves too little. */
const tight = 0.8;
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
        // The pod of a job ends by itself.
        const pod = document.class === "k8s" && !/Job$/.test(text(lookup(document, document.root, "kind")) ?? "") ? podOf(document) : undefined;
        const grace = pod && graceOf(document, pod);
        if (!pod || !grace) return;
        const sleeps = appContainers(document, pod).flatMap((container) => sleepOf(document, container) ?? []);
        const longest = Math.max(...sleeps.map((one) => one.seconds));
        for (const sleep of sleeps) {
          if (!trusted(document, sleep.at) || sleep.seconds <= tight * grace.seconds) continue;
          yield {
            at: sleep.at,
            message: sleep.seconds >= grace.seconds
              ? say`preStop sleeps ${duration(sleep.seconds * 1000)} of a grace period of ${duration(grace.seconds * 1000)}: no time is left to drain`
              : say`preStop sleeps ${duration(sleep.seconds * 1000)} of a grace period of ${duration(grace.seconds * 1000)}`,
            ...(sleep.seconds >= grace.seconds ? {} : { variant: "tight" }),
            ...(grace.at ? { related: [{ at: grace.at, message: say`Grace period is set here` }] } : {}),
            fixes: fixesFor(document, pod, grace, sleep, longest),
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
  if (sleep.five !== undefined && grace.seconds * tight >= 5) fixes.push({ title: "Sleep 5 s", safe: false, edits: [{ yaml: sleep.at, set: sleep.five }] });
  return fixes;
}
