// The worker's side of a pool: takes batches of tasks, says through shared memory where it is, and sends the results of a batch in one message.

import { parentPort } from "node:worker_threads";

/** What a worker gets: shared memory once, then batches. */
export type ToWorker<In> = { readonly progress: SharedArrayBuffer } | { readonly tasks: readonly In[] };

/** What a worker sends: that it is ready, then one outcome for each task of a batch. */
export type FromWorker<Out> = { readonly ready: true } | { readonly outcomes: readonly Outcome<Out>[] };

export type Outcome<Out> = { readonly out: Out } | { readonly failed: string };

/** Places in the shared memory: tasks ever started, tasks ever finished. The pool sees from them which task hangs. */
export const started = 0;
export const finished = 1;

/** Answers the tasks that a pool sends to this worker. What `handle` throws costs its own task only. */
export function serve<In, Out>(handle: (task: In) => Out | Promise<Out>): void {
  const port = parentPort;
  if (!port) throw new Error("serve() is for worker threads");
  const send = (message: FromWorker<Out>) => port.postMessage(message);
  let progress: Int32Array = new Int32Array(2);
  // One batch after the other: the pool counts on it when it asks which task hangs.
  let last: Promise<void> = Promise.resolve();
  port.on("message", (message: ToWorker<In>) => {
    if ("progress" in message) {
      progress = new Int32Array(message.progress);
      return send({ ready: true });
    }
    last = last.then(() => answer(message.tasks));
  });

  async function answer(tasks: readonly In[]): Promise<void> {
    const outcomes: Outcome<Out>[] = [];
    for (const task of tasks) {
      Atomics.add(progress, started, 1);
      outcomes.push(await outcomeOf(handle, task));
      Atomics.add(progress, finished, 1);
    }
    try {
      send({ outcomes });
    } catch {
      // Something in there cannot be sent: find out which, so that the others arrive.
      send({ outcomes: outcomes.map(sendable) });
    }
  }
}

async function outcomeOf<In, Out>(handle: (task: In) => Out | Promise<Out>, task: In): Promise<Outcome<Out>> {
  try {
    return { out: await handle(task) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

function sendable<Out>(outcome: Outcome<Out>): Outcome<Out> {
  try {
    return structuredClone(outcome);
  } catch (error) {
    return { failed: `the result cannot be sent: ${error instanceof Error ? error.message : String(error)}` };
  }
}
