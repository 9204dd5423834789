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
