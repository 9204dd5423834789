// A watchdog timer is cleared on success only: after a failure it goes on, and fires at something that ended long ago.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { runningTimers, type RunningTimer } from "../facts/running-timer.ts";
import { ts, type Node } from "../../engine/typescript/compiler.ts";
import { calleeText } from "../../engine/typescript/outlive.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import type { Finding, Rule, Span } from "../../engine/types.ts";

export const timerNotCleared: Rule = {
  id: "timeout/timer-not-cleared",
  title: "Timer is not cleared on every path",
  why: `A timer guards an awaited call, and clearTimeout() stands behind the await: when the call rejects, the timer stays. It then reports work that is
"still running" and is not, aborts or kills what has ended, keeps everything its callback names in memory, and keeps the process alive until it
fires (https://nodejs.org/api/timers.html#timeoutunref). With a failing dependency there is one such timer for each request.
An interval never stops at all. try/finally clears it on every path.`,
  check: {
    ts: {
      mentions: [["clearTimeout", "clearInterval", "setTimeout"], ["await"]],
      *find(file: TsFile) {
        for (const timer of runningTimers(file)) yield finding(timer);
      },
    },
  },
  examples: [
    {
      bad: files`
import type { Pool } from "pg";
export async function query(pool: Pool, sql: string) {
  const guard = setTimeout(() => console.warn("slow query", sql), 30_000);
  const response = await pool.query(sql);
  clearTimeout(guard);
  ^^^^^^^^^^^^^^^^^^^ clearTimeout(guard) is skipped when pool.query() fails: the timer stays for 30 s
  return response;
}
`,
      fixed: files`
import type { Pool } from "pg";
export async function query(pool: Pool, sql: string) {
  const guard = setTimeout(() => console.warn("slow query", sql), 30_000);
  try {
    const response = await pool.query(sql);
    return response;
  } finally {
    clearTimeout(guard);
  }
}
`,
    },
    {
      bad: files`
export async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5_000);
        ^^^^^ Timer is never cleared: it stays for 5 s when the work is done
  return await fetch(url, { signal: controller.signal });
}
`,
      fixed: files`
export async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5_000);
  try {
    return await fetch(url, { signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}
`,
    },
    {
      good: files`
export async function load(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5_000);
  return await fetch(url, { signal: controller.signal }).finally(() => clearTimeout(timer));
}
`,
    },
  ],
};

function finding({ name, acquired, timer, clear, leak, edits }: RunningTimer): Finding {
  const fixes = edits ? [{ title: leak.is === "never" ? `Clear ${name} in a finally block` : `Move ${clear}(${name}) to a finally block`, safe: false, edits }] : [];
  const stays = timer?.repeats || clear === "clearInterval" ? "the interval never ends" : timer?.delay === undefined ? "the timer stays" : `the timer stays for ${duration(timer.delay)}`;
  if (leak.is === "never") {
    const message = timer?.delay === undefined ? say`Timer is never cleared: it stays when the work is done` : say`Timer is never cleared: it stays for ${duration(timer.delay)} when the work is done`;
    return { at: nameOf(acquired), variant: leak.loose ? "loose" : "never", message, fixes };
  }
  if (leak.is === "exit") return { at: firstWord(leak.at), message: say`${clear}(${name}) is skipped on this way out: ${stays}`, fixes };
  const cause = causeOf(leak.at);
  // A line holds only so much: long names are left out.
  const what = name.length + cause.length > 28 ? clear : `${clear}(${name})`;
  return {
    at: span(leak.release),
    message: say`${what} is skipped when ${cause} fails: ${stays}`,
    related: [{ at: span(leak.at), message: say`Leaves the function when it fails` }],
    fixes,
  };
}

/** The variable that holds the timer, or the callee that made it. */
function nameOf(acquired: Node): Span {
  if (ts.isExpressionStatement(acquired.parent) && ts.isCallExpression(acquired)) return span(acquired.expression);
  return ts.isVariableDeclaration(acquired.parent) ? span(acquired.parent.name) : span(acquired);
}

/** `return` of a statement that may have many lines. */
function firstWord(node: Node): Span {
  const start = node.getStart();
  return { file: "", start, end: start + (/^\w+/.exec(node.getText())?.[0].length ?? 1) };
}

function causeOf(node: Node): string {
  const expr = ts.isAwaitExpression(node) ? bare(node.expression) : node;
  if (ts.isNewExpression(expr)) return "the promise";
  return ts.isCallExpression(expr) ? `${calleeText(expr)}()` : ts.isIdentifier(expr) ? expr.text : "the awaited work";
}
