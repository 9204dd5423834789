// `node scripts/adoption-story.mjs <folder> [--npm]`: adopts pitlint in a copy of any repository, from the packed package, as a team does: init, baseline, a new
// pitfall, its fix, a suppression that ends, an upgrade of a pack. Shows each step and fails at the first that does not end as it should. The folder itself is only read.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { holds, tell, title } from "./story.mjs";

const [folder, how] = process.argv.slice(2);
if (!folder || !existsSync(folder) || (how !== undefined && how !== "--npm")) {
  console.error("usage: node scripts/adoption-story.mjs <folder> [--npm]");
  process.exit(2);
}
const project = resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "pitlint-story-"));
const root = join(scratch, basename(resolve(folder)));
const quiet = { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" };
const env = { ...process.env, XDG_CACHE_HOME: join(scratch, "cache"), HOME: scratch, NO_COLOR: "1" };
delete env.FORCE_COLOR;

/** The service that the team works on: it is put into the copy, so that the story is the same in every repository. */
const home = "pitlint-story";
const call = (more = "") => `import axios from "axios";\n\nexport async function price(id: string) {\n  const { data } = await axios.get(\`https://prices.internal/\${id}\`${more});\n  return data;\n}\n`;
const settings = 'import { Server } from "@grpc/grpc-js";\n\nexport const server = new Server({ "grpc.max_connection_age_ms": 60_000, "grpc.max_receive_message_length": 4_194_304, "grpc.max_metadata_size": 16_384 });\n';
const environment = 'export const url = process.env.PRICES_URL!;\n';
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${home} }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${home} } }
  template:
    metadata: { labels: { app: ${home} } }
    spec:
      containers:
        - name: ${home}
          image: acme/${home}:1.0.0
          env: [{ name: PRICE_URL, value: "https://prices.internal/" }]
`;
const without = "timeout/http-call-without-timeout";
const effect = "timeout/option-without-effect";
const provided = "config/env-not-provided";

await tell(scratch, story);

async function story() {
  install();
  cpSync(folder, root, { recursive: true, verbatimSymlinks: true, filter: (from) => !/[\\/](node_modules|\.git|pitlint(-baseline)?\.(ya?ml|json))$/.test(from) });
  write("package.json", JSON.stringify({ name: home, private: true, dependencies: { axios: "1.7.0", "@grpc/grpc-js": "1.12.0" } }));
  write("src/price.ts", call(", { timeout: 5_000 }"));
  write("src/legacy.ts", call().replace("price", "legacyPrice"));
  write("k8s/deployment.yaml", deployment);
  git("init", "-q");
  commit("before pitlint");

  title("the first day");
  run(["init"], { tail: 3 });
  has("pitlint.yaml", /^packs: \{ node: "\d/m);
  run(["doctor"], { head: 12 });
  run(["init"], { exits: [2] });
  const first = json([], "before.json", { exits: [0, 1] });
  holds(first.diagnostics.some((one) => one.file === `${home}/src/legacy.ts` && one.rule === without), "the service's old pitfall is found");
  run(["baseline"], { says: new RegExp(`^pitlint-baseline\\.json accepts ${first.diagnostics.length} findings?$`, "m") });
  run(["--fail-on-stale-baseline"], { says: new RegExp(`no findings.*; ${first.diagnostics.length} in the baseline`), tail: 1 });
  commit("adopt pitlint");

  title("a new pitfall: CI fails with that finding and no other");
  const clean = json([], "clean.json");
  write("src/price.ts", call());
  only(["--format", "compact"], without, "src/price.ts");
  only(["--since", "HEAD", "--format", "compact"], without, "src/price.ts");
  run(["explain-change", "clean.json"], { says: /^new {3}.*\n {8}code: pitlint-story\/src\/price\.ts changed\n\n1 new, 0 gone, 0 findings as in clean\.json$/m });
  holds(clean.diagnostics.length === 0, "nothing was reported before");

  title("fixed");
  run(["--fix", "--format", "compact"], { exits: [1], says: without });
  run(["--fix-dry-run", "--unsafe-fixes"], { exits: [1], says: /^\+ .*timeout: \d/m, head: 12 });
  run(["--fix", "--unsafe-fixes"], { says: "no findings", tail: 1 });
  has(`${home}/src/price.ts`, /timeout: \d/);
  write("src/server.ts", settings);
  run(["--fix", "--format", "compact"]);
  holds(!readFileSync(join(root, home, "src/server.ts"), "utf8").includes("max_metadata_size"), "--fix alone removes the option without effect");
  commit("timeouts");

  title("a suppression that ends");
  const suppressed = (until) => call().replace("  const", `  // pitlint-ignore-next-line ${without} until ${until} owner @prices -- the new client comes next month\n  const`);
  write("src/price.ts", suppressed("2999-12-31"));
  run(["--report-suppressed"], { says: /suppressed: .*\n.*owner @prices; until 2999-12-31/, tail: 4 });
  write("src/price.ts", suppressed("2020-01-31"));
  run([], { exits: [1], says: /suppression: is past its date 2020-01-31 and silences nothing/, tail: 8 });
  write("src/price.ts", call(", { timeout: 5_000 }"));

  title("an upgrade of a pack: pinned, looked at, taken, explained");
  const newest = /^packs: .*\bnode: "([\d.]+)"/m.exec(readFileSync(join(root, "pitlint.yaml"), "utf8"))[1];
  const pin = (version) => edit("pitlint.yaml", /(?<=^packs: .*\bnode: ")[\d.]+/m, version);
  pin("1.0.0");
  write("src/url.ts", environment);
  run(["packs"], { says: new RegExp(`^node 1\\.0\\.0 \\(pinned in pitlint\\.yaml; newest is ${newest.replaceAll(".", "\\.")}\\)`, "m"), head: 3 });
  const pinned = json([], "pinned.json");
  holds(pinned.diagnostics.length === 0, "the pinned release does not report the variable");
  run(["packs", "diff", "node@1.0.0", `node@${newest}`], { says: new RegExp(`^  ${home}/src/url\\.ts:1:\\d+ \\w+: .*\\(${provided}\\)$`, "m"), head: 3, tail: 4 });
  pin(newest);
  run(["explain-change", "pinned.json"], { says: new RegExp(`^new {3}${home}/src/url\\.ts:1.*\\(${provided}\\)\\n {8}rules: node 1\\.0\\.0 -> ${newest}: `, "m"), tail: 4 });
  edit(`${home}/k8s/deployment.yaml`, "PRICE_URL", "PRICES_URL");
  run([], { says: "no findings", tail: 1 });

  title("the baseline shrinks");
  write("src/legacy.ts", call(", { timeout: 5_000 }").replace("price", "legacyPrice"));
  run(["--fail-on-stale-baseline"], { exits: [1], says: `stale in the baseline: ${home}/src/legacy.ts ${without}`, tail: 3 });
  run(["baseline", "--prune"], { says: /: 0 added, 1 removed$/m });

  title("a mistake in the configuration");
  edit("pitlint.yaml", /^profile:/m, "profil:");
  run(["--fail-on-stale-baseline"], { exits: [2], says: /pitlint\.yaml:\d+:1 config: unknown key "profil"; did you mean profile\?/, tail: 3 });
}

/** Packs and installs. Without --npm nothing stands beside the package, so that what it holds must be enough, and no network is needed. */
function install() {
  title("npm pack");
  const name = execFileSync("npm", ["pack", "--ignore-scripts", "--loglevel", "error", "--pack-destination", scratch], { cwd: project, ...quiet }).trim().split("\n").at(-1);
  const at = join(scratch, "node_modules/pitlint");
  if (how === "--npm") {
    writeFileSync(join(scratch, "package.json"), '{ "private": true }');
    execFileSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel", "error", join(scratch, name)], { cwd: scratch, stdio: "inherit" });
  } else {
    mkdirSync(at, { recursive: true });
    execFileSync("tar", ["-xzf", join(scratch, name), "-C", at, "--strip-components=1"]);
  }
  console.log(`${name} ${how === "--npm" ? "installed by npm" : "unpacked into an empty node_modules"}`);
}

function pitlint(args) {
  const at = join(scratch, "node_modules/pitlint");
  const { bin } = JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
  return spawnSync(process.execPath, [join(at, bin.pitlint), ...args], { cwd: root, env, encoding: "utf8", maxBuffer: 1 << 28 });
}

/** Runs and shows one step. `says`: what the output must hold; `head` and `tail`: lines of it that are shown, all without them. */
function run(args, { exits = [0], says, head, tail } = {}) {
  const { status, stdout, stderr } = pitlint(args);
  const output = stdout + stderr;
  console.log(`\n$ pitlint ${args.join(" ")}\n${shortened(output.trimEnd(), head, tail)}\n(exit code ${status})`);
  holds(exits.includes(status), `expected exit code ${exits.join(" or ")}, got ${status}\n${output.slice(-2000)}`);
  if (says !== undefined) holds(typeof says === "string" ? output.includes(says) : says.test(output), `expected ${says} in\n${output.slice(-4000)}`);
  return stdout;
}

function json(args, name, { exits } = {}) {
  run([...args, "--format", `json=${name}`, "--format", "text"], { exits, tail: 1 });
  return JSON.parse(readFileSync(join(root, name), "utf8"));
}

/** A run that reports one finding of a rule in a file of the service, and fails. */
function only(args, rule, file) {
  const lines = run(args, { exits: [1] }).trimEnd().split("\n");
  holds(lines.length === 1 && lines[0].startsWith(`${home}/${file}:`) && lines[0].endsWith(`(${rule})`), `expected one finding of ${rule} in ${file}`);
}

function shortened(text, head, tail) {
  const lines = text.split("\n");
  if (head === undefined && tail === undefined) return text;
  if (lines.length <= (head ?? 0) + (tail ?? 0)) return text;
  return [...lines.slice(0, head ?? 0), `... ${lines.length - (head ?? 0) - (tail ?? 0)} lines more`, ...(tail ? lines.slice(-tail) : [])].join("\n");
}

function write(path, text) {
  mkdirSync(dirname(join(root, home, path)), { recursive: true });
  writeFileSync(join(root, home, path), text);
}

function edit(path, before, after) {
  const text = readFileSync(join(root, path), "utf8");
  holds(text.search(before) >= 0, `${path} holds no ${before}`);
  writeFileSync(join(root, path), text.replace(before, after));
}

function git(...args) {
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main", "-c", "gc.auto=0", ...args], { cwd: root, env, ...quiet });
}

function commit(message) {
  git("add", "-A");
  git("commit", "-q", "-m", message);
}

function has(path, pattern) {
  holds(pattern.test(readFileSync(join(root, path), "utf8")), `${path} does not hold ${pattern}`);
}
