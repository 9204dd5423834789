// Where the time of one run of pitlint goes, from a CPU profile of an unminified build: node bench/profile.mjs <folder> [arguments of pitlint]. Prints markdown.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The innermost function of a call that lies in one of these files tells what it is for. What is in none, such as a question about a tree, belongs to who asks. */
const phases = [
  ["enumerate", /^host\/(enumerate|gitignore)\.ts$/],
  ["read and scan", /^host\/(read|disk|scan)\.ts$|^engine\/(mention|demand)\.ts$/],
  ["parse TypeScript", /^engine\/typescript\/(parse|compiler)\.ts$|^parser\.cjs$/],
  ["parse YAML, templates, Dockerfiles", /^engine\/yaml\/(parse|guard|chart-template|mask)\.ts$|^engine\/dockerfile\/|^dockerfile\.cjs$/],
  ["extraction", /^engine\/(extract|suppress\w*)\.ts$|^engine\/typescript\/exports\.ts$/],
  ["link", /^engine\/(link|service|resolve|chart|compose|kustomize|environment|fact-table|fact-view|version|workload|workspace)\.ts$|^engine\/yaml\/fill\.ts$/],
  ["check", /^engine\/(lint|grading|filled|baseline|fingerprint)\.ts$/],
  ["cache", /^host\/cache[\w-]*\.ts$/],
  ["messages between threads", /^host\/(pool|serve|worker-slot)\.ts$/],
  ["report", /^cli\/report\/|^cli\/(finish|paint)\.ts$|^engine\/lower\.ts$/],
];

const [, , folder, ...args] = process.argv;
if (folder === undefined) {
  console.error("profile: name a folder: node bench/profile.mjs <folder> [arguments of pitlint, such as --no-cache]");
  process.exit(2);
}
const project = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "pitlint-profile-"));
try {
  build("--readable");
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--cpu-prof", `--cpu-prof-dir=${scratch}`, join(project, "dist/cli.js"), ...args, "."], { cwd: resolve(folder), encoding: "utf8", maxBuffer: 2 ** 30 });
  if (![0, 1, 3].includes(status)) throw new Error(`pitlint ended with ${status}: ${stderr}`);
  print(performance.now() - start, readdirSync(scratch).filter((name) => name.endsWith(".cpuprofile")).sort().map((name) => JSON.parse(readFileSync(join(scratch, name), "utf8"))));
} finally {
  rmSync(scratch, { recursive: true, force: true });
  build();
}

function build(...flags) {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/build.mjs", ...flags], { cwd: project, encoding: "utf8" });
  if (status !== 0) throw new Error(`the build failed: ${stderr}`);
}

function print(wall, profiles) {
  const threads = profiles.map(timesOf);
  const names = [...phases.map(([name]) => name), "start and the rest", "garbage collection"];
  console.log(`${(wall / 1000).toFixed(2)} s, profiler included. Seconds of each thread; the first is the main one.\n`);
  console.log(`| | ${threads.map((_, at) => (at === 0 ? "main" : `worker ${at}`)).join(" | ")} | together | |\n| --- |${" ---: |".repeat(threads.length + 2)}`);
  const all = threads.reduce((sum, one) => sum + [...one.values()].reduce((a, b) => a + b, 0), 0) - threads.reduce((sum, one) => sum + (one.get("idle") ?? 0), 0);
  for (const name of names) {
    const own = threads.map((one) => one.get(name) ?? 0);
    const sum = own.reduce((a, b) => a + b, 0);
    console.log(`| ${name} | ${own.map(seconds).join(" | ")} | ${seconds(sum)} | ${((100 * sum) / all).toFixed(0)} % |`);
  }
}

/** Microseconds by phase. */
function timesOf({ nodes, samples, timeDeltas }) {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const phase = new Map();
  // Callers come before what they call.
  for (const node of nodes) phase.set(node.id, ownPhase(node) ?? phase.get(parents.get(node.id)) ?? "start and the rest");
  const times = new Map();
  samples.forEach((id, at) => times.set(phase.get(id), (times.get(phase.get(id)) ?? 0) + timeDeltas[at]));
  return times;
}

function ownPhase({ callFrame: { functionName, url, lineNumber } }) {
  if (functionName === "(garbage collector)") return "garbage collection";
  if (functionName === "(idle)") return "idle";
  const source = sourceOf(url, lineNumber);
  return source && phases.find(([, pattern]) => pattern.test(source))?.[0];
}

/** The source file of a line of a bundle, from the comments that the bundler leaves. */
function sourceOf(url, line) {
  const name = url.slice(url.lastIndexOf("/") + 1);
  if (!url.includes("/dist/")) return undefined;
  if (name.endsWith(".cjs")) return name;
  const starts = (sourceOf.bundles ??= new Map()).get(url) ?? startsOf(url);
  sourceOf.bundles.set(url, starts);
  return starts.findLast((one) => one.line <= line)?.source;
}

function startsOf(url) {
  return readFileSync(fileURLToPath(url), "utf8").split("\n").flatMap((text, line) => {
    const source = /^\/\/ ((?:engine|rules|host|cli)\/[\w./-]+\.ts|node_modules\/.*)$/.exec(text)?.[1];
    return source ? [{ line, source: source.startsWith("node_modules/yaml/") ? "engine/yaml/parse.ts" : source }] : [];
  });
}

function seconds(micros) {
  return (micros / 1e6).toFixed(2);
}
