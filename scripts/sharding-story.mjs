// `node scripts/sharding-story.mjs <folder where npm installed turbo>`: runs pitlint in shards by Turborepo, as docs/sharding.md says, over a copy of the example system: one run in
// parts equals one run, a change in one package analyses that package alone, and what all depend on makes all again. Shows each step and fails at the first that does not end as it should.

import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { holds, tell, title } from "./story.mjs";

const [tools] = process.argv.slice(2);
const turbo = tools && resolve(tools, "node_modules/.bin/turbo");
if (!turbo || !existsSync(turbo)) {
  console.error("usage: node scripts/sharding-story.mjs <folder where `npm install turbo` was run>");
  process.exit(2);
}
const project = resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "pitlint-shards-"));
const root = join(scratch, "shop");
const env = { ...process.env, XDG_CACHE_HOME: join(scratch, "cache"), HOME: scratch, NO_COLOR: "1", TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
delete env.FORCE_COLOR;

const packages = ["gateway", "orders", "worker"];
const tasks = ["//", ...packages.map((name) => `@shop/${name}`)];
const shards = ["pitlint.facts", ...packages.map((name) => `${name}/pitlint.facts`)];

await tell(scratch, story);

function story() {
  title("the example system, as npm workspaces with the scripts of docs/sharding.md");
  cpSync(join(project, "examples/shop"), root, { recursive: true });
  install();
  prepare();
  console.log(`turbo ${execFileSync(turbo, ["--version"], { cwd: root, env, encoding: "utf8" }).trim()}, pitlint ${run(["--version"]).stdout.trim()}`);

  title("the first run makes every shard");
  expect(facts(), tasks);
  equalsOneRun();

  title("nothing changed: every shard comes from the cache");
  expect(facts(), []);
  equalsOneRun();

  title("a change in one package");
  const before = digests();
  appendFileSync(join(root, "orders/src/events.ts"), "\nexport const later = () => fetch(process.env.LATER_URL!);\n");
  expect(facts(), ["@shop/orders"]);
  const after = digests();
  holds(shards.every((shard) => (before.get(shard) === after.get(shard)) === (shard !== "orders/pitlint.facts")), "only the shard of orders has other bytes");
  equalsOneRun();

  title("a change of a manifest that belongs to no package");
  edit("k8s/orders.yaml", /terminationGracePeriodSeconds: \d+|replicas: \d+/, (found) => found.replace(/\d+/, "7"));
  expect(facts(), ["//"]);
  equalsOneRun();

  title("a change of what all packages depend on");
  appendFileSync(join(root, "pitlint.yaml"), "\n# looked at again\n");
  expect(facts(), tasks);
  equalsOneRun();

  title("shards that the cache lost are put back, and a stale one is refused");
  for (const shard of shards) rmSync(join(root, shard));
  expect(facts(), []);
  equalsOneRun();
  appendFileSync(join(root, "worker/src/config.ts"), "\n// newer than its shard\n");
  const { status, stdout, stderr } = run(["join", "--root", ".", ...shards]);
  console.log(`$ pitlint join --root . ${shards.join(" ")}\n${stderr.trimEnd()}\n(exit code ${status})`);
  holds(status === 2 && stdout === "" && stderr.includes("worker/src/config.ts"), "a stale shard ends with exit code 2 and names the file");
}

/** The package as it is published, where npm would put it. */
function install() {
  const name = execFileSync("npm", ["pack", "--ignore-scripts", "--loglevel", "error", "--pack-destination", scratch], { cwd: project, stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" }).trim().split("\n").at(-1);
  const at = join(root, "node_modules/pitlint");
  mkdirSync(at, { recursive: true });
  mkdirSync(join(root, "node_modules/.bin"));
  execFileSync("tar", ["-xzf", join(scratch, name), "-C", at, "--strip-components=1"]);
  const bin = JSON.parse(readFileSync(join(at, "package.json"), "utf8")).bin.pitlint;
  chmodSync(join(at, bin), 0o755);
  symlinkSync(join("../pitlint", bin), join(root, "node_modules/.bin/pitlint"));
}

function prepare() {
  const page = readFileSync(join(project, "docs/sharding.md"), "utf8");
  const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text.trim());
  const own = blocks.find((one) => one.startsWith('"pitlint:facts"'));
  const scripts = blocks.find((one) => one.startsWith('"scripts"'));
  const settings = blocks.find((one) => one.includes('"globalDependencies"'));
  holds(own && scripts && settings, "docs/sharding.md has the scripts of a package, those of the root, and turbo.json");
  for (const name of packages) {
    const at = join(root, name, "package.json");
    const said = JSON.parse(readFileSync(at, "utf8"));
    writeFileSync(at, JSON.stringify({ ...said, name: `@shop/${name}`, version: said.version ?? "1.0.0", scripts: { ...said.scripts, ...JSON.parse(`{${own}}`) } }, undefined, 2));
  }
  const version = JSON.parse(readFileSync(join(root, "node_modules/pitlint/package.json"), "utf8")).version;
  const npm = execFileSync("npm", ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const manifest = { name: "shop", private: true, packageManager: `npm@${npm}`, workspaces: packages, devDependencies: { pitlint: version }, ...JSON.parse(`{${scripts}}`) };
  writeFileSync(join(root, "package.json"), JSON.stringify(manifest, undefined, 2));
  const entries = Object.fromEntries(packages.flatMap((name) => [[name, JSON.parse(readFileSync(join(root, name, "package.json"), "utf8"))], [`node_modules/@shop/${name}`, { resolved: name, link: true }]]).map(([at, said]) => [at, said.link ? said : { name: said.name, version: said.version }]));
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ name: "shop", lockfileVersion: 3, requires: true, packages: { "": manifest, ...entries, "node_modules/pitlint": { version, dev: true } } }, undefined, 2));
  writeFileSync(join(root, "turbo.json"), settings);
  writeFileSync(join(root, ".gitignore"), "node_modules/\n.turbo/\npitlint.facts\n");
  for (const args of [["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "before"]]) execFileSync("git", args, { cwd: root, env });
}

/** Runs the tasks and returns those that ran, not those that came from the cache. */
function facts() {
  const { status, stdout, stderr } = spawnSync(turbo, ["run", "pitlint:facts", "--output-logs=hash-only", "--no-daemon", "--cache-dir", join(scratch, "turbo")], { cwd: root, env, encoding: "utf8" });
  const lines = (stdout + stderr).split("\n").filter((line) => /cache (hit|miss)|Cached:|ERROR|error/.test(line));
  console.log(`$ turbo run pitlint:facts\n${lines.join("\n")}`);
  holds(status === 0, `turbo ended with ${status}\n${(stdout + stderr).slice(-2000)}`);
  const said = new Map(lines.flatMap((line) => { const found = /^(\S+):pitlint:facts: cache (hit|miss)/.exec(line.trim()); return found ? [[found[1], found[2]]] : []; }));
  holds(tasks.every((task) => said.has(task)), `expected a line for each of ${tasks.join(", ")}`);
  return tasks.filter((task) => said.get(task) === "miss");
}

function expect(ran, expected) {
  holds(String(ran) === String(expected), `expected ${expected.join(", ") || "no task"} to run, and ${ran.join(", ") || "none"} did`);
}

function equalsOneRun() {
  for (const args of [[], ["--format", "json"], ["--format", "sarif"]]) {
    const one = run(["--no-cache", ...args]);
    const joined = run(["join", "--root", ".", ...shards, ...args]);
    holds(one.status === joined.status && one.stdout === joined.stdout && one.stderr === joined.stderr, `joined shards give the bytes of one run ${args.join(" ")}\n${joined.stderr.slice(-1000)}`);
    console.log(`joined ${args.at(-1) ?? "text"}: the ${one.stdout.length} characters of one run, exit code ${one.status}`);
  }
}

function run(args) {
  return spawnSync(process.execPath, [join(root, "node_modules/.bin/pitlint"), ...args], { cwd: root, env, encoding: "utf8", maxBuffer: 1 << 28 });
}

function digests() {
  return new Map(shards.map((shard) => [shard, createHash("sha256").update(readFileSync(join(root, shard))).digest("hex")]));
}

function edit(path, before, change) {
  const text = readFileSync(join(root, path), "utf8");
  holds(before.test(text), `${path} holds no ${before}`);
  writeFileSync(join(root, path), text.replace(before, change));
}
