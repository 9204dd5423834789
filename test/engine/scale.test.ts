// Work that grows with the workspace and not with its square: counted, and compared with the plainest way to the same answer. No test looks at a clock.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { analyse } from "../../engine/analyse.ts";
import { factTable } from "../../engine/fact-table.ts";
import { render, say } from "../../engine/message.ts";
import { isNonProduction, isTest } from "../../engine/gate.ts";
import { parseDuration } from "../../engine/quantity.ts";
import { parseJson, resolver } from "../../engine/resolve.ts";
import { ts, type CallExpression, type FunctionDeclaration } from "../../engine/typescript/compiler.ts";
import { outlives, runsWithin } from "../../engine/typescript/outlive.ts";
import { nodes, parseTs, type TsFile } from "../../engine/typescript/parse.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { imageBase } from "../../engine/workload.ts";
import { packageFinder, packagesOf } from "../../engine/workspace.ts";
import { clientUses } from "../../rules/facts/http-client.ts";
import { limitOf } from "../../rules/facts/http-limit.ts";
import { packs } from "../../rules/packs/index.ts";
import type { FactKind, Linked, Pack, Rule } from "../../engine/types.ts";

const deployment = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 2
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - { name: main, image: acme/${name}, ports: [{ containerPort: 80 }] }
`;
const names = Array.from({ length: 60 }, (_, at) => `workload-${at}`);

describe("a file of many documents", () => {
  it("hands a rule each fact once, not once for each document", () => {
    let handed = 0;
    let asked = 0;
    const kind: FactKind<string> = { id: "test-name", title: "name", yaml: { mentions: [["Deployment"]], *find(document) { yield { at: document.root!.at, value: document.path }; } } };
    const rule: Rule = {
      id: "test/handed", title: "handed", why: "handed", examples: [],
      check: { yaml: { reads: [kind], *find(document, facts) { asked++; for (const { at } of facts.in(document.path, kind)) { handed++; yield { at, message: say`found` }; } } } },
    };
    const pack: Pack = { name: "test", title: "test", appliesTo: {}, releases: [{ version: "1.0.0", date: "2026-01-01", why: "test", grades: [[rule, { default: "warning" }]] }] };
    const { diagnostics } = analyse(new Map([["k8s.yaml", names.map(deployment).join("---\n")]]), { packs: [pack] });
    assert.deepEqual([asked, handed, diagnostics.length], [names.length, names.length, names.length]);
  });

  it("gives the findings that a file for each document gives", () => {
    const found = (files: [string, string][]) => analyse(new Map(files), { packs, profile: "strict" }).diagnostics.map((one) => `${one.rule} ${render(one.message)}`).sort();
    const apart = found(names.map((name) => [`k8s/${name}.yaml`, deployment(name)]));
    assert.deepEqual(found([["k8s/all.yaml", names.map(deployment).join("---\n")]]), apart);
    assert.ok(apart.length >= names.length);
  });
});

describe("facts of one kind", () => {
  const facts = fc.array(fc.record({ file: fc.constantFrom("a.yaml", "b.yaml", "c.ts"), start: fc.nat(40), service: fc.constantFrom(undefined, "package:x", "package:y"), open: fc.boolean() }), { maxLength: 40 });
  const text = "a: 1\n---\nb: 22\n---\nc: 333\n";
  const { documents } = parseYaml("a.yaml", text);
  const starts = documents.map((one) => one.at.start);

  it("are found as a search through all of them finds them", () => fc.assert(fc.property(facts, (list) => {
    const table = factTable((path) => (path === "a.yaml" ? starts : []));
    const all: Linked<any>[] = list.map(({ file, start, service, open }) => ({ at: { file, start, end: start }, value: open ? { unknown: "x" } : { known: 1, by: "text", from: [] }, ...(service === undefined ? {} : { service }) }));
    for (const one of all) table.put(one), table.list(), table.of("package:x");
    const sorted = [...new Set(all.map((one) => one.at.file))].flatMap((file) => all.filter((one) => one.at.file === file));
    assert.deepEqual(table.list(), sorted);
    for (const file of ["a.yaml", "b.yaml", "c.ts", "d.ts"]) {
      const inFile = all.filter((one) => one.at.file === file);
      assert.deepEqual(table.in(file), inFile);
      for (let start = 0; start <= 40; start++) assert.equal(table.at(file, start), inFile.find((one) => one.at.start === start));
    }
    for (const service of [undefined, "package:x", "package:z"]) {
      const owned = sorted.filter((one) => one.service === service);
      assert.deepEqual(table.of(service), { facts: owned, open: owned.some((one) => "unknown" in one.value) });
    }
    assert.deepEqual(documents.flatMap((one) => table.within(one)).length, table.in("a.yaml").length);
    for (const [at, one] of documents.entries())
      assert.deepEqual(table.within(one), table.in("a.yaml").filter(({ at: { start } }) => (at === 0 || start >= starts[at]!) && (at === starts.length - 1 || start < starts[at + 1]!)));
  })));
});

describe("many packages", () => {
  const folders = ["", "a", "a/b", "a/b/c", "ab", "z/y/x", "z"];
  const manifests = new Map(folders.map((one) => [one === "" ? "package.json" : `${one}/package.json`, JSON.stringify({ name: `@acme/${one.replaceAll("/", "-") || "root"}` })]));

  it("own what a search from the innermost finds", () => fc.assert(fc.property(fc.array(fc.constantFrom("a", "b", "c", "ab", "z", "y", "x"), { maxLength: 5 }), (parts) => {
    const packages = packagesOf(manifests);
    const path = [...parts, "file.ts"].join("/");
    assert.equal(packageFinder(packages)(path), packages.find((one) => one.folder === "" || path.startsWith(`${one.folder}/`)));
  })));

  it("are imported by their names and by what lies below", () => {
    const paths = new Set(["a/src/index.ts", "a/b/src/index.ts", "a/b/src/limits.ts", "z/index.ts"]);
    const resolve = resolver(paths, manifests);
    assert.equal(resolve("z/index.ts", "@acme/a"), "a/src/index.ts");
    assert.equal(resolve("z/index.ts", "@acme/a-b/limits"), "a/b/src/limits.ts");
    assert.equal(resolve("a/src/index.ts", "@acme/z"), "z/index.ts");
    assert.equal(resolve("a/src/index.ts", "@acme/none/limits"), undefined);
  });

  it("take aliases of the nearest tsconfig first, the longest pattern first", () => {
    const paths = new Set(["a/one/deep/x.ts", "a/two/x.ts", "root/deep/x.ts"]);
    const options = (entries: object) => JSON.stringify({ compilerOptions: { baseUrl: ".", paths: entries } });
    const resolve = resolver(paths, new Map([["tsconfig.json", options({ "~/*": ["root/*"] })], ["a/tsconfig.json", options({ "~/*": ["one/*"], "~/deep/*": ["two/*"] })]]));
    assert.equal(resolve("a/src/file.ts", "~/deep/x"), "a/two/x.ts");
    assert.equal(resolve("b/file.ts", "~/deep/x"), "root/deep/x.ts");
  });

  it("are each linked to their own workload", () => {
    const files = names.flatMap((name): [string, string][] => [[`services/${name}/package.json`, JSON.stringify({ name })], [`services/${name}/src/index.ts`, "export {};\n"], [`k8s/${name}.yaml`, deployment(name)]]);
    const { linked } = analyse(new Map(files), { packs }).summary;
    assert.deepEqual(linked.map((one) => `${one.source} ${one.target}`).sort(), names.map((name) => `services/${name} Deployment/${name} (k8s/${name}.yaml)`).sort());
  });
});

describe("deep and long code", () => {
  const text = `import axios from "axios";
export async function outer(signal: AbortSignal) {
  const c = await pool.connect();
  cache.getOr("k", async () => { await axios.get("a"); void axios.get("b"); });
  f(async () => { try { await axios.get("c"); g(() => axios.get("d")); } catch (e) { await axios.get("e"); } finally { axios.get("f"); } });
  on("x", () => { setTimeout(() => axios.get("g"), 1); h(async () => { this.pending = axios.get("h"); await (this.last = axios.get("i")); }); });
  class Inner { run() { return axios.get("j"); } }
  const local = async () => { await axios.get("k"); };
  await local();
  // detached
  axios.get("l").then(() => axios.get("m"));
}
`;
  const callsOf = (file: TsFile) => nodes<CallExpression>(file, ts.SyntaxKind.CallExpression);
  const ownerOf = (file: TsFile) => nodes<FunctionDeclaration>(file, ts.SyntaxKind.FunctionDeclaration)[0]!;
  /** Both answers for one call, asked of a file that was asked nothing before. */
  const alone = (at: number) => {
    const file = parseTs("a.ts", text);
    return [outlives(file, callsOf(file)[at]!, ownerOf(file)), runsWithin(file, callsOf(file)[at]!, ownerOf(file))];
  };

  it("is judged as each call by itself, whatever was asked before", () => fc.assert(fc.property(fc.array(fc.nat(200)), (order) => {
    const file = parseTs("a.ts", text);
    const calls = callsOf(file);
    for (const any of order) {
      const at = any % calls.length;
      assert.deepEqual([outlives(file, calls[at]!, ownerOf(file)), runsWithin(file, calls[at]!, ownerOf(file))], alone(at), calls[at]!.getText());
    }
  }), { numRuns: 60 }));

  it("asks each node of a deep function a bounded number of times", () => {
    const depth = 300;
    const file = parseTs("a.ts", `export async function outer() {\n${"f(() => { ".repeat(depth)}${"});".repeat(depth)}\n}\n`);
    let asked = 0;
    for (const one of nodes(file, ts.SyntaxKind.ArrowFunction)) {
      const { parent } = one;
      Object.defineProperty(one, "parent", { get: () => (asked++, parent) });
    }
    for (const call of callsOf(file)) runsWithin(file, call, ownerOf(file)), outlives(file, call, ownerOf(file));
    assert.ok(asked < depth * 40, `${asked} times`);
  });

  it("asks a bounded number of times what stands around a call", () => {
    const depth = 300;
    const file = parseTs("a.ts", `import axios from "axios";\nexport async function outer() {\n${'f(async () => { await axios.get("x"); '.repeat(depth)}${"});".repeat(depth)}\n}\n`);
    let asked = 0;
    for (const one of nodes(file, ts.SyntaxKind.ArrowFunction)) {
      const { parent } = one;
      Object.defineProperty(one, "parent", { get: () => (asked++, parent) });
    }
    const limits = clientUses(file).map((use) => limitOf(file, use).is);
    assert.deepEqual(limits, Array.from({ length: depth }, () => "none"));
    assert.ok(asked < depth * 60, `${asked} times`);
  });

  it("says of each call what it says of one alone, whatever stands around", () => {
    const around = fc.constantFrom("f(async () => { await CALL; REST });", "await pTimeout((async () => { await CALL; REST })(), 100);", "await Promise.race([CALL, sleep(5)]);\nREST", "await g(() => CALL); REST", "function inner() { return CALL; }\nREST", "await (CALL).timeout(5); REST", "new Breaker(async () => { await CALL; });\nREST", "source.pipe(timeout(5), map(() => CALL)); REST");
    const head = 'import axios from "axios";\nimport pTimeout from "p-timeout";\nimport Breaker from "opossum";\nimport { timeout } from "rxjs";\n';
    fc.assert(fc.property(fc.array(around, { minLength: 1, maxLength: 5 }), (parts) => {
      const text = head + parts.reduceRight((rest, part) => part.replace("CALL", 'axios.get("x")').replace("REST", () => rest), "");
      const limits = (order: (list: readonly number[]) => readonly number[]) => {
        const file = parseTs("a.ts", text);
        const uses = clientUses(file);
        const said = new Map(order(uses.map((_, at) => at)).map((at) => [at, limitOf(file, uses[at]!).is]));
        return uses.map((_, at) => said.get(at) ?? limitOf(parseTs("a.ts", text), clientUses(parseTs("a.ts", text))[at]!).is);
      };
      assert.deepEqual(limits((list) => list), limits((list) => [...list].reverse()));
    }));
  });

  it("leaks what each part of it leaks", () => {
    const part = (at: number) => `{ const c = await pool.connect(); ${at % 3 === 0 ? "" : "await c.query('x'); "}${at % 2 === 0 ? "c.release();" : "try { await c.query('y'); } finally { c.release(); }"} }\n`;
    const head = 'import { Pool } from "pg";\nconst pool = new Pool();\nexport async function work() {\n';
    const found = (body: string) => analyse(new Map([["a.ts", `${head}${body}}\n`]]), { packs, only: ["db/client-not-released"], profile: "strict" }).diagnostics.map((one) => render(one.message));
    assert.deepEqual(found(names.map((_, at) => part(at)).join("")), names.flatMap((_, at) => found(part(at))));
  });
});

describe("JSON with comments", () => {
  /** As two expressions say it, which take quadratic time. */
  const oracle = (text: string): unknown => {
    const plain = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (token) => (token[0] === '"' ? token : " ")).replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (token) => (token === "," ? " " : token));
    try {
      return JSON.parse(plain);
    } catch {
      return undefined;
    }
  };
  const part = fc.constantFrom('"a"', '"//"', '"/*"', '"\\""', ",", ":", "{", "}", "[", "]", "1", "// x\n", "/* , */", " ", "\n", "true");

  it("is read as two replacements would", () => {
    fc.assert(fc.property(fc.array(part, { maxLength: 12 }), (parts) => assert.deepEqual(parseJson(parts.join("")), oracle(parts.join("")))), { numRuns: 2000 });
    assert.deepEqual(parseJson('{ // a\n "x": [1, 2, /* b */ ], "y,]": "//", }'), { x: [1, 2], "y,]": "//" });
  });

  it("of many openings without an end is no JSON", () => {
    for (const text of ["/*".repeat(500_000), '"\\'.repeat(500_000), `{${'"\\"'.repeat(300_000)}`, ", ".repeat(500_000)]) assert.equal(parseJson(text), undefined);
  });
});

describe("names of folders and files", () => {
  const name = fc.array(fc.constantFrom("test", "tests", "e2e", "spec", "fixtures", "mock", "storybook", "latest", "compose", "docker", "ci", "integration", "a", ".", "-", "_", "T"), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));

  it("are those of tests as one expression says it, which takes quadratic time", () => fc.assert(fc.property(name, (one) => {
    assert.equal(isTest(`${one}/a.ts`), /^(?:.*[-_.])?(?:tests?|e2e|specs?|fixtures?|mocks?|storybook)(?:[-_.].*)?$/i.test(one));
    assert.equal(isNonProduction(`${one}.yaml`), /^(?:docker-)?compose[._-](?:.*[._-])?(?:tests?|ci|e2e|integration)(?:[._-].*)?$/i.test(`${one}.yaml`));
  }), { numRuns: 2000 }));
});

describe("a value of a million characters", () => {
  it("is read once", () => {
    assert.equal(imageBase(`${"@".repeat(1e6)}\n`), "");
    assert.equal(imageBase("registry.io:5000/acme/Orders:1.2@sha256:aa"), "orders");
    assert.equal(imageBase("registry.io:5000/acme/orders"), "orders");
    assert.equal(parseDuration("1".repeat(1e6) + "!", "ms"), undefined);
  });
});
