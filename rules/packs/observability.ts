// The releases of the pack "observability": what reports on Prometheus rules, OpenTelemetry pipelines and the environment of telemetry. Replayed in order they say what runs and how loudly.

import { alertOnUnregisteredMetric } from "../metric/alert-on-unregistered-metric.ts";
import { memoryLimiterOrder } from "../otel/memory-limiter-order.ts";
import { tailSamplingSplit } from "../otel/tail-sampling-split.ts";
import { alertOnAverageLatency } from "../prom/alert-on-average-latency.ts";
import { rateRangeTooShort } from "../prom/rate-range-too-short.ts";
import { brokenSamplerEnv } from "../trace/broken-sampler-env.ts";
import type { Pack } from "../../engine/types.ts";

export const observability: Pack = {
  name: "observability",
  title: "Metrics, traces and logs",
  appliesTo: { yaml: ["k8s", "compose", "prom-config", "prom-rules", "otelcol", "loki-promtail", "helm-values", "values-fragment"] },
  releases: [
    {
      version: "1.0.0",
      date: "2026-11-21",
      why: "First release.",
      grades: [
        [brokenSamplerEnv, { default: "warning", unparented: "info", everything: "info" }],
        [tailSamplingSplit, { default: "warning", context: "info" }],
        [memoryLimiterOrder, { default: "warning", late: "info", unused: "warning", incomplete: "warning", beyond: "warning", absent: "info" }],
        [alertOnUnregisteredMetric, { default: "warning" }],
        [alertOnAverageLatency, { default: "info", gauge: "hint" }],
        [rateRangeTooShort, { default: "error", thin: "warning", implicit: "info", unknown: "info" }],
      ],
    },
  ],
};
