// Files that say too little by themselves are read when a module near by says the rest, and not otherwise.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { analyse, rulesOf } from "../../engine/analyse.ts";
import { planOf, reachable, relevant } from "../../engine/plan.ts";
import { envRead } from "../../rules/facts/env-read.ts";
import { packs } from "../../rules/packs/index.ts";

const pool = 'import { Pool } from "pg";\nexport const pool = new Pool();\n';
const use = (from: string) => `import { pool } from "${from}";\nexport async function move() {\n  await pool.query("BEGIN");\n  await pool.query("UPDATE accounts SET n = 1");\n  await pool.query("COMMIT");\n}\n`;
const found = (files: Record<string, string>, everything = false) => {
  const { diagnostics } = analyse(new Map(Object.entries({ "package.json": '{ "dependencies": { "pg": "8.0.0" } }', ...files })), { packs, everything });
  return diagnostics.filter((one) => one.rule === "db/pool-transaction").map((one) => one.at.file);
};

describe("a file that names no library", () => {
  it("is read when a module that it imports does", () => assert.deepEqual(found({ "src/db.ts": pool, "src/move.ts": use("./db") }), ["src/move.ts"]));

  it("is read when that module stands behind one that passes it on", () => assert.deepEqual(found({ "src/db/pool.ts": pool, "src/db/all.ts": 'export { pool } from "./pool";\n', "src/db/index.ts": 'export * from "./all";\n', "src/move.ts": use("./db") }), ["src/move.ts"]));

  it("says nothing when none does", () => {
    const files = { "src/db.ts": "export const pool = { query: async (text: string) => text };\n", "src/move.ts": use("./db") };
    assert.deepEqual([found(files), found(files, true)], [[], []]);
  });
});

describe("what counts in deployed services alone", () => {
  const manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec: { template: { spec: { containers: [{ name: orders, image: acme/orders, env: [{ name: PORT, value: '1' }] }] } } }\n";
  const files = { "package.json": '{ "name": "root", "workspaces": ["orders", "tool"] }', "orders/package.json": '{ "name": "orders" }', "orders/src/url.ts": "export const url = process.env.PAYMENT_URL!;\n", "tool/package.json": '{ "name": "tool" }', "tool/src/url.ts": "export const url = process.env.PAYMENT_URL!;\n" };
  const read = (more: Record<string, string>) => {
    const { index, diagnostics } = analyse(new Map(Object.entries({ ...files, ...more })), { packs, only: ["config/env-not-provided"], profile: "strict" });
    return { read: [...index.filesOf(envRead)], found: diagnostics.map((one) => one.at.file) };
  };

  it("is read there", () => assert.deepEqual(read({ "k8s/orders.yaml": manifest }), { read: ["orders/src/url.ts"], found: ["orders/src/url.ts"] }));
  it("is not read where nothing is deployed", () => assert.deepEqual(read({}), { read: [], found: [] }));
});

describe("workflows of the forge", () => {
  const plan = planOf(rulesOf(packs));
  const isRead = (path: string, text: string) => reachable(plan, "yaml", path) && relevant(plan, path, plan.scanner.words(text, "yaml"));

  it("are read where they build an image", () => {
    const steps = ["- uses: docker/build-push-action@v6", "- run: docker build -t web web"];
    for (const step of steps) assert.equal(isRead(".github/workflows/release.yml", `jobs:\n  web:\n    services: { db: { image: postgres } }\n    steps:\n      ${step}\n`), true, step);
  });

  it("are left alone where they only test", () => {
    assert.equal(isRead(".github/workflows/tests.yml", "jobs:\n  test:\n    services: { db: { image: postgres } }\n    steps: [{ run: npm run build }]\n"), false);
    assert.equal(isRead(".github/dependabot.yml", "build: docker build\n"), false);
    assert.equal(isRead("compose.yml", "services: { db: { image: postgres } }\n"), true);
  });
});
