// Measures whole runs of pitlint beside oxlint and ESLint on one folder: npm run bench [-- <folder>] [--rounds <n>] [--files <n>]. Asserts nothing.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generate } from "./generate.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: "string", default: "5" }, files: { type: "string", default: "3500" } } });
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
for (const [path, what] of [["../dist/cli.js", "npm run build"], ["node_modules/oxlint", "npm ci in bench/"], ["node_modules/eslint", "npm ci in bench/"]])
  if (!existsSync(here(path))) fail(`bench: ${path} is missing; run ${what} first`);
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) fail(`bench: --rounds takes a whole number from 1, got "${values.rounds}"`);

const scratch = mkdtempSync(join(tmpdir(), "pitlint-bench-"));
try {
  main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function main() {
  const folder = positionals[0] === undefined ? generated() : resolve(positionals[0]);
  if (!existsSync(folder)) fail(`bench: no such folder: ${folder}`);
  const tools = toolsFor(folder);
  console.log(`${folder}\n${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${availableParallelism()} cores, ${process.platform}, Node ${process.versions.node}`);
  console.log(`${["oxlint", "eslint", "@typescript-eslint/parser", "typescript"].map((name) => `${name} ${version(`node_modules/${name}/package.json`)}`).join(", ")}, pitlint ${version("../package.json")}\n`);
  // The first run of each fills the disk cache of the system, and the cache of the warm run; it is not counted.
  for (const tool of tools) run(tool, folder);
  const results = new Map(tools.map((tool) => [tool.name, []]));
  // Every round runs every tool once: what the machine does meanwhile hits all of them alike. The warm run finds what the run before it wrote.
  for (let round = 0; round < rounds; round++) for (const tool of tools) results.get(tool.name).push(run(tool, folder));
  print(results);
}

function generated() {
  const folder = join(scratch, "repository");
  const { files, bytes } = generate(folder, Number(values.files));
  console.log(`generated ${files} files, ${(bytes / 1e6).toFixed(1)} MB`);
  // pitlint trusts no time of a file that was written within the last two seconds.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
  return folder;
}

function toolsFor(folder) {
  const cli = here("../dist/cli.js");
  const cache = join(scratch, "cache");
  // Where the folder has node_modules, the cache lies in there.
  const caches = [cache, join(folder, "node_modules", ".cache", "pitlint")];
  return [
    { name: "pitlint, no cache", script: cli, args: ["--no-cache", "."] },
    { name: "pitlint, empty cache", script: cli, args: ["."], cache, before: () => caches.forEach((one) => rmSync(one, { recursive: true, force: true })) },
    { name: "pitlint, warm", script: cli, args: ["."], cache },
    { name: "oxlint", script: here("node_modules/oxlint/bin/oxlint"), args: ["-c", here("oxlintrc.json"), "--disable-nested-config", "--silent", "."] },
    { name: "eslint", script: here("node_modules/eslint/bin/eslint.js"), args: ["-c", here("eslint.config.mjs"), "--no-inline-config", "--no-warn-ignored", "--quiet", "--format", "json", "--output-file", join(scratch, "eslint.json"), "."] },
  ];
}

/** One whole run: from the start of the process to its end. */
function run({ name, script, args, cache, before }, cwd) {
  before?.();
  const usage = join(scratch, "usage.json");
  rmSync(usage, { force: true });
  const start = performance.now();
  const { status, stderr, error } = spawnSync(process.execPath, [here("meter.mjs"), usage, script, ...args], { cwd, encoding: "utf8", maxBuffer: 2 ** 30, env: { ...process.env, ...(cache ? { XDG_CACHE_HOME: cache } : {}) } });
  const wall = performance.now() - start;
  if (error || ![0, 1, 3].includes(status) || !existsSync(usage)) throw new Error(`${name} failed with ${error?.message ?? `exit code ${status}`}: ${stderr.slice(0, 2000)}`);
  return { wall, ...JSON.parse(readFileSync(usage, "utf8")) };
}

function print(results) {
  const oxlint = results.get("oxlint");
  const eslint = results.get("eslint");
  const ratio = (a, b) => median(a.map((one, round) => one.wall / b[round].wall));
  console.log(`medians of ${rounds} rounds; ratios are medians of the rounds' own\n`);
  const rows = [["", "wall ms", "min", "CPU ms", "peak MB", "x oxlint", "ESLint is"]];
  for (const [name, list] of results)
    rows.push([name, median(list.map((one) => one.wall)).toFixed(0), Math.min(...list.map((one) => one.wall)).toFixed(0), median(list.map((one) => one.cpu)).toFixed(0), median(list.map((one) => one.rss)).toFixed(0), ratio(list, oxlint).toFixed(2), `${ratio(eslint, list).toFixed(1)}x`]);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "));
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function version(path) {
  return JSON.parse(readFileSync(here(path), "utf8")).version;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
