// Shards: joined, in whatever parts and order, they give the bytes and the exit code of one run; what would give others is refused.

import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { decodeShard, encodeShard, type Maker } from "../../host/shard.ts";
import { folderWith } from "../host/folder.ts";
import { clean, cli, hanging, pitlint, warned, type Ran } from "./run.ts";

const shop = join(import.meta.dirname, "../../examples/shop");
const services = ["gateway", "orders", "worker"];
const rest = ["chart", "consul", "docker-compose.yaml", "k8s", "pitlint.yaml"];

function copyOfShop(test: TestContext): string {
  const root = join(folderWith(test), "shop");
  cpSync(shop, root, { recursive: true });
  return root;
}

/** Makes a shard of each part and returns their files, in the same order. */
async function shardsOf(test: TestContext, root: string, parts: readonly (readonly string[])[], args: readonly string[] = []): Promise<string[]> {
  const folder = folderWith(test);
  return Promise.all(parts.map(async (paths, at) => {
    const out = join(folder, `${at}.facts`);
    assert.deepEqual(await pitlint(root, ["facts", "--root", ".", "--out", out, ...args, ...paths]), { code: 0, stdout: "", stderr: "" });
    return out;
  }));
}

const joined = (root: string, shards: readonly string[], args: readonly string[] = []) => pitlint(root, ["join", "--root", ".", ...shards, ...args]);

/** Joins in both forms and compares with one run. */
async function equalsOneRun(root: string, shards: readonly string[], args: readonly string[] = []): Promise<Ran> {
  const text = await pitlint(root, ["--no-cache", ...args]);
  assert.deepEqual(await joined(root, shards, args), text);
  assert.deepEqual(await joined(root, shards, ["--format", "json", ...args]), await pitlint(root, ["--no-cache", "--format", "json", ...args]));
  return text;
}

/** The whole of a refusal: exit code 2, nothing on standard output. */
async function refusal(root: string, shards: readonly string[], args: readonly string[] = []): Promise<string> {
  const { code, stdout, stderr } = await joined(root, shards, args);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
  return stderr;
}

describe("joined shards", () => {
  it("equal one run over the shop, by package, by kind of file, and as one", async (test) => {
    const root = copyOfShop(test);
    const code = (name: string) => [`${name}/src`, `${name}/Dockerfile`];
    const one = [await pitlint(root, ["--no-cache"]), await pitlint(root, ["--no-cache", "--format", "json"])];
    assert.match(one[0]!.stdout, /2 errors, /);
    for (const parts of [[...services.map((name) => [name]), rest], [services.flatMap(code), rest], [["."]], [["gateway", "worker"], ["orders"], ...rest.map((name) => [name])]]) {
      const shards = await shardsOf(test, root, parts);
      assert.deepEqual([await joined(root, shards), await joined(root, shards, ["--format", "json"])], one);
    }
  });

  it("equal one run in random parts, in any order", async (test) => {
    const root = copyOfShop(test);
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(root, path)).isFile() && /\.(ts|yaml)$|Dockerfile$/.test(path)).sort();
    const one = await pitlint(root, ["--no-cache", "--format", "json"]);
    const partition = fc.tuple(fc.array(fc.nat(2), { minLength: files.length, maxLength: files.length }), fc.boolean());
    await fc.assert(fc.asyncProperty(partition, async ([homes, backwards]) => {
      const parts = [0, 1, 2].map((home) => files.filter((_, at) => homes[at] === home)).filter((part) => part.length > 0);
      const shards = await shardsOf(test, root, parts);
      assert.deepEqual(await joined(root, backwards ? shards.reverse() : shards, ["--format", "json"]), one);
    }), { numRuns: 6, seed: 7 });
  });

  it("do not depend on their order, on repetition or on overlap", async (test) => {
    const root = copyOfShop(test);
    const shards = await shardsOf(test, root, [...services.map((one) => [one]), rest, ["."], ["orders/src/server.ts"]]);
    for (const order of [shards, [...shards].reverse(), [...shards, ...shards]]) await equalsOneRun(root, order);
  });

  it("follow names, routes and calls from one shard into another", async (test) => {
    const root = folderWith(test, {
      "lib/limits.ts": "export const LIMITS = { request: 45_000 };\n",
      "lib/http.ts": 'import axios from "axios";\nexport const client = axios.create({ baseURL: "http://prices" });\n',
      "orders/package.json": '{ "name": "orders" }',
      "orders/server.ts": 'import { createServer } from "node:http";\nimport { LIMITS } from "../lib/limits.ts";\nconst server = createServer();\nserver.requestTimeout = LIMITS.request;\n',
      "orders/quote.ts": 'import { client } from "../lib/http.ts";\nexport const quote = () => client.get("/quote");\n',
      "pitlint.yaml": "services:\n  orders: { source: orders, names: [orders], workloads: [Deployment/orders] }\n",
      "orders/app.ts": 'import express from "express";\nimport { routes } from "./routes.ts";\nconst app = express();\napp.use("/api", routes);\napp.listen(8080);\n',
      "orders/routes.ts": 'import { Router } from "express";\nexport const routes = Router();\nroutes.get("/health", (_, answer) => void answer.send("ok"));\n',
      "k8s/orders.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    spec:\n      containers:\n        - name: orders\n          image: shop/orders\n          ports: [{ containerPort: 8080 }]\n          readinessProbe: { httpGet: { path: /healthz, port: 8080 } }\n",
      "consul/orders.yaml": "service:\n  name: orders\n  check: { ttl: 30s }\n",
    });
    const shards = await shardsOf(test, root, [["lib"], ["orders"], ["consul", "k8s", "pitlint.yaml"]]);
    const { stdout } = await equalsOneRun(root, shards);
    assert.match(stdout, /orders\/server\.ts:4:\d+ .*Server timeout of 45 s .*\(registry\/server-timeout-exceeds-ttl\)/);
    assert.match(stdout, /k8s\/orders\.yaml:\d+:\d+ .*\(k8s\/probe-path-not-served\)/);
  });

  it("say what is wrong with files as one run does", async (test) => {
    const root = folderWith(test, {
      "a/warned.ts": warned, "a/torn.ts": `${warned}export const = ;\n`, "b/latin1.ts": Buffer.concat([Buffer.from(warned), Buffer.from([0x2f, 0x2f, 0xe4, 0x0a])]), "b/plain-latin1.ts": Buffer.from([0x2f, 0x2f, 0xe4, 0x0a]),
      "b/ignored.ts": `// pitlint-ignore-next-line\n${warned}`, "b/torn.yaml": "kind: Deployment\nspec: [\n",
    });
    assert.equal((await equalsOneRun(root, await shardsOf(test, root, [["a"], ["b"]]))).code, 3);
  });

  it("leave out what was killed, which joining tries again", async (test) => {
    const root = folderWith(test, { "a/hanging.ts": hanging, "b/warned.ts": warned });
    const [one, shards] = await Promise.all([pitlint(root, ["--no-cache"]), shardsOf(test, root, [["a"], ["b"]])]);
    assert.match(one.stdout, /hanging\.ts incomplete: not analysed/);
    assert.deepEqual(await joined(root, shards), one);
  });

  it("take grades, baseline and suppressions from the workspace", async (test) => {
    const root = copyOfShop(test);
    await pitlint(root, ["baseline", "--no-cache"]);
    const shards = await shardsOf(test, root, [["gateway"], ["orders", "worker"], rest]);
    assert.equal((await equalsOneRun(root, shards)).code, 0);
    await equalsOneRun(root, shards, ["--ignore-baseline", "--profile", "strict", "--max-warnings", "100", "--report-suppressed"]);
    const only = ["--rule", "timeout/http-call-without-timeout"];
    await equalsOneRun(root, await shardsOf(test, root, [["gateway"], ["orders", "worker"], rest], only), [...only, "--ignore-baseline"]);
  });

  it("need no file that mentions nothing", async (test) => {
    const root = folderWith(test, { "a/warned.ts": warned, "b/clean.ts": clean });
    await equalsOneRun(root, await shardsOf(test, root, [["a"]]));
  });

  it("stay good when another package of a large workspace declares a library", async (test) => {
    const call = 'import * as grpc from "@grpc/grpc-js";\nimport { Orders } from "./proto.ts";\nconst orders = new Orders("orders:50051", grpc.credentials.createInsecure());\nexport const place = () => orders.place({}, () => {});\n';
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`b/src/${at}.ts`, at % 50 === 0 ? `${call}export const at = new Map();\n` : clean]));
    const root = folderWith(test, { ...many, "b/package.json": '{ "name": "b" }', "a/package.json": '{ "name": "a", "dependencies": { "axios": "1.0.0" } }', "a/index.ts": warned });
    const shards = await shardsOf(test, root, [["b"], ["a"]]);
    const before = await equalsOneRun(root, shards);
    writeFileSync(join(root, "a/package.json"), '{ "name": "a", "dependencies": { "axios": "1.0.0", "@grpc/grpc-js": "1.0.0", "express": "5.0.0" } }');
    const after = await equalsOneRun(root, shards);
    assert.notEqual(after.stdout, before.stdout);
  });
});

describe("a shard", () => {
  it("has the same bytes in every run and every place", async (test) => {
    const bytes = async (root: string) => readFileSync((await shardsOf(test, root, [["orders", "consul"]]))[0]!, "utf8");
    const first = await bytes(copyOfShop(test));
    assert.equal(await bytes(copyOfShop(test)), first);
    assert.ok(!first.includes(import.meta.dirname));
  });

  it("is made from a package's own folder", async (test) => {
    const root = copyOfShop(test);
    for (const one of services) assert.equal((await pitlint(join(root, one), ["facts", "--root", "..", "--out", "pitlint.facts"])).code, 0);
    await equalsOneRun(root, [...services.map((one) => join(one, "pitlint.facts")), ...(await shardsOf(test, root, [rest]))]);
  });
});

describe("refused is", () => {
  const sharded = async (test: TestContext) => {
    const root = copyOfShop(test);
    return { root, shards: await shardsOf(test, root, [...services.map((one) => [one]), rest]) };
  };

  it("a shard with a file that changed, with the file and what to do", async (test) => {
    const { root, shards } = await sharded(test);
    appendFileSync(join(root, "orders/src/events.ts"), "// more\n");
    assert.equal(await refusal(root, shards), `pitlint: cannot join: ${shards[1]}: orders/src/events.ts has changed since; make it again: pitlint facts --root . --out ${shards[1]} orders\n`);
    assert.equal(await refusal(root, [...shards].reverse()), await refusal(root, shards));
    const [again = ""] = await shardsOf(test, root, [["orders"]]);
    await equalsOneRun(root, shards.with(1, again));
  });

  it("a shard whose package or configuration changed", async (test) => {
    const { root, shards } = await sharded(test);
    writeFileSync(join(root, "worker/package.json"), '{ "name": "worker", "dependencies": { "react": "19.0.0" } }');
    assert.match(await refusal(root, shards), /^pitlint: cannot join: \S+2\.facts: worker\/\S+, .* are in a package or below a pitlint\.yaml that has changed since; make it again: /);
  });

  it("a shard with a file that is gone", async (test) => {
    const { root, shards } = await sharded(test);
    rmSync(join(root, "worker/src/probe.ts"));
    assert.match(await refusal(root, shards), /2\.facts: worker\/src\/probe\.ts is gone; make it again: pitlint facts --root \. --out \S+2\.facts worker\n/);
  });

  it("a set without a part of the workspace", async (test) => {
    const { root, shards } = await sharded(test);
    assert.match(await refusal(root, shards.slice(1)), /^pitlint: cannot join: gateway\/\S+, .* are in no shard; add the folder to the paths of a shard, or join the shard that holds it too\n$/);
    writeFileSync(join(root, "orders/src/new.ts"), warned);
    assert.match(await refusal(root, shards), /cannot join: orders\/src\/new\.ts is in no shard; /);
  });

  it("a shard of another version, build, pack or set of rules", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    const [shard = ""] = await shardsOf(test, root, [["."]]);
    const made = decodeShard(readFileSync(shard));
    if (typeof made === "string") throw new Error(made);
    const by = (maker: Partial<Maker>) => {
      writeFileSync(shard, encodeShard({ ...made, maker: { ...made.maker, ...maker } }));
      return refusal(root, [shard]);
    };
    const [pack = ""] = Object.keys(made.maker.packs);
    const again = `; make it again: pitlint facts --root . --out ${shard} .\n`;
    assert.equal(await by({ tool: "0.0.1" }), `pitlint: cannot join: ${shard} was made by pitlint 0.0.1, and this is ${made.maker.tool}${again}`);
    assert.equal(await by({ packs: { ...made.maker.packs, [pack]: "0.0.1" } }), `pitlint: cannot join: ${shard} was made with pack ${pack} 0.0.1, and this pitlint has ${made.maker.packs[pack]}${again}`);
    assert.equal(await by({ build: "0" }), `pitlint: cannot join: ${shard} was made by another build of pitlint ${made.maker.tool}${again}`);
    assert.equal(await by({ rules: ["timeout/http-call-without-timeout"] }), `pitlint: cannot join: ${shard} was made for --rule timeout/http-call-without-timeout, and is asked for all rules${again}`);
  });

  it("a shard of another installation", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    const [shard = ""] = await shardsOf(test, root, [["."]]);
    const other = folderWith(test);
    cpSync(join(cli, ".."), join(other, "dist"), { recursive: true });
    cpSync(join(cli, "../../package.json"), join(other, "package.json"));
    appendFileSync(join(other, "dist/worker.cjs"), "\n// another\n");
    const { code, stderr } = await pitlint(root, ["join", "--root", ".", shard], { entry: join(other, "dist/cli.js") });
    assert.equal(code, 2);
    assert.match(stderr, /was made by another build of pitlint/);
  });

  it("what is no shard, or is not whole", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    const [shard = ""] = await shardsOf(test, root, [["."]]);
    const bytes = readFileSync(shard);
    const as = (content: Buffer | string) => (writeFileSync(shard, content), refusal(root, [shard]));
    assert.match(await as(bytes.subarray(0, -9)), /is damaged or cut off; make it again: /);
    assert.match(await as(bytes.toString().replace("axios", "axiom")), /is damaged or cut off; /);
    for (const content of ["", "{}\n", bytes.subarray(0, 20)]) assert.match(await as(content), /is (no shard|damaged or cut off); make it again: /);
    assert.match(await as("pitlint-shard-0\t\t\n"), /writes shards in another form; /);
    assert.match(await refusal(root, ["nowhere.facts"]), /^pitlint: cannot join: nowhere\.facts is gone; make it again: /);
  });

  it("what makes no sense on the command line", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    mkdirSync(join(root, "b"));
    const said = async (cwd: string, ...args: readonly string[]) => {
      const { code, stderr } = await pitlint(cwd, args);
      assert.equal(code, 2);
      return stderr;
    };
    assert.match(await said(root, "join"), /join takes shards/);
    assert.match(await said(root, "facts", "--root", "."), /--root goes with --out/);
    assert.match(await said(root, "facts", "--out", ""), /--out names no file/);
    assert.match(await said(root, "facts", "--out", "none/a.facts"), /there is no folder none; make it first/);
    assert.match(await said(resolve(root, "b"), "facts", "--root", ".", "--out", "b.facts", ".."), /\.\. is not below --root \./);
  });
});
