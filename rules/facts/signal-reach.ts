// Question: does a function that takes no signal reach a call that would take one, and through which functions?

import { asyncFunction, type AsyncFunction } from "./async-function.ts";
import { passing } from "./call-shape.ts";
import { below } from "./release.ts";
import type { Facts, Linked, Span } from "../../engine/types.ts";

export interface Reach {
  /** The nearest such call, by name. */
  readonly sink: string;
  /** How many calls away it is: 1 when the function makes it itself. */
  readonly calls: number;
  /** Functions that need the signal, from the caller inwards: all of them, so that none is left that has one and does not pass it on. */
  readonly through: readonly Linked<AsyncFunction>[];
  /** What passes `signal` to the calls at their ends; undefined when one of them cannot be written, or there are too many functions. */
  readonly edits: readonly { readonly at: Span; readonly text: string }[] | undefined;
}

/** A fix that changes more signatures than this is nothing to accept at a glance. */
const functionLimit = 16;

type Fn = Linked<AsyncFunction>;

interface Step {
  readonly fn: Fn;
  /** Names of calls in it that would take the signal. */
  readonly ends: readonly string[];
  /** Functions it calls that take none. */
  readonly next: readonly Fn[];
  readonly edits: readonly ({ readonly at: Span; readonly text: string } | undefined)[];
}

/** Where a function takes its signal; undefined when it takes none, or that is not certain. */
export function takesSignal(fn: Fn): { readonly index: number; readonly key?: string } | undefined {
  return typeof fn.value.takes === "string" ? undefined : fn.value.takes;
}

/** Everything that the signal has to pass through from `start`; undefined when it reaches nothing that takes one. */
export function reach(facts: Facts, start: Fn): Reach | undefined {
  const steps = new Map<Fn, Step>([[start, stepOf(facts, start)]]);
  for (const { next } of steps.values()) for (const fn of next) if (!steps.has(fn) && steps.size <= functionLimit) steps.set(fn, stepOf(facts, fn));
  const near = nearness(steps);
  const nearest = near.get(start);
  if (!nearest) return undefined;
  const through = [...steps.values()].filter((one) => near.has(one.fn));
  const edits = through.flatMap((one) => one.edits);
  const written = steps.size <= functionLimit ? edits.filter((one) => one !== undefined) : [];
  return { ...nearest, through: through.map((one) => one.fn), edits: written.length === edits.length ? written : undefined };
}

function stepOf(facts: Facts, fn: Fn): Step {
  const ends: string[] = [];
  const next: Fn[] = [];
  const edits: ReturnType<typeof passing>[] = [];
  for (const { callee, shape, slot, target } of fn.value.calls) {
    if (slot && slot.since && below(facts.version(fn, slot.since.package), slot.since.version)) continue;
    const called = target && facts.named(fn.at.file, target, asyncFunction);
    const place = slot ?? (called && called.service === fn.service ? takesSignal(called) : undefined);
    if (place) ends.push(callee), edits.push(passing(shape, place.index, place.key, "signal"));
    else if (called && called.service === fn.service && called.value.takes === "none" && !next.includes(called)) next.push(called);
  }
  return { fn, ends, next, edits };
}

/** How many calls each function is away from the nearest end, and the name of that end. */
function nearness(steps: ReadonlyMap<Fn, Step>): Map<Fn, { sink: string; calls: number }> {
  const near = new Map<Fn, { sink: string; calls: number }>();
  for (const { fn, ends } of steps.values()) if (ends[0] !== undefined) near.set(fn, { sink: ends[0], calls: 1 });
  for (let grown = true; grown; ) {
    grown = false;
    for (const { fn, next } of steps.values())
      for (const one of next) {
        const found = near.get(one);
        if (!found || found.calls + 1 >= (near.get(fn)?.calls ?? Infinity)) continue;
        near.set(fn, { sink: found.sink, calls: found.calls + 1 });
        grown = true;
      }
  }
  return near;
}
