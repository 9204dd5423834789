// P: whatever a file holds, the analysis ends, says what it left out, and keeps the findings of the others.

import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { createPool, isKilled } from "../../host/pool.ts";
import { openSession } from "../../host/session.ts";
import { folderWith } from "../host/folder.ts";
import { faultsOf, lintAll } from "./fixtures.ts";
import { called, templateShapes, tsShapes, tsxShapes, wideShapes, yamlShapes } from "./shapes.ts";
import { firstSeed, size, whole } from "./size.ts";
import type { MutantResult, MutantTask } from "./workers/mutate.ts";

const perTask = 100;

async function mutants(test: TestContext, language: RegExp, count: number): Promise<void> {
  const pool = createPool<MutantTask, MutantResult>({ entry: new URL("./workers/mutate.ts", import.meta.url), size: 2, watchdogMs: 120_000, heapMb: 1024 });
  test.after(() => pool.close());
  const seeds = Array.from({ length: Math.ceil(count / perTask) }, (_, index) => firstSeed + index);
  const results = await Promise.all(seeds.map((seed) => pool.run({ language, seed, count: perTask })));
  const wrong = results.flatMap((one, index) => (isKilled(one) ? [`seed ${seeds[index]}: ${one.reason}`] : one.faults.map((fault) => `seed ${seeds[index]}: ${fault.why}\n${JSON.stringify(fault.path)}: ${JSON.stringify(fault.text)}`)));
  const done = results.filter((one): one is MutantResult => !isKilled(one));
  test.diagnostic(`${done.length * perTask} mutants, ${wrong.length} faults, slowest ${Math.round(Math.max(...done.map((one) => one.slowest.ms)))} ms`);
  assert.deepEqual(wrong.slice(0, 5), []);
}

describe("mutants of the examples", () => {
  it("P1: TypeScript, with every rule", (test) => mutants(test, /\.[cm]?[jt]sx?$/, size(400, 10_000)));
  it("P1: YAML and chart templates, with every rule", (test) => mutants(test, /\.ya?ml$/, size(400, 10_000)));
});

describe("texts that once failed", () => {
  const texts = [
    'import { server } from "\r\n./server";\nprocess.once("SIGTERM", () => {\n  server.close();\n});\n',
    'export async function load(id: string, signal: AbortSignal) {\n  await fetch("http://locks/" + i{{ d, { method: "DELETE" });\n}\n',
    'import fetch from "node-fetch";\nexport const stock = (id: string) => fetch("http://stock/items/" + id, { { { timeout: 2_000 });\n',
    'import { Pool } from "pg";\nconst pool = new Pool({{- if .Values.a }}: 20 });\nexport async function order(id: string) {\n  const client = await pool.connect();\n  await client.query("SELECT 1");\n  client.release();\n}\n',
    'import axios from "axios";\nexport const prices = (id: string{{ end }}) => axios.get("http://prices/items/" + id, { { timeout: 2_000 });\n',
    'export const server = new Server({ "grpc.max_connection_age_ms": 60_000',
    'import axios from "axios";\naxios.get("x", {',
  ];
  for (const text of texts) it(`P1: ${JSON.stringify(text.slice(0, 60))}`, () => {
    const files = new Map([["src/a.ts", text]]);
    assert.deepEqual(faultsOf(files, lintAll(files)), []);
  });
});

const fileOf = (name: string, ext: string) => `${name.replaceAll(" ", "-")}.${ext}`;

/** Lints a workspace on disk as the command line does, with a watchdog of its own, beside a file that must keep its finding. */
async function sessionOf(test: TestContext, files: Readonly<Record<string, string>>, watchdogMs: number) {
  const root = folderWith(test, { ...files, "good.ts": called });
  const session = await openSession({ root, watchdogMs, workers: 1, cache: false, prefilter: false, baseline: false });
  test.after(() => session.close());
  const { diagnostics, problems, complete } = session.result;
  assert.equal(diagnostics.filter((one) => one.at.file === "good.ts").length, 1, "the file beside keeps its finding");
  assert.deepEqual(problems.filter((one) => one.kind === "rule-failed" || one.kind === "crash"), []);
  assert.equal(complete, !problems.some((one) => one.incomplete));
  return { diagnostics, problems, complete };
}

const deep: Readonly<Record<string, (depth: number) => Record<string, string>>> = {
  TypeScript: (depth) => Object.fromEntries([...Object.entries(tsShapes).map(([name, text]) => [fileOf(name, "ts"), called + text(depth)]), ...Object.entries(tsxShapes).map(([name, text]) => [fileOf(name, "tsx"), called + text(depth)])]),
  YAML: (depth) => Object.fromEntries(Object.entries(yamlShapes).map(([name, text]) => [fileOf(name, "yaml"), `apiVersion: apps/v1\nkind: Deployment\n${text(depth)}`])),
  "chart templates": (depth) => ({ "chart/Chart.yaml": "name: c\nversion: 1.0.0\n", "chart/values.yaml": "a: 1\n", ...Object.fromEntries(Object.entries(templateShapes).map(([name, text]) => [`chart/templates/${fileOf(name, "yaml")}`, `kind: Deployment\n${text(depth)}`])) }),
};

describe("nesting and repetition", () => {
  for (const depth of whole ? [1_000, 10_000, 100_000] : [300])
    for (const [name, make] of Object.entries(deep))
      it(`P3: ${name}, ${depth} of each shape`, async (test) => {
        const files = Object.fromEntries(Object.entries(make(depth)).filter(([, text]) => text.length < 5_000_000));
        const { diagnostics, problems } = await sessionOf(test, files, 20_000);
        const named = new Set(problems.map((one) => one.file));
        const late = problems.filter((one) => one.kind === "timeout").map((one) => one.file);
        test.diagnostic(`${Object.keys(files).length} files; not or partly analysed, and named: ${named.size}; of them by the watchdog of 20 s: ${late.join(" ") || "none"}`);
        if (!whole) assert.deepEqual(late, []);
        if (name !== "TypeScript") return;
        // A file whose analysis was given up says so; every other keeps the finding above its shape.
        const found = new Set(diagnostics.map((one) => one.at.file));
        assert.deepEqual(Object.keys(files).filter((file) => file.endsWith(".ts") && !found.has(file) && !named.has(file)), []);
      });

  it("P5: many of one thing in one workspace", async (test) => {
    for (const [name, text] of Object.entries(wideShapes)) {
      const { problems } = await sessionOf(test, { "wide.yaml": text(size(50, 500)) }, 20_000);
      assert.deepEqual(problems.filter((one) => one.incomplete), [], name);
    }
  });
});

const times = (part: string, count: number) => part.repeat(count);

/** Texts that parsers are exponential or quadratic on. */
const hangs: readonly (readonly [path: string, text: string])[] = [
  ...[20, 26, 40, 100].map((depth) => [`async-${depth}.ts`, `${called}${times("async(", depth)}${times(")", depth)};\n`] as const),
  ...[26, 60].map((depth) => [`open-async-${depth}.ts`, called + times("async(", depth)] as const),
  ...[24, 60].map((depth) => [`async-generic-${depth}.ts`, `${called}${times("async<T>(", depth)}${times(")", depth)};\n`] as const),
  ...[16, 40].map((depth) => [`async-function-${depth}.ts`, `${called}${times("f(async function g(e) { await f(e);", depth)}${times("})", depth)};\n`] as const),
  ...[400, 1_000].map((depth) => [`keys-${depth}.yaml`, `kind: Deployment\n${times("? ", depth)}a\n`] as const),
  ["flow-keys.yaml", `${times("[", 90)}a]: 1${times("]: 1", 89)}\nkind: Deployment\n`],
  ["commas.yaml", `kind: Deployment\nx: [${times(",", 100_000)}]\n`],
  ["braces.yaml", `kind: Deployment\n${times("}", 100_000)}\n`],
  ["anchors.yaml", `kind: Deployment\nx: ${times("&a ", 100_000)}b\n`],
  ["aliases.yaml", `kind: Deployment\nx: [${times("*a ", 100_000)}]\n`],
  ["keys-30000.yaml", `kind: Deployment\n${Array.from({ length: 30_000 }, (_, i) => `k${i}: v\n`).join("")}`],
  ["laughs.yaml", `kind: Deployment\na0: &a0 [x]\n${Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${times(`*a${i}, `, 8)}*a${i}]\n`).join("")}spec: *a30\n`],
  ["recursive.yaml", "kind: Deployment\nmetadata: &m { <<: *m, name: *m }\nspec: &s { template: { spec: *s, containers: [*s, *m] } }\n"],
  ["merges.yaml", `kind: Deployment\nb0: &b0 { a: 1 }\n${Array.from({ length: 40 }, (_, i) => `b${i + 1}: &b${i + 1} { <<: [*b${i}, *b${i}] }\n`).join("")}spec: { template: { spec: *b40, containers: *b40 } }\n`],
];

describe("what parsers hang on", () => {
  it("P4: is ended or read, named when it is ended, and costs no other file", async (test) => {
    const chosen = hangs.filter(([path]) => whole || !/^(async-(40|100)|open-async-60|async-generic-60|async-function-40|async-20)\.ts$/.test(path));
    const apart = (exponential: boolean) => Object.fromEntries(chosen.filter(([path]) => path.includes("async") === exponential));
    const late = async (files: Readonly<Record<string, string>>, watchdogMs: number) => (await sessionOf(test, files, watchdogMs)).problems.filter((one) => one.kind === "timeout").map((one) => one.file);
    const ended = await late(apart(true), 2_000);
    test.diagnostic(`${chosen.length} files; ended by the watchdog of 2 s: ${ended.join(" ")}`);
    assert.deepEqual([26, 60].map((depth) => `open-async-${depth}.ts`).filter((path) => chosen.some(([one]) => one === path) && !ended.includes(path)), []);
    // Nothing but the exponential cases of the TypeScript parser has to be killed.
    assert.deepEqual(await late(apart(false), 20_000), []);
  });
});
