// Long work in short stretches: messages, timers and workers are heard in between. What an editor types while a large workspace is linked costs it no more than one stretch.

import { setImmediate as turn } from "node:timers/promises";

/** Longest stretch without a turn of the event loop (ms), but for a single step that takes longer. */
const stretchMs = 8;

/** Runs the steps of some work to its end; undefined when it was given up in between. */
export async function inSlices<T>(work: Generator<void, T>, isOutdated: () => boolean = () => false): Promise<T | undefined> {
  for (let until = performance.now() + stretchMs; ; ) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await turn();
    if (isOutdated()) return undefined;
    until = performance.now() + stretchMs;
  }
}
