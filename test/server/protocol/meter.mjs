// For `node --expose-gc --import`: on SIGUSR2 the process collects its garbage and writes one line about itself to stderr; on SIGWINCH also which texts that
// begin with "// visited document" its heap still holds.

import { existsSync, readdirSync } from "node:fs";
import { getHeapSnapshot, getHeapStatistics } from "node:v8";
import { isMainThread } from "node:worker_threads";

if (isMainThread)
  for (const signal of ["SIGUSR2", "SIGWINCH"]) process.on(signal, async () => {
    // What ended in this turn is let go in the next ones.
    for (let round = 0; round < 4; round++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      globalThis.gc();
    }
    const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
    const { rss } = process.memoryUsage();
    const resources = process.getActiveResourcesInfo().sort();
    const [threads, files] = ["task", "fd"].map((name) => (existsSync(`/proc/self/${name}`) ? readdirSync(`/proc/self/${name}`).length : 0));
    let text = "";
    const visited = new Set();
    if (signal === "SIGWINCH")
      for await (const chunk of getHeapSnapshot()) {
        text = text.slice(-100) + chunk;
        for (const [one] of text.matchAll(/\/\/ visited document \d+/g)) visited.add(one);
      }
    process.stderr.write(`meter ${JSON.stringify({ heap, external, rss, resources, threads, files, visited: [...visited] })}\n`);
  });
