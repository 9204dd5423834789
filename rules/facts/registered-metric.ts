// Fact: a service registers a metric under a name. Question: under which names does Prometheus see it?

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { makes, metric, type MetricLibrary } from "./metric.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export type MetricType = "counter" | "gauge" | "histogram" | "summary";

export interface RegisteredMetric {
  readonly library: MetricLibrary;
  readonly type: MetricType;
  readonly name: Value<unknown>;
  /** Label names, where the registration names them all. */
  readonly labels?: readonly string[];
  /** OpenTelemetry's unit, which the exporter may add to the name. */
  readonly unit?: string;
}

export const registeredMetric: FactKind<RegisteredMetric> = {
  id: "registered-metric",
  title: "Registered metric",
  ts: {
    mentions: [[...metric.ts!.mentions[0]!, "nestjs-prometheus"]],
    *find(file) {
      for (const kind of [ts.SyntaxKind.NewExpression, ts.SyntaxKind.CallExpression])
        for (const one of nodes<NewExpression | CallExpression>(file, kind)) {
          const found = registered(file, one);
          if (found) yield { at: span(one), value: found };
        }
    },
  },
};

function registered(file: TsFile, one: NewExpression | CallExpression): RegisteredMetric | undefined {
  const library = makes(file, one);
  const [first, second] = one.arguments ?? [];
  const provider = ts.isCallExpression(one) ? /^@willsoto\/nestjs-prometheus#make(Counter|Gauge|Histogram|Summary)Provider$/.exec(canonical(file, one.expression) ?? "")?.[1] : undefined;
  if (library === "OpenTelemetry") {
    const made = /create(?:Observable)?(Counter|UpDownCounter|Histogram|Gauge)$/.exec(one.expression.getText())?.[1];
    const unit = option(file, second, "unit");
    return { library, type: typeOf(made ?? ""), name: value(file, first), ...(unit.is === "present" && "known" in unit.value ? { unit: String(unit.value.known) } : {}) };
  }
  const made = provider ?? (library && /(Counter|Gauge|Histogram|Summary)$/.exec(canonical(file, one.expression) ?? "")?.[1]);
  if (!made) return undefined;
  // Before version 12 name, help and labels were arguments.
  const named = first && ts.isStringLiteralLike(bare(first)) ? { is: "present" as const, value: value(file, first) } : option(file, first, "name");
  const labels = option(file, first, "labelNames");
  const list = labels.is === "absent" && named.is === "present" && first && !ts.isStringLiteralLike(bare(first)) ? [] : labels.is === "present" ? stringsOf(labels.node) : undefined;
  return { library: "prom-client", type: typeOf(made), name: named.is === "present" ? named.value : { unknown: "no name" }, ...(list ? { labels: list } : {}) };
}

const typeOf = (made: string): MetricType => (made === "Histogram" ? "histogram" : made === "Counter" ? "counter" : made === "Summary" ? "summary" : "gauge");

function stringsOf(node: Expression): string[] | undefined {
  let list = bare(node);
  if (ts.isAsExpression(list)) list = bare(list.expression);
  if (!ts.isArrayLiteralExpression(list)) return undefined;
  const names = list.elements.map((one) => (ts.isStringLiteralLike(one) ? one.text : undefined));
  return names.every((one) => one !== undefined) ? (names as string[]) : undefined;
}

/** How the Prometheus exporter of OpenTelemetry writes units: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1 */
const units: Readonly<Record<string, string>> = { s: "seconds", ms: "milliseconds", us: "microseconds", ns: "nanoseconds", min: "minutes", h: "hours", d: "days", By: "bytes", KBy: "kilobytes", MBy: "megabytes", "1": "ratio", "%": "percent" };

/** The names of its series, without what a collector may put in front; none when the name is not known. The most usual spelling first. */
export function seriesOf({ library, type, name, unit }: RegisteredMetric): readonly string[] {
  if (!("known" in name) || typeof name.known !== "string") return [];
  const plain = library === "prom-client" ? [name.known] : [...new Set([`${spelled(name.known)}${unit !== undefined && units[unit] ? `_${units[unit]}` : ""}`, spelled(name.known)])];
  return plain.flatMap((one) => {
    if (type === "histogram") return [`${one}_bucket`, `${one}_sum`, `${one}_count`];
    if (type === "summary") return [one, `${one}_sum`, `${one}_count`];
    // OpenMetrics and OpenTelemetry add the suffix, prom-client's own format does not.
    return type === "counter" && !one.endsWith("_total") ? (library === "prom-client" ? [one, `${one}_total`] : [`${one}_total`, one]) : [one];
  });
}

const spelled = (name: string) => name.replace(/[^A-Za-z0-9_:]+/g, "_");
