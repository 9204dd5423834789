// The releases of the pack "observability": what reports on Prometheus rules, OpenTelemetry pipelines and the environment of telemetry. Replayed in order they say what runs and how loudly.

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
      ],
    },
  ],
};
