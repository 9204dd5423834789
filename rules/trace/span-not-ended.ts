// A span that is not ended on every path: it is never exported, and a trace loses the part that failed.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { spanStart, type SpanStart } from "../facts/span-start.ts";
import { tracer } from "../facts/tracer.ts";
import type { Fix, Message, Related, Rule } from "../../engine/types.ts";

export const spanNotEnded: Rule = {
  id: "trace/span-not-ended",
  title: "Span is not ended on every path",
  why: `Only ended spans are exported. A span that an exception or an early return leaves open is lost, and with it the one operation of the trace that
failed; what was started below it points to a parent that nobody ever sees. \`startActiveSpan\` does not end the span for its callback:
"Don't forget to end the span" (https://opentelemetry.io/docs/languages/js/instrumentation/#create-spans).
End it in \`finally\`, and record the exception before it is thrown on.`,
  check: {
    ts: {
      reads: [spanStart, tracer],
      *find(file, facts) {
        for (const one of facts.in(file.path, spanStart)) {
          const { sure, ref, leak, leaves, edits, name } = one.value;
          // A wrapper may end its spans itself; code that ends one somewhere shows that its tracer does not.
          if (!sure && leak === "never" && !(ref && facts.named(file.path, ref, tracer))) continue;
          const related: Related[] = leaves && leaves.start !== one.at.start ? [{ at: leaves, message: leavesBy(leak) }] : [];
          const fixes: Fix[] = edits ? [{ title: `End ${name ?? "the span"} in finally`, safe: false, edits }] : [];
          yield { at: one.at, message: message(leak), related, fixes, ...(leak === "never" ? {} : { variant: variants[leak] }) };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { trace } from "@opentelemetry/api";
import { pay } from "./pay";
const tracer = trace.getTracer("orders");
export async function charge(order: string) {
  const span = tracer.startSpan("charge");
               ^^^^^^^^^^^^^^^^ warning: Span is not ended when an awaited call throws
  span.setAttribute("order", order);
  const receipt = await pay(order);
  span.end();
  return receipt;
}
`,
      fixed: files`
import { trace } from "@opentelemetry/api";
import { pay } from "./pay";
const tracer = trace.getTracer("orders");
export async function charge(order: string) {
  const span = tracer.startSpan("charge");
  try {
    span.setAttribute("order", order);
    const receipt = await pay(order);
    return receipt;
  } finally {
    span.end();
  }
}
`,
    },
    {
      bad: files`
import { trace } from "@opentelemetry/api";
import { pay } from "./pay";
export const charge = (order: string) =>
  trace.getTracer("orders").startActiveSpan("charge", async (span) => {
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error: Span is never ended, so it is never exported
    span.setAttribute("order", order);
    return await pay(order);
  });
`,
      fixed: files`
import { trace } from "@opentelemetry/api";
import { pay } from "./pay";
export const charge = (order: string) =>
  trace.getTracer("orders").startActiveSpan("charge", async (span) => {
    try {
      span.setAttribute("order", order);
      return await pay(order);
    } finally {
      span.end();
    }
  });
`,
    },
    {
      good: files`
import { trace } from "@opentelemetry/api";
import { pay } from "./pay";
const tracer = trace.getTracer("orders");
export async function charge(order: string) {
  const span = tracer.startSpan("charge");
  try {
    if (order === "") return undefined;
    return await pay(order);
  } catch (error) {
    span.recordException(error as Error);
    throw error;
  } finally {
    span.end();
  }
}
`,
    },
  ],
};

const variants = { exit: "path", sync: "call", throw: "throw", reject: "throw", finally: "finally" } as const;

function message(leak: SpanStart["leak"]): Message {
  if (leak === "never") return say`Span is never ended, so it is never exported`;
  if (leak === "exit") return say`Span is not ended on a path that leaves the function early`;
  if (leak === "sync") return say`Span is not ended when a call before its end throws`;
  if (leak === "finally") return say`Span is not ended when the clean-up before its end rejects`;
  return leak === "reject" ? say`Span is not ended when the promise rejects` : say`Span is not ended when an awaited call throws`;
}

function leavesBy(leak: SpanStart["leak"]): Message {
  return leak === "exit" ? say`Leaves here with the span open` : leak === "reject" ? say`Runs only when the promise resolves` : say`What throws here skips the end`;
}
