// Where people run pitlint: ESLint, hooks, the action, the Helm plugin, the Node API. Each is run as its tool runs it; what only the network has, npx, is replaced by this build.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, it, type TestContext } from "node:test";
import { ESLint } from "eslint";
import { parse } from "yaml";
import { analyse, rulesOf } from "../engine/analyse.ts";
import { parseExample } from "../engine/example.ts";
import { readConfigs } from "../engine/read-config.ts";
import { singleFile } from "../host/eslint.ts";
import { packs } from "../rules/packs/index.ts";
import { folderWith } from "./host/folder.ts";
import { cli, warned } from "./cli/run.ts";
import type { Facts, Pack, Rule, Source } from "../engine/types.ts";

const project = join(import.meta.dirname, "..");
const built = (name: string): Promise<any> => import(pathToFileURL(join(project, "dist", name)).href);
const race = 'export async function load(work) {\n  const timer = setTimeout(() => console.log("late"), 1000);\n  const result = await work();\n  clearTimeout(timer);\n  return result;\n}\n';

describe("pitlint/eslint", () => {
  const lintIn = async (cwd: string, fix = false) => {
    const { default: plugin } = await built("eslint.js");
    return new ESLint({ cwd, overrideConfigFile: true, overrideConfig: plugin.configs.recommended, fix }).lintFiles(["**/*.js"]);
  };

  it("reports findings of one file, with fixes and suggestions", async (test) => {
    const root = folderWith(test, { "src/a.js": race });
    const [{ messages }] = (await lintIn(root)) as [ESLint.LintResult];
    assert.deepEqual(messages.map((one) => [one.ruleId, one.severity, one.line, one.column]), [["pitlint/timeout/timer-not-cleared", 1, 4, 3]]);
    const { fix, desc } = messages[0]!.suggestions![0]!;
    assert.match(desc, /finally/);
    assert.match(race.slice(0, fix.range[0]) + fix.text + race.slice(fix.range[1]), /finally \{\s*clearTimeout\(timer\);\s*\}/);
  });

  it("applies safe fixes", async (test) => {
    const server = 'import { Server } from "@grpc/grpc-js";\nexport const server = new Server({ "grpc.max_connection_age_ms": 60_000, "grpc.max_metadata_size": 16_384 });\n';
    const [{ output, messages }] = (await lintIn(folderWith(test, { "a.js": server }), true)) as [ESLint.LintResult];
    assert.equal(output, server.replace(', "grpc.max_metadata_size": 16_384', ""));
    assert.ok(messages.every((one) => one.ruleId !== "pitlint/timeout/option-without-effect"));
  });

  it("knows versions, pitlint.yaml and suppressions", async (test) => {
    const call = 'import fetch from "node-fetch";\nexport const price = () => fetch("http://prices/", { timeout: 2_000 });\n';
    const rulesIn = async (files: Record<string, string>) => (await lintIn(folderWith(test, { "src/a.js": call, ...files }))).flatMap((one) => one.messages.map((each) => each.ruleId));
    assert.deepEqual(await rulesIn({ "package.json": '{ "dependencies": { "node-fetch": "3.2.0" } }' }), ["pitlint/timeout/option-without-effect"]);
    assert.deepEqual(await rulesIn({ "package.json": '{ "dependencies": { "node-fetch": "2.6.0" } }' }), []);
    assert.deepEqual(await rulesIn({ "pitlint.yaml": 'grades:\n  - rules: { "timeout/*": off }\n' }), []);
    assert.deepEqual(await rulesIn({ "pitlint.yaml": "ignore: [src/]\n" }), []);
    assert.deepEqual(await rulesIn({ "src/a.js": call.replace("export", "// pitlint-ignore-next-line timeout/option-without-effect -- the old server\nexport") }), []);
  });

  it("holds only rules that ask nothing of other files", () => {
    const allowed = new Set(["in", "named", "version"]);
    const asked = new Map<string, Set<string>>();
    const watched = (rule: Rule): Rule => {
      const { ts } = rule.check;
      if (!ts?.reads) return rule;
      const questions = new Set<string>();
      asked.set(rule.id, questions);
      const note = (facts: Facts) => new Proxy(facts, { get: (target, key) => (questions.add(String(key)), Reflect.get(target, key)) });
      return { ...rule, check: { ts: { ...ts, find: (file: Source, facts: Facts) => ts.find(file, note(facts)) } } };
    };
    const rules = rulesOf(packs).filter((rule) => singleFile.includes(rule.id));
    assert.equal(rules.length, singleFile.length);
    const pack: Pack = { name: "node", title: "", appliesTo: {}, releases: [{ version: "1.0.0", date: "2026-01-01", why: "", grades: rules.map((rule) => [watched(rule), { default: "warning" }] as const) }] };
    const cases = rules.flatMap((rule) => [...rule.examples.map((one) => ("bad" in one ? one.bad : one.good)), ...readFileSync(`test/cases/${rule.id}.txt`, "utf8").split(/^=== .*$/m).slice(1).map((one) => one.split(/^--- fixed.*$/m)[0]!)]);
    for (const one of cases) analyse(new Map(parseExample(one).files.map(({ path, text }) => [path, text])), { packs: [pack] });
    assert.deepEqual([...asked].flatMap(([id, questions]) => [...questions].filter((one) => !allowed.has(one)).map((one) => `${id} asks ${one}`)), []);
    assert.ok([...asked.values()].every((questions) => questions.size > 0));
  });
});

/** A repository with one staged file, and `npx` and `pitlint` that run this build. */
function repository(test: TestContext, files: Record<string, string>): { readonly root: string; readonly env: NodeJS.ProcessEnv } {
  const root = folderWith(test, files);
  const bin = folderWith(test);
  writeFileSync(join(bin, "npx"), `#!/bin/sh\necho "$@" > "${bin}/asked"\nshift 2\nexec "${process.execPath}" "${cli}" "$@"\n`);
  writeFileSync(join(bin, "pitlint"), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  for (const name of ["npx", "pitlint"]) chmodSync(join(bin, name), 0o755);
  const git = (...args: string[]) => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main", ...args], { cwd: root });
  git("init", "-q");
  git("commit", "-q", "--allow-empty", "-m", "first");
  git("add", "-A");
  return { root, env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, XDG_CACHE_HOME: join(bin, "cache"), BIN: bin } };
}

describe("hooks", () => {
  it("of pre-commit run once on what is staged, or on everything", (test) => {
    const hooks = parse(readFileSync(".pre-commit-hooks.yaml", "utf8")) as { id: string; entry: string; pass_filenames: boolean; language: string }[];
    assert.deepEqual(hooks.map((one) => [one.id, one.language, one.pass_filenames]), [["pitlint", "node", false], ["pitlint-all", "node", false]]);
    const { root, env } = repository(test, { "a.ts": warned });
    writeFileSync(join(root, "b.ts"), warned);
    const findings = hooks.map((one) => spawnSync(one.entry, ["--format", "compact"], { cwd: root, env, shell: true, encoding: "utf8" }));
    assert.deepEqual(findings.map((one) => [one.status, [...one.stdout.matchAll(/^(\S+\.ts):/gm)].map((match) => match[1])]), [[1, ["a.ts"]], [1, ["a.ts", "b.ts"]]]);
  });

  it("in the recipes run what they say", (test) => {
    const recipes = blocks("docs/integrations.md");
    const lefthook = parse(recipes.find((one) => one.startsWith("pre-commit:"))!) as { "pre-commit": { jobs: { run: string }[] } };
    const staged = /\(\) => "([^"]+)"/.exec(recipes.find((one) => one.includes("export default {"))!)![1]!;
    const { root, env } = repository(test, { "a.ts": warned });
    for (const command of [lefthook["pre-commit"].jobs[0]!.run.replace("npx pitlint", "pitlint lint"), staged]) assert.equal(spawnSync(command, { cwd: root, env, shell: true, encoding: "utf8" }).status, 1, command);
    for (const one of recipes.filter((each) => /^\w[\w-]*:/.test(each))) assert.ok(parse(one));
  });
});

/** The code blocks of a page. */
const blocks = (path: string) => [...readFileSync(join(project, path), "utf8").matchAll(/^```(?:yaml|js|sh)\n([\s\S]*?)^```/gm)].map((match) => match[1]!);

describe("the GitHub action", () => {
  const action = parse(readFileSync("action.yml", "utf8")) as { runs: { steps: { run: string; env: Record<string, string> }[] }; inputs: Record<string, unknown> };
  const run = (test: TestContext, inputs: Record<string, string>) => {
    const { root, env } = repository(test, { "a.ts": warned, "b.ts": warned, "x y.ts": warned });
    const output = join(env.BIN!, "output");
    const ran = spawnSync("bash", ["-e", "-c", action.runs.steps[0]!.run], { cwd: root, encoding: "utf8", env: { ...env, GITHUB_OUTPUT: output, VERSION: "1.2.3", PATHS: ".", ARGS: "", SARIF: "pitlint.sarif", ...inputs } });
    return { ...ran, root, asked: readFileSync(join(env.BIN!, "asked"), "utf8").trim(), output };
  };
  it("annotates, writes SARIF, and fails on warnings", (test) => {
    const { status, stdout, root, asked, output } = run(test, {});
    assert.equal(status, 1);
    assert.match(stdout, /^::warning file=a\.ts,/m);
    assert.equal(JSON.parse(readFileSync(join(root, "pitlint.sarif"), "utf8")).version, "2.1.0");
    assert.match(asked, /^--yes pitlint@1\.2\.3 lint /);
    assert.equal(readFileSync(output, "utf8"), "sarif=pitlint.sarif\n");
  });
  it("takes paths and options, and runs nothing that stands in them", (test) => {
    const { status, stdout } = run(test, { PATHS: "b.ts", ARGS: "--max-warnings 5", SARIF: "" });
    assert.deepEqual([status, [...stdout.matchAll(/file=(\S+?),/g)].map((match) => match[1])], [0, ["b.ts"]]);
    assert.equal(run(test, { PATHS: "$(touch hacked) ;touch hacked", SARIF: "" }).status, 2);
    assert.deepEqual(Object.keys(action.inputs), ["version", "paths", "args", "sarif"]);
    assert.ok(!action.runs.steps[0]!.run.includes("${{"));
  });
});

describe("the Helm plugin", () => {
  const plugin = parse(readFileSync("plugin.yaml", "utf8")) as { name: string; version: string; command: string };
  it("has the version of the package", () => {
    assert.equal(plugin.version, (JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version);
  });
  it("lints a chart, with the pitlint of the repository first", (test) => {
    const chart = { "charts/orders/Chart.yaml": "apiVersion: v2\nname: orders\nversion: 1.0.0\n", "charts/orders/values.yaml": "grace: 10\n", "charts/orders/templates/deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: {{ .Values.grace }}\n      containers:\n        - name: orders\n          image: acme/orders\n          lifecycle: { preStop: { exec: { command: [sleep, \"30\"] } } }\n" };
    const { root, env } = repository(test, chart);
    const command = plugin.command.replace("$HELM_PLUGIN_DIR", project);
    const lint = (extra: NodeJS.ProcessEnv) => spawnSync(command, ["charts/orders", "--format", "compact"], { cwd: root, encoding: "utf8", env: { ...env, ...extra } });
    assert.match(lint({}).stdout, /^charts\/orders\/\S+:\d+:\d+ error: .*\(lifecycle\/prestop-exceeds-grace\)$/m);
    mkdirSync(join(root, "node_modules/.bin"), { recursive: true });
    symlinkSync(join(env.BIN!, "pitlint"), join(root, "node_modules/.bin/pitlint"));
    assert.equal(lint({ PATH: `${join(process.execPath, "..")}:/usr/bin:/bin` }).status, 1);
  });
});

describe("the Node API", () => {
  it("lints a folder, and texts", async (test) => {
    const { lint } = await built("api.js");
    const files = { "package.json": '{ "name": "orders" }', "src/a.ts": warned };
    const inMemory = await lint({ files });
    const onDisk = await lint({ folder: folderWith(test, files) }, { cache: false });
    assert.deepEqual(onDisk, inMemory);
    assert.deepEqual([onDisk.complete, onDisk.problems, onDisk.findings.length], [true, [], 1]);
    const [{ rule, severity, at }] = onDisk.findings;
    assert.deepEqual({ rule, severity, at }, { rule: "timeout/http-call-without-timeout", severity: "warning", at: { file: "src/a.ts", start: { line: 2, column: 28 }, end: at.end } });
    assert.deepEqual((await lint({ files }, { only: ["log/error-dropped"] })).findings, []);
    assert.equal((await lint({ files }, { profile: "strict" })).findings[0].severity, "error");
    assert.equal((await lint({ files: { ...files, "pitlint.yaml": "profil: x\n" } })).problems[0].message, 'unknown key "profil"; did you mean profile?');
  });

  it("has types, and so has the plugin", (test) => {
    execFileSync(process.execPath, ["scripts/types.mjs"], { cwd: project });
    const text = 'import { lint, type LintedWorkspace } from "pitlint";\nimport pitlint from "pitlint/eslint";\nconst result: LintedWorkspace = await lint({ folder: "." });\nconst wrong: number = result.findings[0]!.message;\nexport default [...pitlint.configs.recommended, wrong];\n';
    const root = folderWith(test, { "package.json": '{ "type": "module" }', "a.ts": text });
    mkdirSync(join(root, "node_modules"));
    symlinkSync(project, join(root, "node_modules/pitlint"));
    symlinkSync(join(project, "node_modules/@types"), join(root, "node_modules/@types"));
    const { stdout } = spawnSync(process.execPath, [join(project, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "--types", "node", "a.ts"], { cwd: root, encoding: "utf8" });
    assert.equal(stdout.trim().split("\n").length, 1, stdout);
    assert.match(stdout, /^a\.ts\(4,7\): error TS2322/);
  });

  it("does what its page shows", async (test) => {
    const [code] = blocks("docs/api.md");
    const root = folderWith(test, { "a.ts": warned, "example.mjs": code!.replace('"pitlint"', JSON.stringify(pathToFileURL(join(project, "dist/api.js")).href)) });
    const { stdout } = spawnSync(process.execPath, ["example.mjs"], { cwd: root, encoding: "utf8" });
    assert.match(stdout, /^a\.ts:2:28 warning: .*\(timeout\/http-call-without-timeout\)\nServer timeout of 45 s outlives the registry TTL of 30 s\n$/);
  });
});

describe("the page on pitlint.yaml", () => {
  it("shows what the reader takes, and names every key", () => {
    const [whole] = blocks("docs/configuration.md");
    const { configs, problems } = readConfigs([["pitlint.yaml", whole!]], packs);
    assert.deepEqual(problems, []);
    const [config] = configs;
    assert.deepEqual([config!.services.length, config!.grades.length, config!.environments.length, config!.databaseMax?.known, config!.istioVersion?.known], [1, 1, 2, 200, "1.27"]);
    const schema = JSON.parse(readFileSync("docs/pitlint.schema.json", "utf8")) as { properties: object };
    assert.deepEqual(Object.keys(schema.properties).filter((key) => !new RegExp(`^${key}:`, "m").test(whole!)), []);
  });
});
