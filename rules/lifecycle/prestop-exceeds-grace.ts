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

interface Grace {
  readonly seconds: number;
  /** Undefined: the default holds. */
  readonly at?: Span;
}

function graceOf(document: YamlDocument, pod: Found): Grace | undefined {
  const found = scalar(document, pod, "spec", "terminationGracePeriodSeconds");
  if ("absent" in found) return { seconds: defaultGrace };
  return "known" in found && typeof found.known === "number" ? { seconds: found.known, at: found.from[0]! } : undefined;
}

/** Seconds that the hook sleeps: `sleep.seconds`, or the first `sleep N` of its command. */
function sleepOf(document: YamlDocument, container: Found): { seconds: number; at: Span } | undefined {
  const native = scalar(document, container, "lifecycle", "preStop", "sleep", "seconds");
  if ("known" in native) return typeof native.known === "number" ? { seconds: native.known, at: native.from[0]! } : undefined;
  const words = items(document, lookup(document, container, "lifecycle", "preStop", "exec", "command"));
  for (const [index, word] of words.entries()) {
    const said = text(word);
    const next = words[index + 1];
    if (said !== undefined && /(^|\/)sleep$/.test(said)) {
      const seconds = next && inSeconds(text(next) ?? "");
      return seconds === undefined ? undefined : { seconds, at: next!.node.at };
    }
    const inline = /(?:^|[;&|\s])(?:\/bin\/)?sleep\s+([^\s;&|]+)/.exec(said ?? "");
    if (inline) {
      const seconds = inSeconds(inline[1]!);
      return seconds === undefined ? undefined : { seconds, at: word.node.at };
    }
  }
  return undefined;
}

function inSeconds(said: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([sm]?)$/.exec(said);
  return match ? Number(match[1]) * (match[2] === "m" ? 60 : 1) : undefined;
}

function fixesFor(document: YamlDocument, pod: Found, grace: Grace, sleep: number): Fix[] {
  const spec = lookup(document, pod, "spec");
  const seconds = Math.ceil(sleep) + drain;
  const title = `Set terminationGracePeriodSeconds to ${seconds}`;
  if (grace.at) return [{ title, safe: false, edits: [{ yaml: grace.at, set: seconds }] }];
  return spec && spec.origin === "own" ? [{ title, safe: false, edits: [{ yaml: spec.node.at, insert: { key: "terminationGracePeriodSeconds", value: seconds, before: "containers" } }] }] : [];
}
