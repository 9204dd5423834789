// The process gives itself more time to stop than the deployment gives it: it is killed in the middle of its shutdown.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { drainTime } from "../facts/drain-time.ts";
import { gracePeriod, type GracePeriod } from "../facts/grace-period.ts";
import type { Facts, Finding, Fix, Known, Linked, Message, Rule } from "../../engine/types.ts";

/** What is left between the end of a shutdown and the kill after a fix (ms). */
const margin = 5_000;

type Drain = Linked<Known<number> & { readonly library?: string }>;

export const shutdownExceedsGrace: Rule = {
  id: "lifecycle/shutdown-exceeds-grace",
  title: "Shutdown takes longer than the grace period",
  why: `Kubernetes sends SIGTERM after the preStop hook and SIGKILL when the grace period, hook included, is over (30 s by default); docker compose waits 10 s.
A shutdown that may take longer is killed in the middle: the last requests are cut off, nothing is deregistered or committed, and the timer that should
have ended it in order never fires. https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow,
https://docs.docker.com/reference/compose-file/services/#stop_grace_period.`,
  check: {
    yaml: {
      mentions: [["containers", "services", "terminationGracePeriodSeconds"]],
      reads: [gracePeriod, drainTime],
      *find(document, facts) {
        for (const grace of facts.in(document.path, gracePeriod)) {
          if (document.at.start <= grace.at.start && grace.at.end <= document.at.end) yield* judge(grace, facts);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/stop.ts
import { server } from "./server";
process.once("SIGTERM", () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 60_000).unref();
});
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    metadata: { labels: { app: orders } }
    spec:
      terminationGracePeriodSeconds: 45
                                     ^^ warning: Shutdown may take 60 s, the pod is killed after 45 s
      containers: [{ name: orders, image: acme/orders }]
`,
      fixed: files`
//- src/stop.ts
import { server } from "./server";
process.once("SIGTERM", () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 60_000).unref();
});
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    metadata: { labels: { app: orders } }
    spec:
      terminationGracePeriodSeconds: 65
      containers: [{ name: orders, image: acme/orders }]
`,
    },
    {
      good: files`
//- src/stop.ts
import { server } from "./server";
process.once("SIGTERM", () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 25_000).unref();
});
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers: [{ name: orders, image: acme/orders }]
`,
    },
  ],
};

function* judge(grace: Linked<GracePeriod>, facts: Facts): Iterable<Finding> {
  // What ends the process first counts, and of several processes the one that is quickest: more is not proven.
  const [drain] = (facts.beside(grace, drainTime) as readonly Drain[]).toSorted((a, b) => a.value.known - b.value.known);
  const { value } = grace;
  if (!drain || !Number.isFinite(drain.value.known) || drain.value.known + value.preStop < value.ms) return;
  // An overlay may set what this manifest leaves to the default.
  if (!value.explicit && facts.beside(grace, gracePeriod).some((one) => one.value.workload === value.workload && one.value.explicit)) return;
  const variant = drain.value.library !== undefined ? "implicit" : value.by === "compose" && !value.explicit ? "compose" : undefined;
  const fixes = fixesFor(value, drain);
  yield {
    at: grace.at,
    message: message(value, drain),
    ...(variant ? { variant } : {}),
    related: [{ at: drain.at, message: say`Shutdown may take ${duration(drain.value.known)} here`, mirror: true }],
    ...(fixes.length ? { fixes } : {}),
  };
}

function message({ ms, by, explicit, preStop }: GracePeriod, { value }: Drain): Message {
  const killed = `${by === "compose" ? "container" : "pod"} is killed after ${duration(ms)}${explicit ? "" : " by default"}`;
  if (value.library !== undefined) return say`${value.library} waits ${duration(value.known)} by default, the ${killed}`;
  if (preStop > 0) return say`preStop (${duration(preStop)}) and shutdown (${duration(value.known)}) take too long: the ${killed}`;
  return say`Shutdown may take ${duration(value.known)}, the ${killed}`;
}

/** More time for the pod, or less for the shutdown. */
function fixesFor({ edit, by, ms, preStop }: GracePeriod, { at, value }: Drain): Fix[] {
  const seconds = Math.ceil((preStop + value.known + margin) / 1000);
  const [key, text] = by === "compose" ? (["stop_grace_period", `${seconds}s`] as const) : (["terminationGracePeriodSeconds", seconds] as const);
  const rest = ms - preStop - margin;
  const fixes: Fix[] = [];
  if (edit) fixes.push({ title: `Set ${key} to ${text}`, safe: false, edits: ["set" in edit ? { yaml: edit.set, set: text } : { yaml: edit.insert, insert: { key, value: text, ...(by === "compose" ? {} : { before: "containers" }) } }] });
  const [written] = value.from;
  // Several pauses together stand at no single place.
  if (value.by === "text" && rest > 0 && written && written.start !== at.start) fixes.push({ title: `Shut down within ${duration(rest)}`, safe: false, edits: [{ at: written, duration: rest }] });
  return fixes;
}
