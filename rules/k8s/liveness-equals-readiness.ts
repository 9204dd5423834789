// Liveness asks what readiness asks, and as impatiently: a pod that only had to leave the rotation is restarted.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { lookup } from "../../engine/yaml/read.ts";
import { budgetOf, hasProbe, probeOf, type ContainerProbe } from "../facts/container-probe.ts";
import { podPart, setByPatch } from "../facts/pod-part.ts";
import { containerName, runningPod } from "../facts/running-pod.ts";
import type { Edit, Fix, Rule, YamlDocument } from "../../engine/types.ts";

/** Liveness with at least this many times the patience of readiness is an accepted pattern. */
const accepted = 2;

export const livenessEqualsReadiness: Rule = {
  id: "k8s/liveness-equals-readiness",
  title: "Liveness and readiness ask the same",
  why: `Readiness may fail for a while: the pod is overloaded or waits for a dependency, and leaves the rotation until it recovers. When liveness asks the
same and gives up as early, the pod is killed instead, its connections and caches are lost, and the load falls on pods that soon fail the same way.
https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/`,
  check: {
    yaml: {
      mentions: [["livenessProbe"], ["readinessProbe"]],
      reads: [podPart],
      *find(document, facts) {
        const pod = runningPod(document);
        if (!pod || setByPatch(document, facts, "livenessProbe") || setByPatch(document, facts, "readinessProbe")) return;
        for (const container of pod.containers) {
          const named = containerName(document, container);
          const liveness = probeOf(document, container, "livenessProbe");
          const readiness = probeOf(document, container, "readinessProbe");
          const [slow, fast] = [liveness && budgetOf(liveness), readiness && budgetOf(readiness)];
          if (!named || !liveness?.handler || !readiness?.handler || slow === undefined || fast === undefined) continue;
          if (liveness.handler.asks !== readiness.handler.asks || slow > accepted * fast) continue;
          // What starts slowly, and is not judged while it starts, has that much more patience.
          const guarded = hasProbe(document, container, "startupProbe") !== false;
          if (slow > fast && guarded) continue;
          // One map for both: what changes one of them changes the other.
          const fix = liveness.found.node === readiness.found.node ? undefined : fixFor(document, liveness, fast);
          yield {
            at: readiness.handler.found.node.at,
            message: slow > fast
              ? say`Liveness asks what readiness asks: restarted after ${duration(slow * 1000)}, unready after ${duration(fast * 1000)}`
              : say`Liveness asks what readiness asks, and restarts the container after ${duration(slow * 1000)} of the same failures`,
            ...(liveness.handler.kind === "tcpSocket" ? { variant: "tcp" } : slow > fast ? { variant: "close" } : {}),
            related: [{ at: liveness.handler.found.node.at, message: say`Liveness of ${named.name}` }],
            ...(fix ? { fixes: [fix] } : {}),
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
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - name: orders
          image: acme/orders
          livenessProbe:
            httpGet: { path: /health, port: 3000 }
          readinessProbe:
            httpGet: { path: /health, port: 3000 }
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info: Liveness asks what readiness asks, and restarts the container after 30 s of the same failures
`,
      fixed: files`
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
            httpGet: { path: /health, port: 3000 }
            failureThreshold: 7
          readinessProbe:
            httpGet: { path: /health, port: 3000 }
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
            httpGet: { path: /health, port: 3000 }
            periodSeconds: 20
          readinessProbe:
            httpGet: { path: /health, port: 3000 }
            periodSeconds: 5
`,
    },
  ],
};

/** More patience for liveness: the pod has time to recover while it is out of the rotation. */
function fixFor(document: YamlDocument, { found, periodSeconds }: ContainerProbe, readiness: number): Fix | undefined {
  if (periodSeconds === undefined || periodSeconds <= 0 || found.origin !== "own") return undefined;
  const failures = Math.max(6, Math.floor((accepted * readiness) / periodSeconds) + 1);
  const set = lookup(document, found, "failureThreshold");
  if (set && set.origin !== "own") return undefined;
  const edit: Edit = set ? { yaml: set.node.at, set: failures } : { yaml: found.node.at, insert: { key: "failureThreshold", value: failures } };
  return { title: `Let liveness fail ${failures} times`, safe: false, edits: [edit] };
}
