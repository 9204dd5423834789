// Fact: an OpenTelemetry SDK or tracer provider that a process sets up, with its sampler, and where a fix would write one.

import { samplerFix, missingSamplerFix } from "./sampler-fix.ts";
import { samplerOf, type Sampler } from "./sampler.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { anyOption, option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { references } from "../../engine/typescript/scope.ts";
import type { Edit, FactKind, Ref, Span, Value } from "../../engine/types.ts";

export interface TraceProvider {
  /** `NodeSDK`, `NodeTracerProvider`. */
  readonly named: string;
  readonly sampler: Sampler | "absent";
  /** The sampler of another module. */
  readonly ref?: Ref;
  /** Where the sampler is given, or the provider's class. */
  readonly place: Span;
  /** `OTEL_TRACES_SAMPLER` of the service; "" where no manifest sets it. */
  readonly environment: Value<unknown>;
  readonly edits?: readonly Edit[];
}

const providers = /^@opentelemetry\/(?:sdk-trace(?:-base|-node)?|sdk-node)#(?:\w+\.)*(NodeSDK|NodeTracerProvider|BasicTracerProvider)$/;

export const traceProvider: FactKind<TraceProvider> = {
  id: "trace-provider",
  title: "OpenTelemetry SDK",
  ts: {
    mentions: [["NodeSDK", "TracerProvider"]],
    *find(file) {
      for (const made of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
        const named = providers.exec(canonical(file, made.expression) ?? "")?.[1];
        if (!named || isForDevelopment(made)) continue;
        const given = option(file, made.arguments?.[0], "sampler");
        const environment: Value<unknown> = { env: "OTEL_TRACES_SAMPLER", or: { known: "", by: "default", from: [] }, from: [] };
        if (given.is === "absent") {
          if (!exports(file, made) || /\bOTEL_TRACES_SAMPLER\b/.test(file.text)) continue;
          const edits = missingSamplerFix(file, made);
          yield { at: span(made), value: { named, sampler: "absent", place: span(made.expression), environment, ...(edits ? { edits } : {}) } };
        } else if (given.is === "present") {
          const use = samplerOf(file, given.node);
          const edits = use.made && samplerFix(file, use.made, use.sampler, use.parented === true);
          yield { at: span(made), value: { named, sampler: use.sampler, place: span(use.made ?? given.node), environment, ...(use.ref ? { ref: use.ref } : {}), ...(edits ? { edits } : {}) } };
        }
      }
    },
  },
};

/** True when spans leave the process: an exporter or processor is given that is not for the console or a test. */
function exports(file: TsFile, made: NewExpression): boolean {
  const given = anyOption(file, made.arguments?.[0], ["traceExporter", "spanProcessor", "spanProcessors"]);
  if (given === "unknown" || (given === false && !addsProcessor(file, made))) return false;
  const named = file.text.match(/\b\w+Exporter\b/g) ?? [];
  return named.length === 0 || named.some((one) => !/^(Console|InMemory|Prometheus)|Metric|Log/.test(one));
}

function addsProcessor(file: TsFile, made: NewExpression): boolean {
  const { parent } = made;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && references(file, parent, parent.name.text).some((use) => ts.isPropertyAccessExpression(use.parent) && use.parent.name.text === "addSpanProcessor");
}

/** A branch for development only. */
function isForDevelopment(made: Node): boolean {
  for (let up: Node = made; up.parent; up = up.parent) {
    const { parent } = up;
    const test = ts.isIfStatement(parent) && parent.expression !== up ? parent.expression : ts.isConditionalExpression(parent) && parent.condition !== up ? parent.condition : undefined;
    if (test && /NODE_ENV|prod|dev|local|test/i.test(test.getText())) return true;
  }
  return false;
}
