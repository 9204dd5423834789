// Worker threads that can be killed: a task that hangs, dies or eats all memory is marked, and every other task gets its result.

import { createSlot, type Slot } from "./worker-slot.ts";

export interface PoolOptions {
  /** Script of the workers; it calls `serve`. */
  readonly entry: URL;
  /** Most workers at a time. They start when there is work for them. */
  readonly size: number;
  /** What a worker finds in `workerData`. */
  readonly data?: unknown;
  /** Longest time for one task (ms). */
  readonly watchdogMs: number;
  /** Stack of a worker (MiB). With 64 the TypeScript parser follows 20,000 nested parentheses; on the main thread it ends at some 800. */
  readonly stackMb?: number;
  /** Heap of a worker (MiB); Node's own limit when not given. */
  readonly heapMb?: number;
  /** Young generation of its heap (MiB); Node's own size when not given. */
  readonly youngMb?: number;
}

/** Why a task has no result. */
export interface Killed {
  readonly killed: "timeout" | "crash" | "memory";
  /** What happened, for a message. */
  readonly reason: string;
}

export interface Pool<In, Out> {
  /** Starts a worker before there is work for it: it loads while the main thread looks for files. */
  prepare(): void;
  /** Rejects only when the worker script does not start, or when the pool is closed. */
  run(task: In): Promise<Out | Killed>;
  /** Ends all workers; tasks under way are rejected. */
  close(): Promise<void>;
}

/** A task on its way. */
export interface Job<In, Out> {
  readonly task: In;
  readonly resolve: (out: Out | Killed) => void;
  readonly reject: (error: Error) => void;
  /** A worker died while it held this task: it runs alone now, so that the blame is certain. */
  readonly suspect: boolean;
}

/** Most tasks in one message: enough that messages cost little, few enough that workers end together. */
const batchCap = 16;

/** How often a worker may fail to start, one after the other. */
const startsCap = 3;

/** A pool without workers; the first task starts one. An idle pool does not keep the process alive. */
export function createPool<In, Out>(options: PoolOptions): Pool<In, Out> {
  const queue: Job<In, Out>[] = [];
  // Where the queue begins. Taking from the front of an array moves all that is behind it: with 100,000 files that is a second.
  let head = 0;
  const slots = new Set<Slot<In, Out>>();
  const endings = new Set<Promise<unknown>>();
  let closed = false;
  let planned = false;
  let failedStarts = 0;

  function plan(): void {
    if (planned) return;
    planned = true;
    // One turn later, so that tasks handed over in a loop travel together.
    queueMicrotask(() => {
      planned = false;
      try {
        dispatch();
      } catch (error) {
        // No thread could be made at all.
        rejectAll(error as Error);
      }
    });
  }

  function dispatch(): void {
    while (queue.length > head && !closed) {
      const all = [...slots];
      const slot = all.find((one) => one.isIdle) ?? (slots.size < options.size ? spawn() : queue[head]!.suspect ? undefined : all.find((one) => one.hasRoom));
      if (!slot) return;
      slot.take(nextBatch());
    }
  }

  function rejectAll(error: Error): void {
    for (const job of take(queue.length)) job.reject(error);
  }

  function nextBatch(): Job<In, Out>[] {
    if (queue[head]!.suspect) return take(1);
    const size = Math.min(Math.ceil((queue.length - head) / (options.size * 4)), batchCap);
    const end = queue.slice(head, head + size).findIndex((job) => job.suspect);
    return take(end < 0 ? size : end);
  }

  function take(count: number): Job<In, Out>[] {
    const taken = queue.slice(head, head + count);
    head += taken.length;
    if (head * 2 >= queue.length) queue.splice(0, head), (head = 0);
    return taken;
  }

  function spawn(): Slot<In, Out> {
    const slot: Slot<In, Out> = createSlot<In, Out>(options, {
      done: plan,
      requeue(jobs) {
        queue.splice(head, 0, ...jobs);
        plan();
      },
      started: () => void (failedStarts = 0),
      unusable(error, jobs) {
        queue.splice(head, 0, ...jobs);
        // The system may end a worker that is just starting; a script that is broken stays so.
        if (++failedStarts < startsCap) plan();
        else rejectAll(error);
      },
      gone(ending) {
        slots.delete(slot);
        endings.add(ending);
        void ending.finally(() => endings.delete(ending));
        plan();
      },
    });
    slots.add(slot);
    return slot;
  }

  return {
    prepare() {
      // A thread that cannot be made is told by the first task.
      if (slots.size === 0 && !closed) try { spawn(); } catch { /* See above. */ }
    },
    run(task) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(closedError());
        queue.push({ task, resolve, reject, suspect: false });
        plan();
      });
    },
    async close() {
      closed = true;
      rejectAll(closedError());
      for (const slot of [...slots]) slot.end(closedError());
      await Promise.all(endings);
    },
  };
}

/** Tells a killed task from a result. */
export function isKilled(value: unknown): value is Killed {
  return typeof value === "object" && value !== null && "killed" in value && "reason" in value;
}

const closedError = () => new Error("the pool of workers is closed");
