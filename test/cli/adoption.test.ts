// What a team meets on its first day and on the day of an upgrade: init, doctor, packs, explain-change.

import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readConfigs } from "../../engine/read-config.ts";
import { packs } from "../../rules/packs/index.ts";
import { folderWith } from "../host/folder.ts";
import { clean, pitlint, report, warned } from "./run.ts";

const id = "timeout/http-call-without-timeout";
const compose = "services:\n  orders:\n    build: ./orders\n    image: acme/orders\n  cache:\n    image: redis:7\n  legacy-billing:\n    image: acme/finance-core\n";
const deployment = (name: string, image: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  template:\n    spec:\n      containers: [{ name: app, image: "${image}" }]\n`;
const shop = {
  ".git/HEAD": "", "package.json": '{ "private": true, "workspaces": ["orders", "billing"] }', "orders/package.json": '{ "name": "orders", "dependencies": { "@acme/logger": "1.0.0", "pino": "9.0.0" } }', "orders/a.ts": warned,
  "billing/package.json": '{ "name": "billing" }', "billing/b.ts": clean, "compose.yaml": compose,
  "deploy/prod/web.yaml": deployment("web", "acme/web"), "deploy/staging/web.yaml": deployment("web", "acme/web"),
};

describe("pitlint init", () => {
  it("writes what it found, and says it", async (test) => {
    const root = folderWith(test, shop);
    const { code, stdout } = await pitlint(root, ["init"]);
    assert.equal(code, 0);
    assert.match(stdout, /^services linked: orders\nworkloads: 1 linked, 2 not \(pitlint services\)\n {2}no package fits its image, names or build: compose\/legacy-billing \(compose\.yaml\), Deployment\/web \(deploy\/prod\/web\.yaml and 1 more file\)\n/);
    assert.match(stdout, /packages without a workload: billing\n/);
    assert.match(stdout, /@acme\/logger \(unknown: say what it behaves like\)/);
    assert.match(stdout, /\nwrote pitlint\.yaml\n\nnext: pitlint shows what it finds; pitlint baseline accepts that for now, so that only new findings are reported\n$/);
    const text = readFileSync(join(root, "pitlint.yaml"), "utf8");
    assert.match(text, /^profile: recommended$/m);
    assert.match(text, /^#   orders: orders runs as compose\/orders \(compose\.yaml\)$/m);
    assert.match(text, /^#   legacy-billing: \{ source: billing, workloads: \[compose\/legacy-billing\] \}$/m);
    assert.match(text, /^# loggers: \{ "@acme\/logger#logger": pino \}$/m);
    assert.match(text, /^#   prod: \["?deploy\/prod\/"?\]$/m);
    assert.doesNotMatch(text, /redis|cache/);
    assert.deepEqual((await report(root)).json.problems, []);
  });

  it("writes comments that are right once their # is gone", async (test) => {
    const root = folderWith(test, shop);
    await pitlint(root, ["init"]);
    const text = readFileSync(join(root, "pitlint.yaml"), "utf8").replace(/^# (?=\w+:)|^#(?= {3}\S+: [{[])/gm, "");
    const { problems, configs } = readConfigs([["pitlint.yaml", text]], packs);
    assert.deepEqual(problems, []);
    const [config] = configs;
    assert.deepEqual([config?.registryTtl?.known, config?.databaseMax?.known, config?.istioVersion?.known, config?.environments.map((one) => one.name)], [30_000, 100, "1.27", ["prod", "staging"]]);
    assert.ok(config!.services.some((one) => one.name === "legacy-billing"));
  });

  it("suggests only what would be of use, and says the rest in few lines", async (test) => {
    const services = Array.from({ length: 30 }, (_, index) => `  svc${index}: { image: acme/image-${index} }\n`).join("");
    const root = folderWith(test, {
      ".git/HEAD": "", "package.json": '{ "name": "all" }', "tools.ts": clean, "compose.yaml": `services:\n${services}`, "compose.full.yaml": `services:\n${services}`,
      "apps/svc7/package.json": '{ "name": "seven" }', "apps/svc7/a.ts": clean, "apps/api/package.json": '{ "name": "gateway" }', "apps/api/a.ts": clean, "libs/lib/package.json": '{ "name": "lib", "exports": "./a.js" }', "libs/lib/a.ts": clean,
    });
    const { stdout } = await pitlint(root, ["init"]);
    assert.match(stdout, /^workloads: 0 linked, 30 not \(pitlint services\)$/m);
    assert.ok(stdout.split("\n").length < 12, stdout);
    const text = readFileSync(join(root, "pitlint.yaml"), "utf8");
    assert.deepEqual(text.split("\n").filter((line) => line.includes("source:")), ["#   svc7: { source: apps/svc7, workloads: [compose/svc7] }", "#   api: { source: apps/api }"]);
    assert.match(text, /^# Workloads that no package fits; .*\n# {3}compose\/svc0, compose\/svc1, [\s\S]*and 5 more \(pitlint services\)$/m);
    assert.doesNotMatch(text, /workloads: \[[^\]]*\] \}\n.*workloads: \[compose\/svc8/);
    const { stdout: said } = await pitlint(root, ["doctor"]);
    assert.match(said, /^ {2}no package fits its image, names or build: compose\/svc0, compose\/svc1, .* and \d+ more$/m);
  });

  it("never overwrites", async (test) => {
    for (const name of ["pitlint.yaml", "pitlint.yml"]) {
      const root = folderWith(test, { ...shop, [name]: "profile: strict\n" });
      assert.deepEqual(await pitlint(root, ["init"]), { code: 2, stdout: "", stderr: `pitlint: ${name} exists already and stays as it is; pitlint doctor shows what it states\n` });
      assert.equal(readFileSync(join(root, name), "utf8"), "profile: strict\n");
    }
  });

  it("writes a nested file for one folder", async (test) => {
    const root = folderWith(test, { ...shop, "pitlint.yaml": "profile: strict\n" });
    assert.equal((await pitlint(root, ["init", "orders"])).code, 0);
    assert.ok(existsSync(join(root, "orders/pitlint.yaml")));
    assert.match((await pitlint(root, ["init", "nowhere"])).stderr, /no such folder: nowhere/);
  });
});

describe("pitlint doctor", () => {
  it("says what is running, on which configuration, and what was linked", async (test) => {
    const root = folderWith(test, { ...shop, "pitlint.yaml": "profile: strict\npacks: { node: \"1.0.0\" }\nregistry: { ttl: 30s }\n", "orders/pitlint.yaml": `profile: recommended\ngrades:\n  - paths: [old/]\n    rules: { ${id}: info }\n` });
    const { code, stdout } = await pitlint(root, ["doctor"]);
    assert.equal(code, 0);
    const newest = packs[0]!.releases.at(-1)!.version;
    for (const line of [/^pitlint \d+\.\d+\.\d+, Node\.js \d+/m, /^workspace \//m, /^cache \//m, /^profile strict$/m, new RegExp(`^pack node 1\\.0\\.0 \\(pinned to 1\\.0\\.0; newest is ${newest}: pitlint packs diff node@1\\.0\\.0 node@${newest}\\)$`, "m"), /^pitlint\.yaml governs \.$/m, /^orders\/pitlint\.yaml governs orders, and inherits from pitlint\.yaml$/m, /^ {2}registry TTL 30 s \(from pitlint\.yaml\)$/m, new RegExp(`^ {2}${id} is info in old/$`, "m"), /^ {2}orders \(orders\): compose\/orders/m, /^ {2}no package fits its image, names or build: .*compose\/legacy-billing/m])
      assert.match(stdout, line);
  });

  it("says that there is no configuration", async (test) => {
    assert.match((await pitlint(folderWith(test, { "a.ts": clean }), ["doctor"])).stdout, /^no pitlint\.yaml: built-in configuration/m);
  });

  const files = {
    ...shop,
    "pitlint.yaml": `ignore: [legacy/**]\ngrades:\n  - paths: [quiet.ts]\n    rules: { ${id}: off }\n`,
    ".gitignore": "*.gen.ts\n", "legacy/a.ts": warned, "a.gen.ts": warned, "a.test.ts": warned, "dist/a.ts": warned, "types.d.ts": "export {};\n", "README.md": "# x\n",
    "generated.ts": `// @generated\n${warned}`, "browser.tsx": warned, "nothing.ts": clean, "quiet.ts": warned, "broken.ts": `${warned}const = ;\n`,
    "hushed.ts": warned.replace("export", `// pitlint-ignore-next-line ${id} -- a batch\nexport`), "found.ts": warned, "examples/x.yaml": compose, "odd.yaml": "some: thing\nimage: x\n", "scripts/sock.ts": 'import WebSocket from "ws";\nconst socket = new WebSocket("ws://x");\nsocket.on("message", (text) => console.log(text));\n',
    "loose/templates/x.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Values.name }}\n",
  };
  const silent: readonly (readonly [file: string, said: RegExp])[] = [
    ["legacy/a.ts", /not read: pitlint\.yaml ignores it with "legacy\/\*\*"/],
    ["a.gen.ts", /not read: a \.gitignore ignores it/],
    ["README.md", /not read: pitlint reads TypeScript, JavaScript, YAML and Dockerfiles/],
    ["types.d.ts", /not read: declarations and minified files/],
    ["package.json", /read for names, versions and settings only/],
    ["pitlint.yaml", /configuration: read as such/],
    ["a.test.ts", /not judged: it is test code/],
    ["dist/a.ts", /not judged: it lies in a folder of built or vendored code/],
    ["generated.ts", /not judged: it says itself that it is generated/],
    ["nothing.ts", /mentions nothing that a rule looks for/],
    ["browser.tsx", /browser code: rules for servers do not look at it/],
    ["broken.ts", /not fully judged: syntax error/],
    ["hushed.ts", new RegExp(`no finding shown\\n {2}suppressed at hushed\\.ts:2: hushed\\.ts:3 .*\\(${id}\\): a batch`)],
    ["quiet.ts", new RegExp(`no finding shown\\n {2}silent: quiet\\.ts:2 .*\\(${id}\\): pitlint\\.yaml grades it off at pitlint\\.yaml:4`)],
    ["scripts/sock.ts", /silent: .*\(ws\/socket-error-unhandled\): pack node grades it off in scripts and development stages/],
    ["examples/x.yaml", /deploys nothing, by its name or folder: not judged/],
    ["loose/templates/x.yaml", /a template of no chart: nothing says what it becomes/],
    ["compose.yaml", /compose\/legacy-billing \(compose\.yaml\): linked to no package, so compared with no code: no package fits/],
    ["found.ts", /judged\n {2}belongs to package \., which no workload is linked to: it is compared with no manifest\n {2}1 finding shown/],
  ];
  it("says of a file why it is silent", async (test) => {
    const root = folderWith(test, files);
    for (const [file, said] of silent) {
      const { stdout } = await pitlint(root, ["doctor", file]);
      assert.ok(stdout.startsWith(`${file}\n  governed by pitlint.yaml\n`), stdout);
      assert.match(stdout, said);
    }
  });
  it("says that the baseline accepts a finding", async (test) => {
    const root = folderWith(test, shop);
    await pitlint(root, ["baseline"]);
    assert.match((await pitlint(root, ["doctor", "orders/a.ts"])).stdout, new RegExp(`no finding shown\\n {2}in the baseline: orders/a\\.ts:2 .*\\(${id}\\)`));
  });
  it("refuses what is not there", async (test) => {
    assert.match((await pitlint(folderWith(test, shop), ["doctor", "nowhere.ts"])).stderr, /no such file or folder: nowhere\.ts/);
  });
});

describe("pitlint packs", () => {
  const fetched = 'export async function page() {\n  const answer = await fetch("https://prices.internal/");\n  return answer.json();\n}\n';
  it("lists name, version, what it applies to and the last change", async (test) => {
    const root = folderWith(test, { "pitlint.yaml": 'packs: { node: "1.0.0" }\n', "a.ts": clean });
    const { code, stdout } = await pitlint(root, ["packs"]);
    assert.equal(code, 0);
    assert.match(stdout, /^node 1\.0\.0 \(pinned in pitlint\.yaml; newest is \d+\.\d+\.\d+\): Node\.js services\n {2}applies to Node\.js >=18\n {2}last change 2026-11-21: First release\.\n/);
    for (const pack of packs) assert.match(stdout, new RegExp(`^${pack.name} \\d`, "m"));
  });

  it("diff shows what an upgrade adds, removes and regrades here", async (test) => {
    const root = folderWith(test, { "a.ts": fetched, "b/c.ts": fetched, "health.ts": clean });
    const { code, stdout } = await pitlint(root, ["packs", "diff", "node@1.0.0", "node@1.0.1"]);
    assert.equal(code, 0);
    assert.match(stdout, /^node 1\.0\.1 \(2026-11-21\): fetch and undici end by themselves/);
    assert.match(stdout, /\nregraded\n {2}a\.ts:2:24 warning -> info: .*\(timeout\/http-call-without-timeout\)\n {2}b\/c\.ts:2:24 warning -> info/);
    assert.match(stdout, /\nnode 1\.0\.0 -> 1\.0\.1: 0 findings added, 0 removed, 2 regraded, \d+ as before\n$/);
    assert.match((await pitlint(root, ["packs", "diff", "node@1.0.1", "node@1.0.0", "b"])).stdout, /0 findings added, 0 removed, 1 regraded/);
  });

  it("diff shows added and removed findings", async (test) => {
    const root = folderWith(test, {
      ".git/HEAD": "", "package.json": '{ "name": "orders" }', "src/a.ts": 'export const url = process.env.PRICES_URL!;\n', "k8s/orders.yaml": deployment("orders", "acme/orders").replace("image:", "env: [{ name: PRICE_URL, value: x }], image:"),
    });
    const { stdout } = await pitlint(root, ["packs", "diff", "node@1.0.1", "node@1.1.0"]);
    assert.match(stdout, /\nadded\n {2}\S+ \w+: .*\(config\/env-not-provided\)/);
    assert.match((await pitlint(root, ["packs", "diff", "node@1.1.0", "node@1.0.1"])).stdout, /\nremoved\n {2}\S+ \w+: .*\(config\/env-not-provided\)/);
  });

  it("refuses what it does not know", async (test) => {
    const root = folderWith(test, { "a.ts": clean });
    for (const [args, said] of [["dif", "packs takes nothing, or diff and two versions: pitlint packs diff node@1.0.0 node@1.0.1"], ["diff node 1.0.0", 'expected a pack and its version, such as node@1.0.0; got "node"'], ["diff nod@1.0.0 node@1.0.1", 'unknown pack "nod"; known packs are node, kubernetes, observability, spring'], ["diff node@9 node@1.0.1", /^unknown version "9" of pack node; known versions are 1\.0\.0/], ["diff node@1.0.0 spring@1.0.0", "packs diff compares two versions of one pack, got node and spring"]] as const) {
      const { code, stderr } = await pitlint(root, ["packs", ...args.split(" ")]);
      assert.equal(code, 2);
      if (typeof said === "string") assert.equal(stderr, `pitlint: ${said}\n`);
      else assert.match(stderr.slice("pitlint: ".length), said);
    }
  });
});

describe("pitlint explain-change", () => {
  const before = { ".git/HEAD": "", "package.json": '{ "name": "orders", "dependencies": { "axios": "1.6.0" } }', "a.ts": warned, "b.ts": warned };
  const changed = async (test: import("node:test").TestContext, change: (root: string) => void, files: Record<string, string> = before, args: readonly string[] = []) => {
    const root = folderWith(test, files);
    await pitlint(root, ["--format", "json=before.json", ...args]);
    change(root);
    const { code, stdout, stderr } = await pitlint(root, ["explain-change", "before.json"]);
    assert.deepEqual([code, stderr], [0, ""]);
    return stdout;
  };

  it("says that nothing changed", async (test) => {
    assert.equal(await changed(test, () => {}), "0 new, 0 gone, 2 findings as in before.json\n");
  });
  it("names code", async (test) => {
    const said = await changed(test, (root) => {
      rmSync(join(root, "a.ts"));
      writeFileSync(join(root, "c.ts"), warned.replace("quote", "price"));
    });
    assert.match(said, /^new {3}c\.ts:2:\d+ warning: .*\n {8}code: c\.ts is new, or mentioned nothing\ngone {2}a\.ts:2:\d+ warning: .*\n {8}code: a\.ts is gone/);
    assert.match(said, /\n\n1 new, 1 gone, 1 finding as in before\.json\n$/);
  });
  it("names suppressions", async (test) => {
    assert.match(await changed(test, (root) => writeFileSync(join(root, "a.ts"), warned.replace("export", `// pitlint-ignore-next-line ${id} -- a batch\nexport`))), /^gone .*\n {8}code: suppressed at a\.ts:2: a batch\n/m);
  });
  it("names configuration", async (test) => {
    const said = await changed(test, (root) => writeFileSync(join(root, "pitlint.yaml"), `grades:\n  - paths: [a.ts]\n    rules: { ${id}: off }\n`));
    assert.match(said, /^gone {2}a\.ts.*\n {8}configuration: graded off at pitlint\.yaml:3\n {8}configuration: pitlint\.yaml is new\n/);
  });
  it("names the release of a pack that did it", async (test) => {
    const files = { ".git/HEAD": "", "package.json": '{ "name": "orders" }', "pitlint.yaml": 'packs: { node: "1.0.1" }\n', "src/a.ts": "export const url = process.env.PRICES_URL!;\n", "k8s/orders.yaml": deployment("orders", "acme/orders").replace("image:", "env: [{ name: PRICE_URL, value: x }], image:") };
    const said = await changed(test, (root) => writeFileSync(join(root, "pitlint.yaml"), 'packs: { node: "1.1.0" }\n'), files);
    assert.match(said, /^new {3}src\/a\.ts.*\(config\/env-not-provided\)\n {8}rules: node 1\.0\.1 -> 1\.1\.0: What code asks/);
  });
  it("names findings of another grade, and the release or the configuration that did it", async (test) => {
    const fetched = 'export async function page() {\n  const answer = await fetch("https://prices.internal/");\n  return answer.json();\n}\n';
    const files = { ".git/HEAD": "", "package.json": '{ "name": "orders" }', "pitlint.yaml": 'packs: { node: "1.0.0" }\n', "a.ts": fetched };
    const upgraded = await changed(test, (root) => writeFileSync(join(root, "pitlint.yaml"), 'packs: { node: "1.0.1" }\n'), files);
    assert.match(upgraded, /^grade a\.ts:2:24 warning -> info: .*\(timeout\/http-call-without-timeout\)\n {8}rules: node 1\.0\.0 -> 1\.0\.1: fetch and undici .*\n {8}configuration: pitlint\.yaml changed\n\n0 new, 0 gone, 1 regraded, 0 findings as in before\.json\n$/);
    const graded = await changed(test, (root) => writeFileSync(join(root, "pitlint.yaml"), `packs: { node: "1.0.0" }\ngrades:\n  - rules: { ${id}: error }\n`), files);
    assert.match(graded, /^grade a\.ts:2:24 warning -> error: .*\n {8}configuration: pitlint\.yaml changed\n\n/);
  });
  it("names libraries", async (test) => {
    const call = 'import fetch from "node-fetch";\nexport const price = () => fetch("http://prices/", { timeout: 2_000 });\n';
    const manifest = (version: string) => `{ "name": "orders", "dependencies": { "node-fetch": "${version}" } }`;
    const said = await changed(test, (root) => writeFileSync(join(root, "package.json"), manifest("2.6.0")), { ".git/HEAD": "", "package.json": manifest("3.2.0"), "a.ts": call }, ["--rule", "timeout/option-without-effect"]);
    assert.match(said, /^gone {2}a\.ts.*\(timeout\/option-without-effect\)\n(?: {8}.*\n)? {8}libraries: node-fetch 3\.2\.0 -> 2\.6\.0 in \.\n/);
  });
  it("compares the paths of the earlier run", async (test) => {
    assert.equal(await changed(test, () => {}, before, ["a.ts"]), "0 new, 0 gone, 1 finding as in before.json\n");
  });
  it("refuses what is no report", async (test) => {
    const root = folderWith(test, { "a.ts": clean, "x.json": "{", "y.json": "{}", "z.json": '{ "version": 1, "tool": {}, "diagnostics": [] }' });
    for (const [file, said] of [["no.json", /cannot read no\.json: /], ["x.json", /x\.json is no JSON; expected what pitlint --format json=x\.json writes/], ["y.json", /y\.json is no report of pitlint/], ["z.json", /z\.json does not say what it rests on; write it again/]] as const) {
      const { code, stderr } = await pitlint(root, ["explain-change", file]);
      assert.equal(code, 2);
      assert.match(stderr, said);
    }
  });
});

describe("a nested pitlint.yaml", () => {
  it("inherits also when the run starts in its folder", async (test) => {
    const root = folderWith(test, { ".git/HEAD": "", "pitlint.yaml": `grades:\n  - rules: { ${id}: info }\n`, "apps/a/pitlint.yaml": "profile: strict\n", "apps/a/a.ts": warned });
    const { json } = await report(join(root, "apps/a"));
    assert.deepEqual(json.diagnostics.map((one) => [one.file, one.severity]), [["a.ts", "info"]]);
  });
});
