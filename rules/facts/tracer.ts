// Fact: an OpenTelemetry tracer that is made. Question: is a receiver a tracer, for certain, elsewhere, or by its name only?

import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { FactKind, Ref } from "../../engine/types.ts";

export const tracer: FactKind<Record<never, never>> = {
  id: "tracer",
  title: "OpenTelemetry tracer",
  named: true,
  ts: {
    needs: ["@opentelemetry/api"],
    mentions: [],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) if (makesTracer(file, call)) yield { at: span(call), value: {} };
    },
  },
};

/** How sure we are that a receiver is a tracer of OpenTelemetry. */
export interface TracerUse {
  readonly sure: boolean;
  /** Its making in another module. */
  readonly ref?: Ref;
}

/** Tracers of other makers have methods of the same names: some end their spans themselves, some call it `finish`. */
const others = /^(dd-trace|opentracing|@sentry\/|elastic-apm|@elastic\/|newrelic|lightstep|jaeger-client|zipkin|skywalking|@datadog|@google-cloud\/trace-agent|langfuse|@langfuse|langsmith|@effect\/)/;

/** Undefined when the receiver is no tracer, as far as can be told. */
export function tracerOf(file: TsFile, receiver: Expression): TracerUse | undefined {
  const end = receiverOf(file, receiver);
  const type = end.type ?? declaredType(file, receiver);
  if (end.made) {
    if (ts.isCallExpression(end.made) && makesTracer(file, end.made)) return { sure: true };
    if (!ts.isCallExpression(end.made) || !isNamed(receiver)) return undefined;
  }
  if (type === "@opentelemetry/api#Tracer") return { sure: true };
  const module = end.ref?.module ?? type?.split("#")[0];
  if (module !== undefined && others.test(module)) return undefined;
  if (end.ref && !end.made) return isNamed(receiver) || file.text.includes("@opentelemetry/") ? { sure: false, ref: end.ref } : undefined;
  return isNamed(receiver) && !others.test(canonical(file, receiver)?.split("#")[0] ?? "") ? { sure: false } : undefined;
}

/** `trace.getTracer(...)` of the API, or `getTracer` of a provider that an SDK makes. */
function makesTracer(file: TsFile, call: CallExpression): boolean {
  const callee = bare(call.expression);
  const name = canonical(file, callee);
  if (name !== undefined && /^@opentelemetry\/(api#|sdk-node#api\.)(trace\.|ProxyTracerProvider\.)?(getTracerProvider\.)?getTracer$/.test(name)) return true;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== "getTracer") return false;
  const { made } = receiverOf(file, callee.expression);
  if (!made || !(ts.isCallExpression(made) || ts.isNewExpression(made))) return false;
  return /^@opentelemetry\/(api#trace\.getTracerProvider|sdk-(trace-\w+|node|trace)#.*TracerProvider)$/.test(canonical(file, made.expression) ?? "");
}

function isNamed(receiver: Expression): boolean {
  const expr = bare(receiver);
  const called = ts.isCallExpression(expr) ? expr.expression : expr;
  const name = ts.isIdentifier(called) ? called.text : ts.isPropertyAccessExpression(called) ? called.name.text : "";
  return /tracer$/i.test(name);
}
