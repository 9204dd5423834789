// Question: does a function that takes no signal reach a call that would take one, and through which functions?

import { asyncFunction, type AsyncFunction } from "./async-function.ts";
import { passing } from "./call-shape.ts";
import { below } from "./release.ts";
import type { Facts, Linked, Span } from "../../engine/types.ts";

export interface Reach {
  /** The first such call, by name. */
  readonly sink: string;
  /** Functions on the way that need the signal, from the caller inwards. */
  readonly through: readonly Linked<AsyncFunction>[];
  /** What passes `signal` to the calls at their ends; undefined when one of them cannot be written. */
  readonly edits: readonly { readonly at: Span; readonly text: string }[] | undefined;
}

/** How many functions lie between the caller and the call that takes a signal, at most. */
const depthLimit = 3;

/** Where a function takes its signal; undefined when it takes none, or that is not certain. */
export function takesSignal(fn: Linked<AsyncFunction>): { readonly index: number; readonly key?: string } | undefined {
  return typeof fn.value.takes === "string" ? undefined : fn.value.takes;
}

/** Everything that the signal has to pass through from `start`; undefined when it reaches nothing that takes one. */
export function reach(facts: Facts, start: Linked<AsyncFunction>): Reach | undefined {
  const through: Linked<AsyncFunction>[] = [];
  const edits: { at: Span; text: string }[] = [];
  const dead = new Map<Linked<AsyncFunction>, number>();
  let sink: string | undefined;
  let written = true;
  visit(start, 1, []);
  return sink === undefined ? undefined : { sink, through, edits: written ? edits : undefined };

  /** True when the function reaches a call that takes a signal. Recursion is bounded by the depth limit. */
  function visit(fn: Linked<AsyncFunction>, depth: number, path: readonly Linked<AsyncFunction>[]): boolean {
    if (through.includes(fn)) return true;
    if ((dead.get(fn) ?? depthLimit + 1) <= depth) return false;
    const place = through.length;
    let reaches = false;
    for (const call of fn.value.calls) {
      if (call.slot) {
        if (call.slot.since && below(facts.version(fn, call.slot.since.package), call.slot.since.version)) continue;
        pass(call.shape, call.slot.index, call.slot.key, call.callee);
        reaches = true;
        continue;
      }
      const target = call.target && facts.named(fn.at.file, call.target, asyncFunction);
      if (!target || target === fn || path.includes(target) || target.service !== fn.service) continue;
      const taken = takesSignal(target);
      if (taken) {
        pass(call.shape, taken.index, taken.key, call.callee);
        reaches = true;
      } else if (target.value.takes === "none" && depth < depthLimit && visit(target, depth + 1, [...path, fn])) reaches = true;
    }
    if (reaches) through.splice(place, 0, fn);
    else dead.set(fn, depth);
    return reaches;
  }

  function pass(shape: AsyncFunction["calls"][number]["shape"], index: number, key: string | undefined, callee: string): void {
    sink ??= callee;
    const edit = passing(shape, index, key, "signal");
    if (edit) edits.push(edit);
    else written = false;
  }
}
