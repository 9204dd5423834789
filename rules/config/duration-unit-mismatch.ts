// A duration in a unit that its reader does not expect: the setting is refused, or means a thousand times more or less.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration, parseDuration } from "../../engine/quantity.ts";
import { durationFields, durationMentions, type DurationField } from "../facts/duration-field.ts";
import type { Finding, Fix, Rule, Scalar } from "../../engine/types.ts";

export const durationUnitMismatch: Rule = {
  id: "config/duration-unit-mismatch",
  title: "Duration in the wrong unit",
  why: `Each tool has its own way to write a duration: Kubernetes counts whole seconds, Spring milliseconds, Prometheus and Compose want a unit, Envoy wants
decimal seconds. A collector reads a bare 10 as ten nanoseconds: every export times out. Seconds meant as milliseconds make a probe that never fires.
https://pkg.go.dev/time#ParseDuration, https://docs.docker.com/reference/compose-file/extension/#specifying-durations,
https://prometheus.io/docs/prometheus/latest/configuration/configuration/.`,
  check: {
    yaml: {
      mentions: durationMentions,
      reads: [],
      *find(document) {
        for (const field of durationFields(document)) {
          const found = judged(field);
          if (found) yield found;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- collector.yaml
receivers: { otlp: {} }
processors:
  batch:
    timeout: 10
             ^^ error: timeout is 10 ns here: a collector reads a number without a unit as nanoseconds
exporters: { otlp: { endpoint: "tempo:4317" } }
service: { pipelines: { traces: { receivers: [otlp], processors: [batch], exporters: [otlp] } } }
`,
      fixed: files`
//- collector.yaml
receivers: { otlp: {} }
processors:
  batch:
    timeout: 10s
exporters: { otlp: { endpoint: "tempo:4317" } }
service: { pipelines: { traces: { receivers: [otlp], processors: [batch], exporters: [otlp] } } }
`,
    },
    {
      good: files`
//- compose.yaml
services:
  orders:
    image: acme/orders
    stop_grace_period: 1m30s
    healthcheck: { test: ["CMD", "true"], interval: 10s, timeout: 2s }
`,
    },
  ],
};

function judged(field: DurationField): Finding | undefined {
  const { key, value, reads } = field;
  const bare = /^\d+$/.test(String(value)) && Number(value) > 0 ? Number(value) : undefined;
  if (reads === "seconds") return wholeSeconds(field, bare);
  if (reads === "milliseconds") {
    if (typeof value === "boolean" || bare === undefined || bare >= field.below!) return undefined;
    return { ...at(field), variant: "magnitude", message: say`${key} is ${duration(bare)} here: Spring reads a number without a unit as milliseconds`, ...set(field, `${bare}s`) };
  }
  if (reads === "envoy") {
    if (parseDuration(String(value), "envoy") !== undefined || typeof value === "boolean") return undefined;
    const ms = bare === undefined ? parseDuration(String(value), "go") : bare * 1000;
    return { ...at(field), message: say`Envoy refuses ${key}: ${String(value)}, a duration is seconds with the ending s`, ...(ms === undefined ? {} : set(field, `${ms / 1000}s`)) };
  }
  if (bare !== undefined) {
    const message = reads === "go" ? say`${key} is ${bare} ns here: a collector reads a number without a unit as nanoseconds`
      : say`${key}: ${bare} has no unit: ${reader[reads]} refuses it`;
    return { ...at(field), message, ...set(field, `${bare}s`) };
  }
  if (reads !== "prometheus" || typeof value !== "string" || parseDuration(value, "prometheus") !== undefined || !/^\d+(\.\d+)? ?(ms|[smhdwy])$/.test(value)) return undefined;
  const ms = parseDuration(value.replace(" ", ""), "go");
  const whole = ms !== undefined && Number.isInteger(ms) ? ms : undefined;
  return { ...at(field), message: say`${key}: ${value} is no duration for Prometheus: whole numbers without blanks`, ...(whole === undefined ? {} : set(field, whole % 1000 === 0 ? `${whole / 1000}s` : `${whole}ms`)) };
}

const reader = { prometheus: "Prometheus", consul: "Consul", compose: "Compose" } as const;

function wholeSeconds(field: DurationField, bare: number | undefined): Finding | undefined {
  const { key, value, step = 1000 } = field;
  if (bare === undefined) {
    const ms = typeof value === "string" && /^\d+(\.\d+)?(ms|s|m|h)$/.test(value) ? parseDuration(value, "go") : undefined;
    if (ms === undefined) return undefined;
    return { ...at(field), message: say`${key} takes a whole number of seconds: ${String(value)} is refused`, ...written(field, Math.max(1, Math.ceil(ms / 1000))) };
  }
  // Half hours of a day are meant.
  if (typeof value !== "number" || bare < 1000 || bare % step !== 0 || (bare % 1800 === 0 && bare <= 86_400)) return undefined;
  return { ...at(field), variant: "magnitude", message: say`${key} is ${duration(bare * 1000)}: it counts seconds, and ${bare} looks like ms`, ...set(field, Math.max(1, Math.round(bare / 1000))) };
}

const at = (field: DurationField) => ({ at: field.at });

function set(field: DurationField, value: Scalar): { readonly fixes?: readonly Fix[] } {
  return field.inner ? {} : { fixes: [{ title: `Write ${String(value)}`, safe: false, edits: [{ yaml: field.at, set: value }] }] };
}

/** A number in place of a text: neither its quotes nor its unit stay. */
function written(field: DurationField, seconds: number): { readonly fixes: readonly Fix[] } {
  return { fixes: [{ title: `Write ${seconds}`, safe: false, edits: [{ at: field.at, text: String(seconds) }] }] };
}
