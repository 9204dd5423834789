// Fact: a logger that is made without a trace id in its lines, as far as its own file tells, and where a fix would write one.

import { instrumented, type InstrumentedLogger } from "./instrumentation.ts";
import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { importSlot } from "../../engine/typescript/import-slot.ts";
import { option, slot } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { Edit, FactKind } from "../../engine/types.ts";

export interface LoggerTrace {
  readonly library: InstrumentedLogger;
  readonly edits?: readonly Edit[];
}

export const loggerTrace: FactKind<LoggerTrace> = {
  id: "logger-trace",
  title: "Logger without trace ids",
  ts: {
    mentions: [Object.keys(instrumented)],
    *find(file) {
      // Whatever reads the active span in this file is for its log lines; so are the bridges of tracing vendors.
      if (/getActiveSpan|getSpan\(|trace_?id|spanContext|spanId|winston-transport|OpenTelemetryBunyanStream|dd-trace|newrelic|@elastic\/ecs|AsyncLocalStorage|nestjs-cls|gcp-config/i.test(file.text)) return;
      // A program that dials its own machine and reads no environment is run by hand: no request and no trace passes through it.
      if (/\blocalhost:|\b127\.0\.0\.1:/.test(file.text) && !/\bprocess\.env\b/.test(file.text)) return;
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const library = makers[canonical(file, call.expression) ?? ""];
        if (!library || !isPlain(file, call, library)) continue;
        const edits = library === "pino" ? withMixin(file, call) : undefined;
        yield { at: span(call.expression), value: { library, ...(edits ? { edits } : {}) } };
      }
    },
  },
};

const makers: Readonly<Record<string, InstrumentedLogger>> = { "pino#": "pino", "pino#pino": "pino", "winston#createLogger": "winston", "bunyan#createLogger": "bunyan" };

/** Options through which ids could come in. */
const openings: Readonly<Record<InstrumentedLogger, readonly string[]>> = { pino: ["mixin", "hooks", "formatters", "enabled"], winston: ["format", "transports", "silent"], bunyan: ["streams", "stream"] };

/** True when everything that could add an id is written in this file, or is not there. */
function isPlain(file: TsFile, call: CallExpression, library: InstrumentedLogger): boolean {
  const options = optionsOf(file, call);
  const literal = options && made(file, options);
  const methods = literal && ts.isObjectLiteralExpression(literal) ? literal.properties.filter((one) => ts.isMethodDeclaration(one)) : [];
  return openings[library].every((name) => {
    const method = methods.find((one) => one.name && keyText(one.name) === name);
    if (method) return isOwn(file, method);
    const found = option(file, options, name);
    if (found.is === "absent") return true;
    const end = found.is === "present" ? made(file, found.node) : undefined;
    return end !== undefined && name !== "enabled" && name !== "silent" && !ts.isIdentifier(end) && isOwn(file, end);
  });
}

/** Written here in full: no name of another module of the service stands in it. */
function isOwn(file: TsFile, node: Node): boolean {
  const open = [node];
  for (let one = open.pop(); one; one = open.pop()) {
    if (ts.isIdentifier(one) && /^[.~#]|^@\//.test(canonical(file, one)?.split("#")[0] ?? "")) return false;
    ts.forEachChild(one, (child) => void open.push(child));
  }
  return true;
}

/** `pino(options)`, and `pino(destination)` without any. */
function optionsOf(file: TsFile, call: CallExpression): Expression | undefined {
  const first = call.arguments[0];
  const end = first && made(file, first);
  return end && ts.isCallExpression(end) && /^pino#(transport|destination|multistream)$/.test(canonical(file, end.expression) ?? "") ? call.arguments[1] : first;
}

const mixin = (trace: string) => `mixin() { const c = ${trace}.getActiveSpan()?.spanContext(); return c ? { trace_id: c.traceId, span_id: c.spanId } : {}; }`;

function withMixin(file: TsFile, call: CallExpression): readonly Edit[] | undefined {
  if (optionsOf(file, call) !== call.arguments[0] || option(file, call.arguments[0], "mixin").is !== "absent") return undefined;
  const place = slot(file, call, 0);
  const trace = importSlot(file, call, "@opentelemetry/api", "trace");
  if (!place || !trace) return undefined;
  return [...(trace.edit ? [trace.edit] : []), { at: place.at, text: place.before + mixin(trace.name) + place.after }];
}
