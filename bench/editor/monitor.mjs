// Preloaded into a language server that is measured: notes when its main loop was held up and how much memory it has, and writes that when the server ends.

import { writeFileSync } from "node:fs";

const to = process.env.BENCH_MONITOR;
/** Shortest delay worth noting (ms): below, the system's own scheduling is measured. */
const noted = 4;
const period = 2;
const delays = [];
const memory = [];
let last = performance.now();
let sampled = 0;
setInterval(() => {
  const now = performance.now();
  if (now - last > noted + period) delays.push([performance.timeOrigin + last, now - last - period]);
  last = now;
  if (now - sampled < 100) return;
  sampled = now;
  memory.push([performance.timeOrigin + now, process.memoryUsage.rss() / 2 ** 20]);
}, period).unref();
if (to) process.on("exit", () => writeFileSync(to, JSON.stringify({ delays, memory })));
