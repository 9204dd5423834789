// A change gives the findings of a fresh run, also where it makes files count that nobody read before.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openSession } from "../../host/session.ts";
import { folderWith } from "./folder.ts";

const deployment = (name: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec: { template: { spec: { containers: [{ name: ${name}, image: acme/${name}, env: [{ name: PORT, value: "1" }] }] } } }\n`;
const files = {
  "package.json": '{ "name": "root", "workspaces": ["orders", "tool"] }',
  "orders/package.json": '{ "name": "orders" }',
  "orders/src/url.ts": "export const url = process.env.PAYMENT_URL!;\n",
  "tool/package.json": '{ "name": "tool" }',
  "tool/src/url.ts": "export const url = process.env.PAYMENT_URL!;\n",
  "k8s/one.yaml": deployment("elsewhere"),
};

describe("an edit of a manifest", () => {
  it("reads what counts in the service that is deployed now", async (test) => {
    const root = folderWith(test, files);
    const session = await openSession({ root, watchdogMs: 20_000, workers: 1, cache: false, profile: "strict" });
    const found = (result = session.result) => result.diagnostics.filter((one) => one.rule === "config/env-not-provided").map((one) => one.at.file);
    try {
      assert.deepEqual(found(), []);
      for (const name of ["orders", "tool", "elsewhere", "tool"])
        assert.deepEqual(found(await session.change(new Map([["k8s/one.yaml", deployment(name)]]))), name === "elsewhere" ? [] : [`${name}/src/url.ts`], name);
    } finally {
      await session.close();
    }
  });
});

describe("a file that was read for another alone", () => {
  const broken = {
    "package.json": '{ "name": "orders", "dependencies": { "pg": "8" } }',
    "Dockerfile": 'FROM node:22\nCMD ["node", "src/server.js"]\n',
    "src/limits.ts": "export const far = 3000;\nexport const = ;\n",
  };
  const server = (far: string) => `import http from "node:http";\n${far === "far" ? 'import { far } from "./limits";\n' : ""}const server = http.createServer(() => {}).listen(80);\nserver.keepAliveTimeout = ${far};\n`;

  it("and is broken keeps no rule silent once nobody asks for it", async (test) => {
    const root = folderWith(test, { ...broken, "src/server.ts": server("far") });
    const session = await openSession({ root, watchdogMs: 20_000, workers: 1, cache: false, profile: "strict" });
    const said = (result = session.result) => [result.complete, ...result.diagnostics.map((one) => one.rule)];
    try {
      assert.equal(session.result.complete, false);
      for (const far of ["far", "3000", "far", "3001"]) {
        await session.change(new Map([["src/server.ts", server(far)]]));
        const fresh = await openSession({ root: folderWith(test, { ...broken, "src/server.ts": server(far) }), watchdogMs: 20_000, workers: 1, cache: false, profile: "strict" });
        assert.deepEqual(said(), said(fresh.result), far);
        await fresh.close();
      }
    } finally {
      await session.close();
    }
  });
});
