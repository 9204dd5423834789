// One whole run of a tool, from the start of its process to the end: wall time, CPU time (threads and children included) and peak memory.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const meter = fileURLToPath(new URL("meter.mjs", import.meta.url));
const gnuTime = ["/usr/bin/time", "/opt/homebrew/bin/gtime", "/usr/local/bin/gtime"].find((path) => existsSync(path) && /GNU/.test(`${spawnSync(path, ["--version"], { encoding: "utf8" }).stdout}${spawnSync(path, ["--version"], { encoding: "utf8" }).stderr}`));

/** Programs that are no scripts of Node need GNU time to be measured whole. */
export const metersBinaries = () => gnuTime !== undefined;

/** `script` runs in Node, `program` by itself. Milliseconds and MiB; NaN where nothing can tell. */
export function measure({ name, script, program, args, cache, before, codes = [0, 1, 3] }, cwd, scratch) {
  before?.();
  const usage = join(scratch, "usage.json");
  rmSync(usage, { force: true });
  const env = { ...process.env, ...(cache ? { XDG_CACHE_HOME: cache } : {}) };
  const [command, ...rest] = script ? [process.execPath, meter, usage, script, ...args] : gnuTime ? [gnuTime, "-f", '{"cpu":[%U,%S],"rss":%M}', "-o", usage, program, ...args] : [program, ...args];
  const start = performance.now();
  const { status, stderr, error } = spawnSync(command, rest, { cwd, env, encoding: "utf8", maxBuffer: 2 ** 30, stdio: ["ignore", "ignore", "pipe"] });
  const wall = performance.now() - start;
  if (error || !codes.includes(status)) throw new Error(`${name} failed with ${error?.message ?? `exit code ${status}`}: ${stderr?.slice(0, 2000)}`);
  if (!existsSync(usage)) return { wall, cpu: NaN, rss: NaN };
  // GNU time says in front when a program ended with another code than 0.
  const said = JSON.parse(readFileSync(usage, "utf8").split("\n").find((line) => line.startsWith("{")));
  return Array.isArray(said.cpu) ? { wall, cpu: 1000 * (said.cpu[0] + said.cpu[1]), rss: said.rss / 1024 } : { wall, ...said };
}
