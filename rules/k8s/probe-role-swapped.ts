// A probe asks the endpoint of the other: readiness ignores what it is for, and liveness restarts pods because of a dependency.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { text, type Found } from "../../engine/yaml/read.ts";
import { probeOf } from "../facts/container-probe.ts";
import { podPart, setByPatch } from "../facts/pod-part.ts";
import { runningPod } from "../facts/running-pod.ts";
import type { Fix, Rule, Span } from "../../engine/types.ts";

export const probeRoleSwapped: Rule = {
  id: "k8s/probe-role-swapped",
  title: "Probe asks the endpoint of another probe",
  why: `A readiness endpoint says no while a dependency is away. Asked by liveness, it restarts every pod in that moment, and none of them can help it.
A liveness endpoint says yes as soon as the process runs. Asked by readiness, it lets requests in before the pod can answer them.
https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/`,
  check: {
    yaml: {
      mentions: [["livenessProbe", "readinessProbe"], ["path"]],
      reads: [podPart],
      *find(document, facts) {
        const pod = runningPod(document);
        if (!pod || setByPatch(document, facts, "path")) return;
        for (const container of pod.containers) {
          const liveness = asked(probeOf(document, container, "livenessProbe")?.handler?.path);
          const readiness = asked(probeOf(document, container, "readinessProbe")?.handler?.path);
          if (liveness && readiness && liveness.path === readiness.path) continue;
          const isLate = liveness !== undefined && ready.test(liveness.path);
          const isEarly = readiness !== undefined && alive.test(readiness.path);
          // Beside a liveness probe of a readiness endpoint, a general health endpoint is the one meant for liveness.
          const swapped = isLate && readiness !== undefined && (isEarly || general.test(readiness.path));
          const fixes = swapped && liveness.own && readiness.own ? [swap(liveness, readiness)] : [];
          if (isLate) yield { at: liveness.at, message: say`The liveness probe asks ${liveness.path}: the pod is restarted when it is only not ready`, fixes };
          if (isEarly || swapped) yield { at: readiness!.at, message: say`The readiness probe asks ${readiness!.path}: the pod gets requests as soon as it runs`, fixes };
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
          readinessProbe:
            httpGet: { path: /livez, port: 3000 }
                             ^^^^^^ warning: The readiness probe asks /livez: the pod gets requests as soon as it runs
          livenessProbe:
            httpGet: { path: /readyz, port: 3000 }
                             ^^^^^^^ warning: The liveness probe asks /readyz: the pod is restarted when it is only not ready
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
          readinessProbe:
            httpGet: { path: /readyz, port: 3000 }
          livenessProbe:
            httpGet: { path: /livez, port: 3000 }
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
          readinessProbe:
            httpGet: { path: /ready/deep, port: 3000 }
          livenessProbe:
            httpGet: { path: /health, port: 3000 }
`,
    },
  ],
};

/** By the last part of the path: `/-/ready`, `/actuator/health/readiness`. */
const ready = /\/(ready|readyz|readiness)$/i;
const alive = /\/(live|livez|liveness|alive)$/i;
const general = /\/(health|healthz|healthy|status|ping)$/i;

interface Asked {
  readonly path: string;
  readonly at: Span;
  readonly own: boolean;
}

function asked(found: Found | undefined): Asked | undefined {
  const path = text(found)?.replace(/[?#][^]*/, "").replace(/(?<=^.|[^/])\/+$/, "");
  return !found || path === undefined ? undefined : { path, at: found.node.at, own: found.origin === "own" };
}

function swap(liveness: Asked, readiness: Asked): Fix {
  return { title: "Swap the paths", safe: false, edits: [{ yaml: liveness.at, set: readiness.path }, { yaml: readiness.at, set: liveness.path }] };
}
