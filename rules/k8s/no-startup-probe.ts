// Liveness counts from the first second of a container that starts slowly: it is restarted before it is done, again and again.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { lookup, type Found } from "../../engine/yaml/read.ts";
import { budgetOf, hasProbe, probeOf, type ContainerProbe } from "../facts/container-probe.ts";
import { podPart, setByPatch } from "../facts/pod-part.ts";
import { probeLike } from "../facts/probe-fix.ts";
import { containerName, imageIn, runningPod } from "../facts/running-pod.ts";
import { slowStart } from "../facts/slow-start.ts";
import type { Finding, Fix, Rule, YamlDocument } from "../../engine/types.ts";

/** A container that starts slowly needs more than this (s). */
const short = 60;
/** A delay from here on is a guess of the start time (s); from `ample` on the guess has room. */
const guess = 30;
const ample = 300;

export const noStartupProbe: Rule = {
  id: "k8s/no-startup-probe",
  title: "Slow start without a startup probe",
  why: `Liveness restarts a container that does not answer in time, also while it recovers its data, migrates a schema or waits for others. The restart
begins the same work anew, and the pod crashes in a loop on the day the start takes longest. A fixed initial delay is a guess of that day, and
leaves a dead container running as long after every start. A startup probe holds liveness back until the first success.
https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes`,
  check: {
    yaml: {
      mentions: [["livenessProbe"]],
      reads: [podPart],
      *find(document, facts) {
        const pod = runningPod(document);
        if (!pod || setByPatch(document, facts, "startupProbe") || setByPatch(document, facts, "livenessProbe")) return;
        for (const container of pod.containers) {
          const named = containerName(document, container);
          const liveness = probeOf(document, container, "livenessProbe");
          if (!named || !liveness || !imageIn(document, container) || hasProbe(document, container, "startupProbe") !== false) continue;
          const found = judge(document, container, named.name, liveness, pod.kind);
          const fix = found && fixFor(document, container, liveness);
          const key = liveness.found.pair?.key;
          if (found && key) yield { at: key.at, ...found, ...(fix ? { fixes: [fix] } : {}) };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- k8s/db.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: db
          image: postgres:16
          livenessProbe:
          ^^^^^^^^^^^^^ warning: Liveness restarts db 45 s after its start, while postgres recovers its data
            initialDelaySeconds: 15
            exec: { command: [pg_isready] }
`,
      fixed: files`
//- k8s/db.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: db
          image: postgres:16
          startupProbe:
            exec:
              command:
                - pg_isready
            periodSeconds: 10
            failureThreshold: 30
          livenessProbe:
            exec: { command: [pg_isready] }
`,
    },
    {
      good: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - name: orders
          image: acme/orders
          livenessProbe:
            initialDelaySeconds: 15
            httpGet: { path: /livez, port: 3000 }
`,
    },
  ],
};

function judge(document: YamlDocument, container: Found, name: string, liveness: ContainerProbe, kind: string): Pick<Finding, "message" | "variant"> | undefined {
  const delay = liveness.initialDelaySeconds;
  const failures = budgetOf(liveness);
  if (delay === undefined || failures === undefined) return undefined;
  const patience = delay + failures;
  const readiness = probeOf(document, container, "readinessProbe")?.initialDelaySeconds;
  if (patience < short) {
    const reason = slowStart(document, container);
    if (reason !== undefined) return { message: say`Liveness restarts ${name} ${duration(patience * 1000)} after its start, while ${reason}` };
    if (readiness !== undefined && readiness > patience) return { message: say`Liveness restarts ${name} ${duration(patience * 1000)} after its start, before readiness asks at ${duration(readiness * 1000)}` };
  }
  if (delay >= guess && delay < ample) return { variant: "delay", message: say`Liveness guesses that ${name} starts in ${duration(delay * 1000)}, and restarts what takes ${duration(patience * 1000)}` };
  // What it keeps on a volume grows, and is opened and migrated before it answers.
  if (kind === "StatefulSet" && patience < short) return { variant: "stateful", message: say`Liveness restarts ${name} ${duration(patience * 1000)} after its start, however long its state takes to open` };
  return undefined;
}

/** Five minutes for the start; then liveness counts at once. */
function fixFor(document: YamlDocument, container: Found, liveness: ContainerProbe): Fix | undefined {
  const insert = probeLike(document, container, liveness, "startupProbe", { periodSeconds: 10, failureThreshold: 30 });
  const delay = lookup(document, liveness.found, "initialDelaySeconds");
  if (!insert || (delay && delay.origin !== "own")) return undefined;
  return { title: "Add a startup probe of 5 min, and no delay for liveness", safe: false, edits: delay ? [insert, { yaml: delay.node.at, remove: true }] : [insert] };
}
