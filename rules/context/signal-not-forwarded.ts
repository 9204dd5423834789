// The caller gave up, and nobody told the call below: work goes on for somebody who is gone.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { passing } from "../facts/call-shape.ts";
import { asyncFunction } from "../facts/async-function.ts";
import { signalGap, type SignalGap } from "../facts/signal-gap.ts";
import { reach, takesSignal } from "../facts/signal-reach.ts";
import { atLeast, below } from "../facts/release.ts";
import type { Facts, Finding, Fix, Linked, Rule } from "../../engine/types.ts";

export const signalNotForwarded: Rule = {
  id: "context/signal-not-forwarded",
  title: "Inherited AbortSignal is not passed on",
  why: `A function that takes an AbortSignal promises to stop when its caller gives up. A call below it that does not get the signal keeps its socket,
its pool slot and the server behind it busy for a client that is gone, and under retries this load multiplies.
fetch, axios, got, undici, gRPC clients, the AWS SDK, streams and timers all take one: https://nodejs.org/api/globals.html#class-abortsignal.
Work that has to finish (clean-up, audit, outbox) is left alone; a comment "detached" marks other work that outlives its caller on purpose.`,
  check: {
    ts: {
      reads: [signalGap, asyncFunction],
      *find(file, facts) {
        for (const gap of facts.in(file.path, signalGap)) {
          const { given, slot, target } = gap.value;
          if (given && !atLeast(facts.version(gap, given.package), given.version)) continue;
          if (slot && !(slot.since && below(facts.version(gap, slot.since.package), slot.since.version))) yield direct(gap, slot);
          const callee = target && facts.named(file.path, target, asyncFunction);
          if (!callee || callee.service !== gap.service) continue;
          const place = takesSignal(callee);
          if (place) yield direct(gap, place);
          else if (callee.value.takes === "none" && !gap.value.polls) yield* threaded(gap, callee, facts);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/orders.ts
export async function loadOrder(id: string, signal: AbortSignal) {
  const stock = await fetch(${"`${process.env.STOCK_URL}/stock/${id}`"});
                      ^^^^^ fetch() does not get the inherited signal
  return stock.json();
}
`,
      fixed: files`
//- src/orders.ts
export async function loadOrder(id: string, signal: AbortSignal) {
  const stock = await fetch(${"`${process.env.STOCK_URL}/stock/${id}`"}, { signal });
  return stock.json();
}
`,
    },
    {
      bad: files`
//- src/orders.ts
import { loadStock } from "./stock";
export async function loadOrder(id: string, options: { signal?: AbortSignal }) {
  return { id, stock: await loadStock(id) };
                            ^^^^^^^^^ loadStock() takes no signal, but it reaches fetch()
}
//- src/stock.ts
export async function loadStock(id: string) {
  return fetch("http://stock/" + id, { headers: { accept: "application/json" } });
}
`,
      fixed: files`
//- src/orders.ts
import { loadStock } from "./stock";
export async function loadOrder(id: string, options: { signal?: AbortSignal }) {
  return { id, stock: await loadStock(id, options.signal) };
}
//- src/stock.ts
export async function loadStock(id: string, signal?: AbortSignal) {
  return fetch("http://stock/" + id, { headers: { accept: "application/json" }, signal });
}
`,
    },
    {
      good: files`
//- src/orders.ts
export async function loadOrder(id: string, signal: AbortSignal) {
  try {
    return await fetch("http://stock/" + id, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) });
  } finally {
    await fetch("http://locks/" + id, { method: "DELETE" });
  }
}
`,
    },
  ],
};

/** A call that lies deeper is not this function's affair any more. */
const callLimit = 3;

function direct(gap: Linked<SignalGap>, place: { readonly index: number; readonly key?: string }): Finding {
  const { callee, shape, signal, nullable } = gap.value;
  const edit = passing(shape, place.index, place.key, nullable && !gap.value.slot ? `${signal} ?? undefined` : signal);
  const fixes: Fix[] = edit ? [{ title: `Pass ${signal} to ${callee}()`, safe: false, edits: [edit] }] : [];
  return { at: gap.at, message: say`${callee}() does not get the inherited ${signal}`, fixes };
}

function* threaded(gap: Linked<SignalGap>, callee: Parameters<typeof reach>[1], facts: Facts): Iterable<Finding> {
  const found = reach(facts, callee);
  if (!found || found.calls > callLimit) return;
  const signal = gap.value.nullable ? `${gap.value.signal} ?? undefined` : gap.value.signal;
  const edits = [{ thread: { call: gap.value.call, signal, through: found.through.map((one) => one.at) } }, ...(found.edits ?? [])];
  yield {
    at: gap.at,
    variant: "threaded",
    message: say`${gap.value.callee}() takes no signal, but it reaches ${found.sink}()`,
    related: [{ at: { ...callee.at, end: callee.at.start }, message: say`This function takes no signal` }],
    fixes: found.edits ? [{ title: `Thread ${gap.value.signal} through ${gap.value.callee}()`, safe: false, edits }] : [],
  };
}
