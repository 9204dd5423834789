// A function listens for an abort that may have happened before it was called: such a signal stays silent for ever.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { missedAborts } from "../facts/abort-listener.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import type { Rule } from "../../engine/types.ts";

export const abortedSignalMissed: Rule = {
  id: "context/aborted-signal-missed",
  title: "Signal that is already aborted is missed",
  why: `The abort event is sent once. A listener that is added afterwards is never called: the caller gave up while the call was queued, retried or
waiting for something else, and the work starts nevertheless and runs to its end. signal.throwIfAborted() before the listener, signal.aborted,
AbortSignal.any() and events.addAbortListener() all see a signal that aborted earlier:
https://nodejs.org/api/globals.html#event-abort and https://nodejs.org/api/events.html#eventsaddabortlistenersignal-listener.`,
  check: {
    ts: {
      mentions: [["addEventListener", "onabort"], ["abort"]],
      *find(file: TsFile) {
        for (const { at, signal, edit } of missedAborts(file))
          yield { at, message: say`If ${signal} has already aborted, this listener is never called`, fixes: edit ? [{ title: `Check ${signal} first`, safe: false, edits: [edit] }] : [] };
      },
    },
  },
  examples: [
    {
      bad: files`
export async function load(url: string, options: RequestInit = {}) {
  const controller = new AbortController();
  options.signal?.addEventListener("abort", () => controller.abort(), { once: true });
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ If options.signal has already aborted, this listener is never called
  return fetch(url, { ...options, signal: controller.signal });
}
`,
      fixed: files`
export async function load(url: string, options: RequestInit = {}) {
  const controller = new AbortController();
  options.signal?.throwIfAborted();
  options.signal?.addEventListener("abort", () => controller.abort(), { once: true });
  return fetch(url, { ...options, signal: controller.signal });
}
`,
    },
    {
      bad: files`
export function sleep(ms: number, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)));
    ^^^^^^^^^^^^^^^^^^^^^^^ If signal has already aborted, this listener is never called
  });
}
`,
    },
    {
      good: files`
export function sleep(ms: number, signal: AbortSignal) {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}
`,
    },
  ],
};
