// The releases of the pack "kubernetes": what reports on manifests. Replayed in order they say what runs and how loudly.

import { dependsOnWithoutHealth } from "../compose/depends-on-without-health.ts";
import { injectAnnotationMisplaced } from "../istio/inject-annotation-misplaced.ts";
import { affinitySelectorMismatch } from "../k8s/affinity-selector-mismatch.ts";
import { livenessEqualsReadiness } from "../k8s/liveness-equals-readiness.ts";
import { nodeHeapExceedsLimit } from "../k8s/node-heap-exceeds-limit.ts";
import { noReadinessProbe } from "../k8s/no-readiness-probe.ts";
import { noStartupProbe } from "../k8s/no-startup-probe.ts";
import { noTopologySpread } from "../k8s/no-topology-spread.ts";
import { probePathNotServed } from "../k8s/probe-path-not-served.ts";
import { probeRoleSwapped } from "../k8s/probe-role-swapped.ts";
import { prestopExceedsGrace } from "../lifecycle/prestop-exceeds-grace.ts";
import { meshPerTryExceedsRoute } from "../timeout/mesh-per-try-exceeds-route.ts";
import { meshRetryWithoutPerTryTimeout } from "../retry/mesh-retry-without-per-try-timeout.ts";
import { shutdownExceedsGrace } from "../lifecycle/shutdown-exceeds-grace.ts";
import { poolTimesReplicas } from "../db/pool-times-replicas.ts";
import { signalNotDelivered } from "../lifecycle/signal-not-delivered.ts";
import { pingExceedsProxyTimeout } from "../ws/ping-exceeds-proxy-timeout.ts";
import { durationUnitMismatch } from "../config/duration-unit-mismatch.ts";
import { envValueNotString } from "../config/env-value-not-string.ts";
import { portMismatch } from "../config/port-mismatch.ts";
import { healthProbeWithoutService } from "../grpc/health-probe-without-service.ts";
import type { Pack } from "../../engine/types.ts";

export const kubernetes: Pack = {
  name: "kubernetes",
  title: "Kubernetes manifests",
  appliesTo: { yaml: ["k8s", "compose", "helm-values", "values-fragment", "envoy", "consul", "otelcol", "prom-config", "prom-rules", "spring"] },
  releases: [
    {
      version: "1.0.0",
      date: "2026-11-21",
      why: "First release.",
      grades: [
        [prestopExceedsGrace, { default: "error", tight: "warning" }],
        [signalNotDelivered, { default: "warning", background: "error", unproven: "info", dev: "hint" }],
        [shutdownExceedsGrace, { default: "warning", implicit: "info", compose: "info" }],
        [probePathNotServed, { default: "error" }],
        [noReadinessProbe, { default: "warning", unprobed: "info", unselected: "info", script: "info" }],
        [livenessEqualsReadiness, { default: "info", close: "info", tcp: "hint", script: "hint" }],
        [noStartupProbe, { default: "warning", delay: "info", stateful: "info", script: "info" }],
        [probeRoleSwapped, { default: "warning", script: "info" }],
        [affinitySelectorMismatch, { default: "warning", script: "info" }],
        [injectAnnotationMisplaced, { default: "warning", conflict: "warning", deprecated: "info", script: "info" }],
        [dependsOnWithoutHealth, { default: "info" }],
        [noTopologySpread, { default: "info", script: "off" }],
        [nodeHeapExceedsLimit, { default: "error", tight: "warning", jvm: "warning", script: "info" }],
        [meshPerTryExceedsRoute, { default: "warning", some: "info", refused: "error" }],
        [meshRetryWithoutPerTryTimeout, { default: "warning", unbounded: "info", many: "info", repeats: "warning" }],
        [poolTimesReplicas, { default: "warning" }],
        [pingExceedsProxyTimeout, { default: "warning", sum: "warning" }],
        [durationUnitMismatch, { default: "error", magnitude: "warning" }],
        [envValueNotString, { default: "error" }],
        [portMismatch, { default: "error", fallback: "warning", loopback: "error", declared: "info" }],
        [healthProbeWithoutService, { default: "error", name: "warning" }],
      ],
    },
  ],
};
