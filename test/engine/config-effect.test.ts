// What a pitlint.yaml states changes what is found: grades by path, environments, nested files, limits of databases, the version of the mesh.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { analyse } from "../../engine/analyse.ts";
import { render } from "../../engine/message.ts";
import { packs } from "../../rules/packs/index.ts";

const call = 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/");\n';
const id = "timeout/http-call-without-timeout";
const run = (files: Record<string, string>, only = [id]) => analyse(new Map(Object.entries({ "package.json": '{ "name": "orders" }', ...files })), { packs, only });
const rows = (files: Record<string, string>, only?: string[]) => run(files, only).diagnostics.map((one) => `${one.at.file} ${one.severity}`);

describe("grades of paths", () => {
  const files = { "src/a.ts": call, "src/old/b.ts": call };
  it("say how loud a rule is, the last one wins", () => {
    assert.deepEqual(rows(files), ["src/a.ts warning", "src/old/b.ts warning"]);
    assert.deepEqual(rows({ ...files, "pitlint.yaml": `grades:\n  - paths: [src/old/]\n    rules: { ${id}: info }\n` }), ["src/a.ts warning", "src/old/b.ts info"]);
    assert.deepEqual(rows({ ...files, "pitlint.yaml": `grades:\n  - rules: { ${id}: hint }\n  - paths: ["*.ts", "!src/old/**"]\n    rules: { "timeout/*": error }\n` }), ["src/a.ts error", "src/old/b.ts hint"]);
  });
  it("silence with off, and say where", () => {
    const config = `grades:\n  - paths: [src/old/**]\n    rules: { ${id}: off }\n`;
    const result = run({ ...files, "pitlint.yaml": config });
    assert.deepEqual(result.diagnostics.map((one) => one.at.file), ["src/a.ts"]);
    const [one] = result.ungraded;
    assert.deepEqual([one?.why, one?.stated && config.slice(one.stated.start, one.stated.end)], ["pitlint.yaml grades it off", `${id}: off`]);
  });
  it("of one rule go before those of its group", () => {
    assert.deepEqual(rows({ "src/a.ts": call, "pitlint.yaml": `grades:\n  - rules: { ${id}: info, "timeout/*": off }\n` }), ["src/a.ts info"]);
  });
  it("turn nothing on that the pack leaves silent", () => {
    const socket = 'import WebSocket from "ws";\nconst socket = new WebSocket("ws://prices.internal");\nsocket.on("message", (text) => console.log(text));\n';
    const only = ["ws/socket-error-unhandled"];
    const config = { "pitlint.yaml": 'grades:\n  - rules: { "ws/socket-error-unhandled": warning }\n' };
    assert.deepEqual(rows({ "src/a.ts": socket, "scripts/b.ts": socket, ...config }, only), ["src/a.ts warning"]);
  });
  it("of a nested file are relative to it and go before those above", () => {
    const config = { "pitlint.yaml": `grades:\n  - rules: { ${id}: off }\n`, "apps/a/pitlint.yaml": `grades:\n  - paths: [/src]\n    rules: { ${id}: error }\n` };
    assert.deepEqual(rows({ ...config, "src/a.ts": call, "apps/a/src/b.ts": call, "apps/a/lib/src/c.ts": call }), ["apps/a/src/b.ts error"]);
  });
});

describe("environments", () => {
  const server = { "src/server.ts": 'import { createServer } from "node:http";\nexport const server = createServer();\nserver.requestTimeout = 45_000;\n' };
  const rule = "registry/server-timeout-exceeds-ttl";
  const ttl = (ms: string) => `service: { name: orders, check: { ttl: ${ms} } }\n`;
  it("leave what is compared with code in each of them", () => {
    assert.equal(rows({ ...server, "deploy/prod/orders.yaml": ttl("30s"), "pitlint.yaml": "environments: { production: [deploy/prod/] }\n" }, [rule]).length, 1);
  });
  it("keep manifests of different environments apart", () => {
    const pod = (replicas: number) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  replicas: ${replicas}\n  template:\n    metadata: { labels: { app: orders } }\n    spec:\n      containers:\n        - name: orders\n          image: acme/orders\n          env: [{ name: DATABASE_URL, value: "postgres://db/orders" }]\n`;
    const db = (max: number) => `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec:\n  template:\n    spec:\n      containers: [{ name: db, image: "postgres:17", args: ["-c", "max_connections=${max}"] }]\n`;
    const files = {
      "src/db.ts": 'import { Pool } from "pg";\nexport const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });\n',
      "deploy/prod/orders.yaml": pod(20), "deploy/prod/db.yaml": db(500), "deploy/staging/orders.yaml": pod(1), "deploy/staging/db.yaml": db(50),
    };
    assert.deepEqual(rows(files, ["db/pool-times-replicas"]), ["deploy/prod/orders.yaml warning"], "without a statement nobody knows that they are apart");
    assert.deepEqual(rows({ ...files, "pitlint.yaml": "environments:\n  production: [deploy/prod/]\n  staging: [deploy/staging/]\n" }, ["db/pool-times-replicas"]), []);
  });
  it("called like a developer's are a grade lower, others are not", () => {
    const files = { "package.json": '{ "name": "orders" }', "src/a.ts": "export {};\n", "local/orders.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    metadata: { labels: { app: orders }, annotations: { } }\n    spec:\n      containers: [{ name: orders, image: acme/orders, resources: { limits: { memory: 512Mi } }, env: [{ name: NODE_OPTIONS, value: --max-old-space-size=1024 }] }]\n" };
    const only = ["k8s/node-heap-exceeds-limit"];
    assert.deepEqual(rows(files, only), ["local/orders.yaml info"]);
    assert.deepEqual(rows({ ...files, "pitlint.yaml": "environments: { production: [local/] }\n" }, only), ["local/orders.yaml error"]);
    assert.deepEqual(rows({ ...files, "pitlint.yaml": "environments: { dev: [local/] }\n" }, only), ["local/orders.yaml info"]);
  });
  it("are judged also in folders that are called like fixtures", () => {
    const files = { ...server, "ci/orders.yaml": ttl("30s") };
    assert.deepEqual(rows(files, [rule]), []);
    assert.deepEqual(rows({ ...files, "pitlint.yaml": "environments: { production: [ci/] }\n" }, [rule]), ["src/server.ts warning"]);
  });
});

describe("the limit of a database", () => {
  const files = {
    "src/db.ts": 'import { Pool } from "pg";\nexport const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 30 });\n',
    "k8s/orders.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  replicas: 4\n  template:\n    metadata: { labels: { app: orders } }\n    spec:\n      containers: [{ name: orders, image: acme/orders }]\n",
  };
  const only = ["db/pool-times-replicas"];
  it("is compared with the pools of all replicas", () => {
    assert.deepEqual(rows(files, only), []);
    const { diagnostics } = run({ ...files, "pitlint.yaml": "database: { maxConnections: 100 }\n" }, only);
    assert.deepEqual(diagnostics.map((one) => `${one.at.file}: ${render(one.message)}`), ["k8s/orders.yaml: 4 replicas open up to 30 connections each, but the database takes 100"]);
    assert.equal(diagnostics[0]!.related?.at(-1)?.at.file, "pitlint.yaml");
    assert.deepEqual(rows({ ...files, "pitlint.yaml": "database: { maxConnections: 200 }\n" }, only), []);
  });
  it("may be stated of one service", () => {
    assert.deepEqual(rows({ ...files, "pitlint.yaml": 'services: { orders: { source: ".", database: { maxConnections: 100 } } }\n' }, only), ["k8s/orders.yaml warning"]);
  });
});

describe("the version of Istio", () => {
  const files = { "k8s/orders.yaml": 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    metadata:\n      annotations: { sidecar.istio.io/inject: "true" }\n    spec:\n      containers: [{ name: orders, image: acme/orders }]\n' };
  it("decides whether the label exists that replaces the annotation", () => {
    const only = ["istio/inject-annotation-misplaced"];
    assert.deepEqual(rows(files, only), ["k8s/orders.yaml info"]);
    assert.deepEqual(rows({ ...files, "pitlint.yaml": 'istio: { version: "1.9" }\n' }, only), []);
    assert.deepEqual(rows({ ...files, "pitlint.yaml": "istio: { version: 1.27 }\n" }, only), ["k8s/orders.yaml info"]);
  });
});
