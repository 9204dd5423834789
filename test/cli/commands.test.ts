// The commands that show: rules, explain, services, facts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { rulesOf } from "../../engine/analyse.ts";
import { packs } from "../../rules/packs/index.ts";
import { folderWith } from "../host/folder.ts";
import { pitlint, warned } from "./run.ts";

const project = join(import.meta.dirname, "../..");

describe("pitlint rules", () => {
  it("lists every rule with its pack and grade, sorted", async (test) => {
    const { code, stdout, stderr } = await pitlint(folderWith(test), ["rules"]);
    assert.deepEqual([code, stderr], [0, ""]);
    const rows = stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
    assert.deepEqual(rows.map(([id]) => id), rulesOf(packs).map((one) => one.id));
    for (const [, pack, grade] of rows) {
      assert.ok(packs.some((one) => one.name === pack), pack);
      assert.match(grade!, /^(error|warning|info|hint|off)|: (error|warning|info|hint|off)/);
    }
  });

  it("shows the grades of a profile", async (test) => {
    const root = folderWith(test);
    const gradeOf = async (...args: string[]) => /^grpc\/call-without-deadline +node +(\w+)/m.exec((await pitlint(root, ["rules", ...args])).stdout)?.[1];
    assert.equal(await gradeOf(), "warning");
    assert.equal(await gradeOf("--profile", "strict"), "error");
  });
});

describe("pitlint explain", () => {
  it("prints the page of a rule", async (test) => {
    const { code, stdout } = await pitlint(folderWith(test), ["explain", "registry/server-timeout-exceeds-ttl"]);
    assert.equal(code, 0);
    assert.equal(stdout, readFileSync(join(project, "docs/rules/registry/server-timeout-exceeds-ttl.md"), "utf8"));
  });
});

describe("pitlint services", () => {
  it("shows links with their evidence, and what was not linked with the reason", async (test) => {
    const root = folderWith(test, {
      "orders/package.json": '{ "name": "orders" }', "orders/server.ts": 'import { createServer } from "node:http";\nconst server = createServer();\nserver.requestTimeout = 45_000;\n',
      "compose.yaml": "services:\n  orders:\n    build: ./orders\n    image: acme/orders\n  cache:\n    image: redis:7\n",
    });
    const { code, stdout } = await pitlint(root, ["services"]);
    assert.equal(code, 0);
    assert.match(stdout, /^orders \(orders\)\n  compose\/orders \(compose\.yaml\)\n    E\d: .*orders/);
    assert.match(stdout, /\nnot linked\n  no package fits its image, names or build\n    compose\/cache \(compose\.yaml\)\n\nEvidence, the strongest first: E5 /);
  });

  it("names a workload that several files repeat once, with its files", async (test) => {
    const services = "services:\n  orders: { build: ./orders }\n  ads: { image: acme/ads }\n";
    const { stdout } = await pitlint(folderWith(test, { "orders/package.json": '{ "name": "orders" }', "orders/a.ts": "export const a = 1;\n", "a/compose.yaml": services.replace("./orders", "../orders"), "compose.yaml": services }), ["services"]);
    assert.match(stdout, /^orders \(orders\)\n {2}compose\/orders \([^()]*, [^()]*\)\n {4}E4: .*\n\nnot linked\n {2}no package fits .*\n {4}compose\/ads \([^()]*, [^()]*\)\n/);
  });
});

describe("pitlint facts", () => {
  it("shows each fact with place, kind, service and value", async (test) => {
    const root = folderWith(test, { ".git/HEAD": "", "src/a.ts": warned, "src/b.ts": warned });
    const { code, stdout } = await pitlint(root, ["facts"]);
    assert.equal(code, 0);
    const lines = stdout.split("\n").filter((line) => line.includes(" http-call "));
    assert.equal(lines.length, 2);
    assert.match(lines[0]!, /^src\/a\.ts:2:28 http-call \[root\] \{.*"what":"axios\.get".*\}$/);
    assert.match(lines[1]!, /^src\/b\.ts:2:28 /);
    const narrowed = await pitlint(join(root, "src"), ["facts", "b.ts"]);
    assert.equal(narrowed.stdout, stdout.split("\n").filter((line) => line.startsWith("src/b.ts")).map((line) => `${line.slice(4)}\n`).join(""));
  });
});
