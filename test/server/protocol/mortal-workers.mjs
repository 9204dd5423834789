// For `node --import`: worker threads that die. SIGUSR2 ends those that live, as if the system had killed them; after SIGWINCH none is made until the next, and a line on
// stderr says which holds. A worker that takes a file called poison.ts dies of it.

import { syncBuiltinESMExports } from "node:module";
import threads, { isMainThread, parentPort } from "node:worker_threads";

if (isMainThread) {
  const living = new Set();
  let refuse = false;
  threads.Worker = class extends threads.Worker {
    constructor(...args) {
      if (refuse) throw Object.assign(new Error("no thread (for this test)"), { syscall: "clone" });
      super(...args);
      living.add(this);
      this.once("exit", () => living.delete(this));
    }
  };
  syncBuiltinESMExports();
  process.on("SIGUSR2", () => {
    for (const one of living) void one.terminate();
  });
  process.on("SIGWINCH", () => {
    refuse = !refuse;
    process.stderr.write(refuse ? "workers: refused\n" : "workers: made\n");
  });
} else {
  const { on } = parentPort;
  parentPort.on = (event, listener) => on.call(parentPort, event, event !== "message" ? listener : (message) => {
    if (message.tasks?.some((one) => one.path.endsWith("/poison.ts"))) process.exit(1);
    return listener(message);
  });
}
