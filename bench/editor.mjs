// Measures the language server as an editor uses it, beside those of oxlint and yaml-language-server: npm run bench:editor [-- <folder>] [--files <n>] [--keystrokes <n>]. Asserts nothing but that there was something to measure.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { clock, startPeer } from "./editor/peer.mjs";
import { manifest, registry, source, ttl, typingMark, writeProbe } from "./editor/probe.mjs";
import { generate } from "./generate.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { files: { type: "string", default: "5000" }, keystrokes: { type: "string", default: "200" }, peers: { type: "boolean", default: true }, profile: { type: "string" } }, allowNegative: true });
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
if (!existsSync(here("../dist/cli.js"))) fail("bench: ../dist/cli.js is missing; run npm run build first");
const keystrokes = Number(values.keystrokes);
const scratch = mkdtempSync(join(tmpdir(), "pitlint-bench-editor-"));
try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function main() {
  const root = join(scratch, "workspace");
  mkdirSync(root);
  if (positionals[0] === undefined) {
    const { files, bytes } = generate(root, Number(values.files));
    console.log(`generated ${files} files, ${(bytes / 1e6).toFixed(1)} MB`);
  } else {
    const folder = resolve(positionals[0]);
    if (!existsSync(folder)) fail(`bench: no such folder: ${folder}`);
    cpSync(folder, root, { recursive: true, verbatimSymlinks: true, filter: (path) => !["node_modules", ".git"].includes(basename(path)) });
    console.log(`a copy of ${folder}`);
  }
  writeProbe(root);
  console.log(`${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${availableParallelism()} cores, ${process.platform}, Node ${process.versions.node}`);
  // No time of a file that was written within the last two seconds is trusted; the first reading also fills the system's own cache.
  await sleep(2_500);
  const rows = [["", "first ms", "first 20 keys", "key p50", "key p95", "YAML p50", "YAML p95", "cross p95", "action p95", "index block", "typing block", "MB after index", "diagnostics"]];
  for (const one of peers(root)) {
    if (!existsSync(one.script)) {
      console.log(`${one.name} is not measured: npm ci in bench/ installs it`);
      continue;
    }
    for (const state of one.states) rows.push(await measured({ ...one, name: state ? `${one.name}, ${state}` : one.name }));
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "));
}

function peers(root) {
  const version = (path) => JSON.parse(readFileSync(here(path), "utf8")).version;
  const all = [{ name: `pitlint ${version("../package.json")}`, script: here("../dist/cli.js"), args: ["lsp", "--stdio"], cache: join(scratch, "cache"), states: ["no cache", "cache"], languages: ["ts", "yaml"] }];
  const modules = here("node_modules/");
  if (values.peers && existsSync(`${modules}oxlint/package.json`)) all.push({ name: `oxlint ${version("node_modules/oxlint/package.json")}`, script: `${modules}oxlint/bin/oxlint`, args: ["--lsp"], options: [{ workspaceUri: `file://${root}`, options: { run: "onType", configPath: here("oxlintrc.json") } }], states: [""], languages: ["ts"] });
  if (values.peers && existsSync(`${modules}yaml-language-server/package.json`)) all.push({ name: `yaml-language-server ${version("node_modules/yaml-language-server/package.json")}`, script: `${modules}yaml-language-server/bin/yaml-language-server`, args: ["--stdio"], options: { validate: true, schemaStore: { enable: false }, kubernetesCRDStore: { enable: false } }, states: [""], languages: ["yaml"] });
  return all.map((one) => ({ ...one, root }));
}

/** One server: cold start, typing in TypeScript, typing in YAML, an edit of one that changes the other, code actions. */
async function measured(peer) {
  const server = await startPeer({ ...peer, monitor: join(scratch, "monitor.json"), nodeArgs: values.profile ? ["--cpu-prof", `--cpu-prof-dir=${resolve(values.profile)}`] : [] });
  const [ts, yaml] = ["ts", "yaml"].map((language) => peer.languages.includes(language));
  const first = await server.after(ts ? source : manifest, () => server.open(ts ? source : manifest, ts ? "typescript" : "yaml"));
  const indexed = clock();
  if (first.items.length === 0) fail(`bench: ${peer.name} finds nothing in the probe`);
  const row = { first: indexed - server.started };
  // The first ones meet code that V8 has not compiled yet: they are told apart, and there are enough of the others.
  if (ts) row.keys = await typed(server, source, server.text(source).indexOf(typingMark), "const price = await quote(order, AbortSignal.timeout(500));\n  ", 5 * keystrokes);
  const typing = clock();
  if (yaml) {
    if (ts) await server.after(manifest, () => server.open(manifest, "yaml"));
    row.yaml = await typed(server, manifest, server.text(manifest).indexOf("replicas"), "minReadySeconds: 15\n  ");
  }
  if (ts && yaml) {
    await server.after(registry, () => server.open(registry, "yaml"));
    row.cross = await crossed(server);
    row.actions = [];
    for (let count = 0; count < keystrokes; count++) {
      const { range } = first.items[count % first.items.length];
      const { ms, actions } = await server.codeActions(source, range);
      if (actions.length === 0) fail(`bench: ${peer.name} offers no action`);
      row.actions.push(ms);
    }
  }
  const monitored = await server.stop();
  const between = (list, from, to) => (list ?? []).filter(([at]) => at >= from && at < to).map(([, value]) => value);
  const most = (list) => (list.length ? Math.max(...list).toFixed(0) : "0");
  const memory = (monitored?.memory ?? []).filter(([at]) => at <= indexed + 200).at(-1)?.[1];
  return [
    `${peer.name} (${server.pulls ? "asked" : "sent"})`, row.first.toFixed(0), at(row.keys?.slice(0, 20), 0.5), at(row.keys, 0.5), at(row.keys, 0.95), at(row.yaml, 0.5), at(row.yaml, 0.95), at(row.cross, 0.95), at(row.actions, 0.95),
    monitored ? most(between(monitored.delays, server.initialized, indexed)) : "-", monitored ? most(between(monitored.delays, indexed, typing)) : "-", memory?.toFixed(0) ?? "-", String(first.items.length),
  ];
}

/** Types a text and takes it away again, one character after the other, until there were enough. */
async function typed(server, path, start, text, least = keystrokes) {
  const times = [];
  while (times.length < least)
    for (const way of ["in", "out"])
      for (let index = 0; index < text.length; index++) {
        const here = way === "in" ? start + index : start + text.length - 1 - index;
        times.push((await server.after(path, () => (way === "in" ? server.edit(path, here, here, text[index]) : server.edit(path, here, here + 1, "")))).ms);
        await sleep(5);
      }
  return times;
}

/** The registry's TTL goes up and down; each time findings in TypeScript come or go. */
async function crossed(server) {
  const times = [];
  let before = ttl;
  let count = (await server.after(source, () => {})).items.length;
  // An even number of times: what was found first is found at last.
  while (times.length < keystrokes / 2 || times.length % 2 === 1) {
    const next = before === ttl ? "90s" : ttl;
    const start = server.text(registry).indexOf(before);
    const { ms, items } = await server.after(source, () => server.edit(registry, start, start + before.length, next));
    if (items.length === count) fail("bench: the edit of the registry changed no finding");
    times.push(ms);
    [before, count] = [next, items.length];
    await sleep(5);
  }
  return times;
}

function at(list, share) {
  if (!list) return "-";
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
