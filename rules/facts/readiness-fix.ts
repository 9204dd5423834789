// Question: how is a missing readiness probe written? It asks what liveness asks; without liveness, a health route that the service is known to serve.

import type { Found } from "../../engine/yaml/read.ts";
import type { Facts, Fix, YamlDocument } from "../../engine/types.ts";
import { budgetOf, probeOf } from "./container-probe.ts";
import { deployed } from "./deployed.ts";
import { probeLike, probeWith, type Timing } from "./probe-fix.ts";
import type { RunningPod } from "./running-pod.ts";
import { servedPaths } from "./served-path.ts";
import { servingPorts } from "./service-selector.ts";

/** The package that a workload runs. */
export function packageOf(document: YamlDocument, facts: Facts, pod: RunningPod): string | undefined {
  return facts.in(document.path, deployed).find((one) => one.value.workload === pod.id)?.service;
}

export function readinessFix(document: YamlDocument, facts: Facts, pod: RunningPod, container: Found): Fix[] {
  const liveness = probeOf(document, container, "livenessProbe");
  if (liveness) {
    const edit = probeLike(document, container, liveness, "readinessProbe", timingFor(budgetOf(liveness)));
    return edit ? [{ title: "Add a readiness probe that asks what liveness asks", safe: false, edits: [edit] }] : [];
  }
  const path = healthRoute(document, facts, pod);
  const [port] = servingPorts(document, container);
  const edit = path !== undefined && port ? probeWith(document, container, `httpGet:\n  path: ${path}\n  port: ${port.name ?? port.number}\n`, "readinessProbe", timingFor(undefined)) : undefined;
  return edit ? [{ title: `Add a readiness probe of ${path}`, safe: false, edits: [edit] }] : [];
}

/** Two failures in ten seconds take a pod out of rotation, one where liveness restarts it soon after. */
function timingFor(liveness: number | undefined): Timing {
  return { periodSeconds: 5, timeoutSeconds: 2, failureThreshold: liveness !== undefined && liveness <= 20 ? 1 : 2 };
}

function healthRoute(document: YamlDocument, facts: Facts, pod: RunningPod): string | undefined {
  const service = pod.containers.length === 1 ? packageOf(document, facts, pod) : undefined;
  const routes = service === undefined ? [] : (servedPaths(facts, service) ?? []);
  const known = (shape: RegExp) => routes.find((one) => one.seen && !one.open && one.method === "GET" && shape.test(one.path))?.path;
  return known(/\/(readyz?|readiness)$/) ?? known(/\/(healthz?|ping)$/);
}
