// Question: does a call only tell about the work: a log line, a metric, a trace? Judged by the words of its name; nothing of the work is lost with it.

import { ts, type Expression } from "../../engine/typescript/compiler.ts";
import { bare } from "../../engine/typescript/scope.ts";

const things = new Set(["console", "log", "logs", "logger", "logging", "metric", "metrics", "stats", "statsd", "trace", "tracer", "tracing", "telemetry", "sentry", "datadog", "analytics", "span", "monitor", "monitoring", "counter", "histogram", "gauge", "newrelic"]);
const verbs = new Set(["log", "debug", "info", "warn", "error", "fatal", "trace", "track", "capture", "observe", "inc", "incr", "increment", "dec", "decr", "decrement"]);

/** True for `logger.error(...)`, `this.metrics.failed.inc()`, `captureException(...)`, `trackLag(...)`; not for `catalog.update(...)`. */
export function isTelemetry(callee: Expression): boolean {
  const expr = bare(callee);
  if (ts.isIdentifier(expr)) return verbs.has(words(expr.text)[0] ?? "");
  if (!ts.isPropertyAccessExpression(expr)) return false;
  return verbs.has(words(expr.name.text)[0] ?? "") || words(expr.expression.getText()).some((one) => things.has(one));
}

/** `orderLogger.child` has the words order, logger and child. */
function words(text: string): string[] {
  return text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
}
