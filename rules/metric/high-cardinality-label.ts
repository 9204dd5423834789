// A label with as many values as there are requests or users: every value is a time series of its own.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { configuredLabel, type ConfiguredLabel } from "../facts/configured-label.ts";
import { metricLabel, type MetricLabel } from "../facts/metric-label.ts";
import { metric, type MetricLibrary } from "../facts/metric.ts";
import type { Message, Rule } from "../../engine/types.ts";

export const highCardinalityLabel: Rule = {
  id: "metric/high-cardinality-label",
  title: "Metric label with unbounded values",
  why: `Every combination of label values is a time series. prom-client keeps each in memory until the process ends, and so does Prometheus:
"Do not use labels to store dimensions with high cardinality, such as user IDs, email addresses, or other unbounded sets of values"
(https://prometheus.io/docs/practices/naming/#labels). The OpenTelemetry SDK stops at 2,000 per metric and puts the rest into one overflow series
(https://opentelemetry.io/docs/specs/otel/metrics/sdk/#cardinality-limits). Loki keeps a stream, and writes a chunk, for each combination
(https://grafana.com/docs/loki/latest/get-started/labels/cardinality/). Label by route instead of path; put ids into logs, spans or exemplars.`,
  check: {
    ts: {
      reads: [metricLabel, metric],
      *find(file, facts) {
        for (const { at, value } of facts.in(file.path, metricLabel)) {
          const library = value.library ?? (value.metric && facts.named(file.path, value.metric, metric)?.value.library);
          if (!library) continue;
          const { growth, fix } = value;
          yield { at, message: message(value, library), ...(growth === "id" || growth === "url" ? {} : { variant: growth }), ...(fix ? { fixes: [{ title: fix.title, safe: false, edits: fix.edits }] } : {}) };
        }
      },
    },
    yaml: {
      mentions: configuredLabel.yaml!.mentions,
      reads: [configuredLabel],
      *find(document, facts) {
        for (const { at, value } of facts.in(document.path, configuredLabel)) {
          if (at.start < document.at.start || at.start > document.at.end) continue;
          const fixes = value.drop ? [{ title: `Drop the label ${value.label}`, safe: false, edits: [{ yaml: value.drop, remove: true as const }] }] : [];
          yield { at, message: configured(value), variant: "configured", ...(fixes.length ? { fixes } : {}) };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import express from "express";
import { Counter } from "prom-client";
const requests = new Counter({ name: "http_requests_total", help: "Requests", labelNames: ["path", "status"] });
export const app = express();
app.use((req, res, next) => {
  res.on("finish", () => requests.inc({ path: req.originalUrl, status: res.statusCode }));
                                              ^^^^^^^^^^^^^^^ error: Label path has a value per URL: prom-client keeps a series for each
  next();
});
`,
      fixed: files`
import express from "express";
import { Counter } from "prom-client";
const requests = new Counter({ name: "http_requests_total", help: "Requests", labelNames: ["path", "status"] });
export const app = express();
app.use((req, res, next) => {
  res.on("finish", () => requests.inc({ path: req.route?.path ?? "unmatched", status: res.statusCode }));
  next();
});
`,
    },
    {
      bad: files`
import { metrics } from "@opentelemetry/api";
const orders = metrics.getMeter("orders").createCounter("orders.placed");
export function placed(order: { id: string; userId: string; channel: "web" | "app" }) {
  orders.add(1, { channel: order.channel, user_id: order.userId });
                                                   ^^^^^^^^^^^^ error: Label user_id has a value per id: OpenTelemetry drops detail beyond 2,000 series
}
`,
      fixed: files`
import { metrics } from "@opentelemetry/api";
const orders = metrics.getMeter("orders").createCounter("orders.placed");
export function placed(order: { id: string; userId: string; channel: "web" | "app" }) {
  orders.add(1, { channel: order.channel });
}
`,
    },
    {
      good: files`
import { Histogram } from "prom-client";
const duration = new Histogram({ name: "http_request_duration_seconds", help: "Duration", labelNames: ["route"], enableExemplars: true });
export function done(req: any, seconds: number, traceId: string) {
  duration.observe({ labels: { route: req.route?.path ?? "unmatched" }, value: seconds, exemplarLabels: { traceId } });
}
`,
    },
  ],
};

function message({ label, growth, written }: MetricLabel, library: MetricLibrary): Message {
  const what = growth === "url" ? "URL" : growth === "id" || growth === "tenant" ? "id" : "request or item";
  const name = label ?? (written !== undefined && written.length <= 20 ? written : "value");
  return library === "prom-client" ? say`Label ${name} has a value per ${what}: prom-client keeps a series for each` : say`Label ${name} has a value per ${what}: OpenTelemetry drops detail beyond 2,000 series`;
}

function configured({ label, of }: ConfiguredLabel): Message {
  if (of === "stream") return say`Label ${label} has a value per request or user: Loki keeps a stream for each`;
  if (of === "span") return say`Dimension ${label} has a value per request or user: span metrics keep a series for each`;
  if (of === "alert") return say`Label ${label} prints the value: each new value is another alert, and "for" starts again`;
  return say`Label ${label} has a value per request or user: Prometheus keeps a series for each`;
}
