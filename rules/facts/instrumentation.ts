// Fact: OpenTelemetry is set up, with the loggers that its instrumentations give trace ids to. Both the SDK and registerInstrumentations.

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import type { FactKind } from "../../engine/types.ts";

/** Loggers that have an instrumentation, with the releases it patches: https://github.com/open-telemetry/opentelemetry-js-contrib/tree/main/packages */
export const instrumented = {
  pino: { from: "5.14.0", below: "11.0.0", name: "@opentelemetry/instrumentation-pino" },
  winston: { from: "1.0.0", below: "4.0.0", name: "@opentelemetry/instrumentation-winston" },
  bunyan: { from: "1.0.0", below: "2.0.0", name: "@opentelemetry/instrumentation-bunyan" },
} as const;

export type InstrumentedLogger = keyof typeof instrumented;

export interface Instrumentation {
  /** Spans are made: an SDK or a tracer provider, not only a registration. */
  readonly traces: boolean;
  /** Loggers that get trace ids; "any" where that cannot be told. */
  readonly covers: readonly InstrumentedLogger[] | "any";
}

export const instrumentation: FactKind<Instrumentation> = {
  id: "instrumentation",
  title: "OpenTelemetry instrumentation",
  ts: {
    mentions: [["NodeSDK", "TracerProvider", "registerInstrumentations", "auto-instrumentations"]],
    *find(file) {
      for (const kind of [ts.SyntaxKind.NewExpression, ts.SyntaxKind.CallExpression])
        for (const call of nodes<NewExpression | CallExpression>(file, kind)) {
          const name = canonical(file, call.expression) ?? "";
          const traces = /^@opentelemetry\/(sdk-trace(-base|-node)?|sdk-node)#(\w+\.)*(NodeSDK|NodeTracerProvider|BasicTracerProvider)$/.test(name);
          if (traces || name === "@opentelemetry/instrumentation#registerInstrumentations") yield { at: span(call.expression), value: { traces, covers: coveredBy(file, call) } };
        }
      // Loaded for its effect, it instruments all it knows.
      if (/["']@opentelemetry\/auto-instrumentations-node\/register["']/.test(file.text)) yield { at: { file: "", start: 0, end: 0 }, value: { traces: true, covers: "any" } };
    },
  },
};

function coveredBy(file: TsFile, call: NewExpression | CallExpression): Instrumentation["covers"] {
  const given = option(file, call.arguments?.[0], "instrumentations");
  if (given.is === "absent") return [];
  const found = new Set<InstrumentedLogger>();
  const open: (Expression | undefined)[] = [given.is === "present" ? given.node : undefined];
  while (open.length) {
    const next = open.pop();
    const expr = next && made(file, next);
    if (expr && ts.isArrayLiteralExpression(expr)) open.push(...expr.elements.map((one) => (ts.isSpreadElement(one) ? one.expression : one)));
    else if (expr && ts.isNewExpression(expr)) {
      const library = /(Pino|Winston|Bunyan)Instrumentation$/.exec(expr.expression.getText())?.[1]?.toLowerCase();
      if (library) found.add(library as InstrumentedLogger);
    } else if (expr && ts.isCallExpression(expr) && canonical(file, expr.expression) === "@opentelemetry/auto-instrumentations-node#getNodeAutoInstrumentations") {
      for (const library of Object.keys(instrumented) as InstrumentedLogger[]) if (!isOff(file, expr, library)) found.add(library);
    } else return "any";
  }
  return [...found].sort();
}

/** `{ "@opentelemetry/instrumentation-pino": { enabled: false } }`. */
function isOff(file: TsFile, call: CallExpression, library: InstrumentedLogger): boolean {
  const enabled = option(file, call.arguments[0], [instrumented[library].name, "enabled"]);
  return enabled.is === "present" && "known" in enabled.value && enabled.value.known === false;
}
