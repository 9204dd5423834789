// Log lines without a trace id in a service that traces: from a slow trace no way leads to what the service said.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { instrumentation, instrumented } from "../facts/instrumentation.ts";
import { loggerTrace } from "../facts/logger-trace.ts";
import { atLeast, below } from "../facts/release.ts";
import type { Rule } from "../../engine/types.ts";

export const noTraceContext: Rule = {
  id: "log/no-trace-context",
  title: "Log lines carry no trace id",
  why: `A trace shows which service was slow or failed, its log says why; the trace id joins them. A logger knows nothing of the active span: either its
instrumentation is registered with the SDK, which adds trace_id and span_id to each line
(https://github.com/open-telemetry/opentelemetry-js-contrib/tree/main/packages/instrumentation-pino), or the logger reads the span itself
(https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/). The instrumentations patch certain releases only, and say nothing about others.`,
  check: {
    ts: {
      reads: [loggerTrace, instrumentation],
      *find(file, facts) {
        for (const made of facts.in(file.path, loggerTrace)) {
          const { library, edits } = made.value;
          const { facts: setups, complete } = facts.all(made.service, instrumentation);
          const sdk = setups.find((one) => one.value.traces);
          if (!sdk || !complete || setups.some((one) => one.value.covers === "any")) continue;
          const version = facts.version(made, library);
          const { from, below: end } = instrumented[library];
          const unpatched = version !== undefined && (below(version, from) || atLeast(version, end));
          const covered = setups.some((one) => one.value.covers.includes(library as never));
          if (covered && !unpatched) continue;
          const message = covered ? say`Instrumentation does not patch ${library} ${version!}: its lines carry no trace id` : say`Lines of this ${library} logger carry no trace id, though the service traces`;
          const fixes = edits ? [{ title: "Add the ids of the active span", safe: false, edits }] : [];
          yield { at: made.at, message, ...(covered ? { variant: "unpatched" } : {}), related: [{ at: sdk.at, message: say`Tracing is set up here` }], fixes };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/tracing.ts
import { NodeSDK } from "@opentelemetry/sdk-node";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
new NodeSDK({ instrumentations: [new HttpInstrumentation()] }).start();
//- src/log.ts
import pino from "pino";
export const logger = pino({ level: "info" });
                      ^^^^ warning: Lines of this pino logger carry no trace id, though the service traces
`,
      fixed: files`
//- src/tracing.ts
import { NodeSDK } from "@opentelemetry/sdk-node";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
new NodeSDK({ instrumentations: [new HttpInstrumentation()] }).start();
//- src/log.ts
import { trace } from "@opentelemetry/api";
import pino from "pino";
export const logger = pino({ level: "info", mixin() { const c = trace.getActiveSpan()?.spanContext(); return c ? { trace_id: c.traceId, span_id: c.spanId } : {}; } });
`,
    },
    {
      good: files`
//- src/tracing.ts
import { NodeSDK } from "@opentelemetry/sdk-node";
import { getNodeAutoInstrumentations } from "@opentelemetry/auto-instrumentations-node";
new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] }).start();
//- src/log.ts
import pino from "pino";
export const logger = pino({ level: "info" });
`,
    },
  ],
};
