// Runs every test file with Node's own runner. A folder or file as argument narrows the run.

import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

const wanted = process.argv.slice(2);
const files = (wanted.length ? wanted : ["test"]).flatMap(testsIn).filter((file) => wanted.length > 0 || !file.startsWith(join("test", "editor")));
if (files.length === 0) {
  console.error(`no test files in ${wanted.join(" ")}`);
  process.exit(2);
}
// Much of the time tests wait for a process of their own: one at a time for each core loses nothing.
process.exit(spawnSync(process.execPath, ["--import", "tsx", "--test", `--test-concurrency=${availableParallelism()}`, ...files], { stdio: "inherit" }).status ?? 1);

function testsIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true }).map((name) => join(path, String(name))).filter((name) => name.endsWith(".test.ts")).sort();
}
