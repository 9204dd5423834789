// Fact: a metric of prom-client or OpenTelemetry that a module makes. Question: is a value such a metric, or does another module say so?

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import type { FactKind, Ref } from "../../engine/types.ts";

export type MetricLibrary = "prom-client" | "OpenTelemetry";

export const metric: FactKind<{ readonly library: MetricLibrary }> = {
  id: "metric",
  title: "Metric",
  named: true,
  followed: true,
  ts: {
    mentions: [["prom-client", "createCounter", "createHistogram", "createUpDownCounter", "createGauge", "createObservable"]],
    *find(file) {
      for (const kind of [ts.SyntaxKind.NewExpression, ts.SyntaxKind.CallExpression])
        for (const one of nodes<NewExpression | CallExpression>(file, kind)) {
          const library = makes(file, one);
          if (library) yield { at: span(one), value: { library } };
        }
    },
  },
};

/** The library of a metric; its making in another module; undefined for anything else. */
export function metricOf(file: TsFile, node: Expression): MetricLibrary | Ref | undefined {
  const { made, type, ref } = receiverOf(file, node);
  if (type !== undefined) return /^prom-client#(Counter|Gauge|Histogram|Summary)$/.test(type) ? "prom-client" : /^@opentelemetry\/api#(Counter|UpDownCounter|Histogram|Gauge)$/.test(type) ? "OpenTelemetry" : undefined;
  if (made) return ts.isNewExpression(made) || ts.isCallExpression(made) ? makes(file, made) : undefined;
  return ref;
}

export function makes(file: TsFile, node: NewExpression | CallExpression): MetricLibrary | undefined {
  if (ts.isNewExpression(node)) return /^prom-client#(Counter|Gauge|Histogram|Summary)$/.test(canonical(file, node.expression) ?? "") ? "prom-client" : undefined;
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee) || !/^create(Observable)?(Counter|Histogram|UpDownCounter|Gauge)$/.test(callee.name.text)) return undefined;
  const { made, type, ref } = receiverOf(file, callee.expression);
  const maker = made && ts.isCallExpression(made) ? canonical(file, made.expression) : undefined;
  if (type === "@opentelemetry/api#Meter" || /^@opentelemetry\/.*\bgetMeter$/.test(maker ?? "")) return "OpenTelemetry";
  const named = /meter$/i.test(callee.expression.getText());
  return named && (ref !== undefined || /["']@opentelemetry\//.test(file.text)) ? "OpenTelemetry" : undefined;
}
