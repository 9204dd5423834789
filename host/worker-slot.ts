// One worker of a pool and the batch it holds: watches its progress, kills it when a task hangs, and says whose fault a death was.

import { Worker, type ResourceLimits } from "node:worker_threads";
import { finished, started, type FromWorker, type ToWorker } from "./serve.ts";
import type { Job, Killed, PoolOptions } from "./pool.ts";

export interface Slot<In, Out> {
  /** It has nothing to do. */
  readonly isIdle: boolean;
  /** It works at one batch, and not at one that is to tell whose fault a death was: the next may wait in the worker, which then need not wait for the main thread. */
  readonly hasRoom: boolean;
  take(batch: readonly Job<In, Out>[]): void;
  /** Ends the worker; its tasks are rejected. */
  end(error: Error): void;
}

/** What a slot tells its pool. */
export interface SlotEvents<In, Out> {
  /** The batch is done: there is room for the next. */
  done(): void;
  /** Tasks that have to run again, although their worker is gone. */
  requeue(jobs: readonly Job<In, Out>[]): void;
  /** The worker script has started. */
  started(): void;
  /** The worker script does not start; these tasks were for it. */
  unusable(error: Error, jobs: readonly Job<In, Out>[]): void;
  /** The worker is ended; the promise settles when its thread is. */
  gone(ending: Promise<unknown>): void;
}

/** Longest time for a worker to load its script (ms): much more than a slow disk needs. */
const startMs = 30_000;

/** A script that was not built needs the loader of the main thread, which threads of Node 20 do not inherit. */
function developmentOf(entry: URL): { execArgv?: string[] } {
  if (!entry.pathname.endsWith(".ts")) return {};
  const loader = `import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))}; register();`;
  return { execArgv: ["--import", `data:text/javascript,${encodeURIComponent(loader)}`] };
}

const limit = (name: keyof ResourceLimits, mb: number | undefined): ResourceLimits => (mb === undefined ? {} : { [name]: mb });

/** Starts a worker. */
export function createSlot<In, Out>(options: PoolOptions, events: SlotEvents<In, Out>): Slot<In, Out> {
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(options.entry, {
    workerData: options.data,
    // What a worker prints must not get between the messages of a language server.
    stdout: true,
    ...developmentOf(options.entry),
    resourceLimits: { stackSizeMb: options.stackMb ?? 64, ...limit("maxOldGenerationSizeMb", options.heapMb), ...limit("maxYoungGenerationSizeMb", options.youngMb) },
  });
  let batch: readonly Job<In, Out>[] = [];
  let batches = 0;
  let watch: NodeJS.Timeout | undefined;
  let ready = false;
  let gone = false;
  /** Tasks started before those of `batch`. */
  let base = 0;

  const post = (message: ToWorker<In>) => worker.postMessage(message);
  worker.on("message", (message: FromWorker<Out>) => {
    if (gone) return;
    if ("ready" in message) {
      ready = true;
      events.started();
      // A thread that starts holds the process, whatever was said before it had started.
      if (batch.length === 0) worker.unref();
    } else settle(message.outcomes);
  });
  worker.on("messageerror", (error) => died("crash", error.message));
  worker.on("error", (error: NodeJS.ErrnoException) => died(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "crash", error?.message ?? String(error)));
  worker.on("exit", (code) => died("crash", `its worker ended with code ${code}`));
  post({ progress: progress.buffer as SharedArrayBuffer });
  worker.unref();

  function settle(outcomes: Extract<FromWorker<Out>, { outcomes: unknown }>["outcomes"]): void {
    const jobs = batch.slice(0, outcomes.length);
    const left = batch.slice(outcomes.length);
    if (left.length === 0) rest();
    else (batch = left), batches--, (base += jobs.length);
    jobs.forEach(({ resolve }, index) => {
      const outcome = outcomes[index]!;
      resolve("out" in outcome ? outcome.out : { killed: "crash", reason: outcome.failed });
    });
    events.done();
  }

  /** Nothing to do: the worker may not keep the process alive. */
  function rest(): void {
    batch = [];
    batches = 0;
    clearInterval(watch);
    worker.unref();
  }

  function look(seen: { count: number; since: number }): void {
    const count = Atomics.load(progress, started);
    const now = performance.now();
    if (count !== seen.count || (ready && count === Atomics.load(progress, finished))) Object.assign(seen, { count, since: now });
    else if (!ready && now - seen.since > startMs) died("timeout", `it took longer than ${startMs} ms`);
    else if (ready && now - seen.since >= options.watchdogMs) died("timeout", `took longer than ${options.watchdogMs} ms`);
  }

  function died(killed: Killed["killed"], reason: string): void {
    if (gone) return;
    const jobs = leave();
    if (!ready) {
      const error = Object.assign(new Error(`the worker ${options.entry.href} does not start: ${reason}`), { code: "PITLINT_NO_WORKER" });
      return events.unusable(error, jobs);
    }
    const count = Atomics.load(progress, started);
    const culprit = count > Atomics.load(progress, finished) ? jobs[count - base - 1] : undefined;
    const alone = jobs.length === 1 ? jobs[0] : undefined;
    const certain = killed === "timeout" ? (alone ?? culprit) : alone?.suspect ? alone : undefined;
    certain?.resolve({ killed, reason });
    // A death can be the work of the system, or of an earlier task, of memory that it left: the suspect, or everyone without one, runs again alone. The second death is its own.
    events.requeue(jobs.filter((job) => job !== certain).map((job) => ({ ...job, suspect: job.suspect || (!certain && (job === culprit || !culprit)) })));
  }

  function leave(): readonly Job<In, Out>[] {
    const jobs = batch;
    rest();
    gone = true;
    events.gone(worker.terminate());
    return jobs;
  }

  return {
    get isIdle() {
      return batches === 0;
    },
    get hasRoom() {
      return batches === 1 && !batch.some((job) => job.suspect);
    },
    take(jobs) {
      try {
        post({ tasks: jobs.map(({ task }) => task) });
      } catch (error) {
        // A task that is no plain data cannot travel.
        for (const job of jobs) job.reject(error as Error);
        return;
      }
      if (batches++ === 0) {
        base = Atomics.load(progress, finished);
        const seen = { count: base, since: performance.now() };
        worker.ref();
        watch = setInterval(() => look(seen), Math.max(5, Math.min(options.watchdogMs / 8, 250)));
      }
      batch = [...batch, ...jobs];
    },
    end(error) {
      for (const job of leave()) job.reject(error);
    },
  };
}
