// Work that a signal may not cut in half. Changes nothing itself.

const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs synchronous work to its end although a signal comes; the signal takes effect after it. */
export async function uninterrupted<T>(work: () => T): Promise<T> {
  const caught = new Set<NodeJS.Signals>();
  const hold = (signal: NodeJS.Signals) => void caught.add(signal);
  for (const signal of signals) process.on(signal, hold);
  try {
    return work();
  } finally {
    // Signals that came meanwhile are handed out when the event loop polls: once for sure within two turns.
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
    for (const signal of signals) process.off(signal, hold);
    // Another listener has had the signal already; without one it does what it always does.
    for (const signal of caught) if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  }
}
