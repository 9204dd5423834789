// A container that serves requests never says whether it can: traffic reaches it from its first second.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { lookup, trusted } from "../../engine/yaml/read.ts";
import { hasProbe } from "../facts/container-probe.ts";
import { deployed } from "../facts/deployed.ts";
import { httpServer } from "../facts/http-server.ts";
import { mount } from "../facts/mount.ts";
import { podPart, setByPatch } from "../facts/pod-part.ts";
import { packageOf, readinessFix } from "../facts/readiness-fix.ts";
import { route } from "../facts/route.ts";
import { router } from "../facts/router.ts";
import { containerName, imageIn, runningPod, type RunningPod } from "../facts/running-pod.ts";
import { serviceOf, servingPorts, serviceSelector } from "../facts/service-selector.ts";
import type { Facts, Rule, YamlDocument } from "../../engine/types.ts";

export const noReadinessProbe: Rule = {
  id: "k8s/no-readiness-probe",
  title: "Serving container has no readiness probe",
  why: `Without a readiness probe a container counts as ready as soon as its process runs. A rollout sends it requests while it still connects to its
database or registers, removes the old pods in the same moment, and a pod that hangs later keeps its share of the traffic.
https://kubernetes.io/docs/concepts/workloads/pods/probes/#readiness-probe`,
  check: {
    yaml: {
      mentions: [["containerPort"]],
      reads: [serviceSelector, podPart, deployed, httpServer, route, mount, router],
      *find(document, facts) {
        const pod = runningPod(document);
        if (!pod || !/^(Deployment|StatefulSet|Rollout|DeploymentConfig)$/.test(pod.kind) || setByPatch(document, facts, "readinessProbe")) return;
        const other = pod.containers.some((one) => hasProbe(document, one, "readinessProbe") !== false);
        for (const container of pod.containers) {
          const named = containerName(document, container);
          const image = imageIn(document, container);
          if (!named || !image || image.known?.dependency || !trusted(document, named.found.node.at)) continue;
          if (hasProbe(document, container, "readinessProbe") !== false || servingPorts(document, container).length === 0) continue;
          // It is not ready before its start-up probe passes.
          if (hasProbe(document, container, "startupProbe") !== false) continue;
          const liveness = lookup(document, container, "livenessProbe");
          const service = serviceOf(document, facts, pod, container);
          const served = service !== undefined || (pod.containers.length === 1 && opensServer(document, facts, pod));
          // Nothing is known to send requests, and the pod has its say through another container.
          if (!served && other) continue;
          yield {
            at: named.found.node.at,
            message: service
              ? say`No readiness probe for ${named.name}: ${service.value.name === undefined ? "a Service" : `Service ${service.value.name}`} sends requests at once`
              : say`No readiness probe for ${named.name}: it counts as ready at once`,
            ...(served ? (liveness ? {} : { variant: "unprobed" }) : { variant: "unselected" }),
            ...(service ? { related: [{ at: service.at, message: say`The Service selects its pods` }] } : {}),
            fixes: readinessFix(document, facts, pod, container),
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
                ^^^^^^ warning: No readiness probe for orders: Service orders sends requests at once
          image: acme/orders
          ports: [{ containerPort: 3000 }]
          livenessProbe:
            httpGet: { path: /health, port: 3000 }
---
apiVersion: v1
kind: Service
metadata: { name: orders }
spec: { selector: { app: orders }, ports: [{ port: 80, targetPort: 3000 }] }
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
          ports: [{ containerPort: 3000 }]
          livenessProbe:
            httpGet: { path: /health, port: 3000 }
          readinessProbe:
            httpGet:
              path: /health
              port: 3000
            periodSeconds: 5
            timeoutSeconds: 2
            failureThreshold: 2
---
apiVersion: v1
kind: Service
metadata: { name: orders }
spec: { selector: { app: orders }, ports: [{ port: 80, targetPort: 3000 }] }
`,
    },
    {
      good: files`
//- k8s/mailer.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: mailer }
spec:
  selector: { matchLabels: { app: mailer } }
  template:
    metadata: { labels: { app: mailer } }
    spec:
      containers:
        - name: mailer
          image: acme/mailer
          ports: [{ name: metrics, containerPort: 9090 }]
`,
    },
  ],
};

/** The package of the workload listens for requests. */
function opensServer(document: YamlDocument, facts: Facts, pod: RunningPod): boolean {
  const service = packageOf(document, facts, pod);
  return service !== undefined && facts.all(service, httpServer).facts.some((one) => one.value.listens && !one.value.internal);
}
