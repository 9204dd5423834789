// Keeps the bytecode that a file of dist makes while it reads the example system, beside that file, for Node as it is (host/kept-code.ts).
// It is no part of packages: another Node cannot use it.

import { EventEmitter } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { keep, run, scriptOf } from "../host/kept-code.ts";
import { optimizeLate } from "../host/late-optimization.ts";
import { languageOf } from "../engine/plan.ts";

const system = "examples/shop";
const [what] = process.argv.slice(2);
if (what !== "server's worker") optimizeLate();
if (what === "command line") keepMain(resolve("dist/main.cjs"));
else await keepWorker(resolve("dist/worker.cjs"));

function keepMain(file: string): void {
  const script = scriptOf(file);
  process.argv.splice(2, Infinity, system, "--no-cache");
  process.on("exit", () => {
    process.exitCode = 0;
    keep(file, script);
  });
  run(file, script);
}

async function keepWorker(file: string): Promise<void> {
  const script = scriptOf(file);
  const require = createRequire(file);
  const answers: unknown[] = [];
  const port = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => void answers.push(message) });
  run(file, script, (id) => (id === "node:worker_threads" ? { parentPort: port, workerData: {} } : require(id)));
  const context = { browserPackage: false, tool: false, wrappers: [], loggers: {} };
  const paths = readdirSync(system, { recursive: true, encoding: "utf8" }).map((path) => join(system, path)).filter((path) => languageOf(path) && !path.includes("node_modules"));
  port.emit("message", { tasks: paths.map((path) => ({ path, text: readFileSync(path, "utf8"), context: { below: path, ...context }, deep: true })) });
  while (answers.length === 0) await new Promise((ready) => setTimeout(ready, 5));
  keep(file, script);
}
