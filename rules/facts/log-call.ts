// Fact: a log line written for every message, item or request of a handler, and where a fix would write. Which logger it is, linking tells.

import { handlerWords } from "./handler-words.ts";
import { frequency } from "./log-frequency.ts";
import { largeValue } from "./large-value.ts";
import { loggerOf, logMethods, type LoggerUse } from "./logger.ts";
import { ts, type CallExpression, type Node } from "../../engine/typescript/compiler.ts";
import { calleeText } from "../../engine/typescript/outlive.ts";
import { nodes, span } from "../../engine/typescript/parse.ts";
import type { FactKind, Span } from "../../engine/types.ts";

export interface LogCall extends LoggerUse {
  /** `logger.info`. */
  readonly callee: string;
  readonly method: string;
  readonly each: "message" | "job" | "item" | "request";
  /** An argument that may be large, as written. */
  readonly large?: string;
  readonly methodAt: Span;
  /** Start of its statement, where a condition can be written; undefined where it is no statement of its own. */
  readonly statement?: Span;
}

export const logCall: FactKind<LogCall> = {
  id: "log-call",
  title: "Log line of a handler",
  ts: {
    serverOnly: true,
    mentions: [logMethods, handlerWords],
    *find(file) {
      // A command line tool prints for whoever started it.
      if (file.context.tool) return;
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const callee = call.expression;
        if (!ts.isPropertyAccessExpression(callee) || !/^(info|log|debug)$/.test(callee.name.text) || call.arguments.length === 0) continue;
        if (/sampl|throttl|rate_?limit|debounce/i.test(callee.expression.getText()) || isAround(call)) continue;
        const often = frequency(file, call);
        if (!often) continue;
        const use = loggerOf(file, callee.expression);
        const large = often.each === "request" && often.handler ? call.arguments.map((one) => largeValue(file, one, often.handler!)).find((one) => one !== undefined) : undefined;
        if (!use || (often.each === "request" && large === undefined)) continue;
        const statement = statementOf(call);
        yield {
          at: span(callee),
          value: { ...use, callee: calleeText(call), method: callee.name.text, each: often.each, methodAt: span(callee.name), ...(large === undefined ? {} : { large }), ...(statement ? { statement } : {}) },
        };
      }
    },
  },
};

/** An argument of something that samples: `sampled(() => logger.info(...))`. */
function isAround(call: Node): boolean {
  for (let up = call; up.parent && !ts.isStatement(up); up = up.parent)
    if (ts.isCallExpression(up.parent) && up.parent.expression !== up && /sampl|throttl|rate_?limit|debounce|once\b/i.test(up.parent.expression.getText())) return true;
  return false;
}

function statementOf(call: CallExpression): Span | undefined {
  const { parent } = call;
  if (!ts.isExpressionStatement(parent) || !(ts.isBlock(parent.parent) || ts.isSourceFile(parent.parent))) return undefined;
  const start = parent.getStart();
  return { file: "", start, end: start };
}
