// A function got a signal from its caller, and gives the call below another one that knows nothing of it.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { detachedSignals } from "../facts/detached-signal.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import type { Rule } from "../../engine/types.ts";

export const detachedController: Rule = {
  id: "context/detached-controller",
  title: "New AbortController is not linked to the inherited signal",
  why: `A function that takes an AbortSignal and gives the call below a controller or a timeout of its own cuts the chain at this hop:
the local limit works, and the caller's cancellation ends here. The work goes on for a client that is gone, up to the local limit.
AbortSignal.any([inherited, own]) follows both; it exists since Node 18.17 and 20.3:
https://nodejs.org/api/globals.html#static-method-abortsignalanysignals.`,
  check: {
    ts: {
      mentions: [["AbortController", "AbortSignal.timeout"]],
      *find(file: TsFile) {
        for (const { at, made, inherited, edits } of detachedSignals(file)) {
          const fixes = edits ? [{ title: `Combine it with ${inherited}`, safe: false, edits }] : [];
          yield { at, message: say`${made} replaces the inherited ${inherited}, and is not linked to it`, fixes };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
export async function load(url: string, signal: AbortSignal) {
  return await fetch(url, { signal: AbortSignal.timeout(800) });
                                    ^^^^^^^^^^^^^^^^^^^^^^^^ AbortSignal.timeout() replaces the inherited signal, and is not linked to it
}
`,
      fixed: files`
export async function load(url: string, signal: AbortSignal) {
  return await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(800)]) });
}
`,
    },
    {
      bad: files`
export async function load(url: string, options: { signal?: AbortSignal }) {
  const controller = new AbortController();
                     ^^^^^^^^^^^^^^^^^^^^^ AbortController replaces the inherited options.signal, and is not linked to it
  const timer = setTimeout(() => controller.abort(), 800);
  return await fetch(url, { signal: controller.signal }).finally(() => clearTimeout(timer));
}
`,
      fixed: files`
export async function load(url: string, options: { signal?: AbortSignal }) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 800);
  return await fetch(url, { signal: options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal }).finally(() => clearTimeout(timer));
}
`,
    },
    {
      good: files`
export async function load(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  return await fetch(url, { signal: controller.signal });
}
`,
    },
  ],
};
