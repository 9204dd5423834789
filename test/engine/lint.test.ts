// The passes together: a rule reports on its own file only, one failing rule costs nobody else's result, units and environments are kept apart.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { analyse } from "../../engine/analyse.ts";
import { render, say } from "../../engine/message.ts";
import { packs } from "../../rules/packs/index.ts";
import { serverTimeout } from "../../rules/facts/server-timeout.ts";
import type { Pack, Rule } from "../../engine/types.ts";

const rule = (id: string, check: Rule["check"]): Rule => ({ id, title: id, why: id, check, examples: [] });
const packOf = (...rules: Rule[]): Pack => ({ name: "test", title: "test", appliesTo: {}, releases: [{ version: "1.0.0", date: "2026-01-01", why: "test", grades: rules.map((one) => [one, { default: "warning" as const }] as const) }] });

const server = 'import { createServer } from "node:http";\nconst server = createServer();\nserver.requestTimeout = 45_000;\n';
const ttl = (seconds: number) => `service: { name: orders, check: { ttl: ${seconds}s } }\n`;
const only = ["registry/server-timeout-exceeds-ttl"];

describe("a rule", () => {
  it("that reports on another file is refused, and said", () => {
    const astray = rule("test/astray", { ts: { reads: [serverTimeout], *find() { yield { at: { file: "b.ts", start: 0, end: 1 }, message: say`astray` }; } } });
    const result = analyse(new Map([["a.ts", server]]), { packs: [packOf(astray)] });
    assert.deepEqual(result.diagnostics, []);
    assert.match(result.problems[0]!.message, /test\/astray failed: reports on b\.ts, but was given a\.ts/);
    assert.equal(result.complete, false);
  });

  it("that fails costs no other rule's result and is named", () => {
    const broken = rule("test/broken", { ts: { mentions: [["requestTimeout"]], find() { throw new Error("boom"); } } });
    const fine = rule("test/fine", { ts: { mentions: [["requestTimeout"]], *find() { yield { at: { file: "", start: 0, end: 6 }, message: say`fine` }; } } });
    const result = analyse(new Map([["a.ts", server]]), { packs: [packOf(broken, fine)] });
    assert.deepEqual(result.diagnostics.map((one) => one.rule), ["test/fine"]);
    assert.deepEqual(result.problems.map((one) => `${one.kind} ${one.file} ${one.message}`), ["rule-failed a.ts test/broken failed: boom"]);
    assert.equal(result.complete, false);
  });
});

describe("values that a deployment sets", () => {
  const files = (value: string, other = value) => new Map([
    ["a.ts", 'import { createServer } from "node:http";\nconst server = createServer();\nserver.requestTimeout = Number(process.env.TIMEOUT ?? 5_000);\n'],
    ["consul/orders.yaml", ttl(30)],
    ...[["k8s", value], ["k8s-eu", other]].map(([folder, said]) => [`${folder}/orders.yaml`, `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    spec:\n      containers:\n        - { name: orders, image: acme/orders, env: [{ name: TIMEOUT, value: "${said}" }] }\n`] as [string, string]),
  ]);
  it("take the place of the default in the code", () => {
    const [found] = analyse(files("60000"), { packs, only }).diagnostics;
    assert.equal(found && render(found.message), "Server timeout of 60 s outlives the registry TTL of 30 s");
  });
  it("are unknown, and silent, when manifests disagree", () => assert.deepEqual(analyse(files("60000", "5000"), { packs, only }).diagnostics, []));
  it("below the limit are silent", () => assert.deepEqual(analyse(files("5000"), { packs, only }).diagnostics, []));
});

describe("a suppression", () => {
  const text = server.replace("server.requestTimeout", "// pitlint-ignore-next-line registry/server-timeout-exceeds-ttl -- exports run long\nserver.requestTimeout");
  it("silences the finding and is counted", () => {
    const result = analyse(new Map([["a.ts", text], ["orders.yaml", ttl(30)]]), { packs, only });
    assert.deepEqual(result.diagnostics, []);
    assert.equal(result.summary.suppressed, 1);
  });
  it("at the other end of the contradiction silences it too", () => {
    const yaml = "service:\n  name: orders\n  check:\n    # pitlint-ignore-next-line registry/server-timeout-exceeds-ttl -- renewed by a sidecar\n    ttl: 30s\n";
    assert.deepEqual(analyse(new Map([["a.ts", server], ["orders.yaml", yaml]]), { packs, only }).diagnostics, []);
  });
  it("without a reason does not count, and is said", () => {
    const result = analyse(new Map([["a.ts", text.replace(" -- exports run long", "")], ["orders.yaml", ttl(30)]]), { packs, only });
    assert.equal(result.diagnostics.length, 1);
    assert.match(result.problems[0]!.message, /reason/);
  });
});

describe("fingerprints", () => {
  const prints = (code: string) => analyse(new Map([["a.ts", code], ["orders.yaml", ttl(30)]]), { packs, only }).diagnostics.map((one) => one.fingerprint);
  it("survive moved lines and another layout", () => assert.deepEqual(prints(server), prints(`// a comment\n\n${server.replace("server.requestTimeout", "  server.requestTimeout")}`)));
  it("tell equal findings apart", () => {
    const twice = `${server}const other = createServer();\nserver.requestTimeout = 45_000;\nother.requestTimeout = 45_000;\n`;
    assert.equal(new Set(prints(twice)).size, prints(twice).length);
  });
});

describe("a pinned pack", () => {
  const found = rule("test/found", { ts: { mentions: [["requestTimeout"]], *find() { yield { at: { file: "", start: 0, end: 1 }, message: say`found` }; yield { at: { file: "", start: 0, end: 1 }, message: say`wider`, variant: "wide" }; } } });
  const pack: Pack = { name: "node", title: "n", appliesTo: {}, releases: [
    { version: "1.0.0", date: "2026-01-01", why: "first", grades: [[found, { default: "warning" }]] },
    { version: "1.1.0", date: "2026-02-01", why: "wider", grades: [[found, { default: "error", wide: "info" }]] },
  ] };
  const run = (config?: string) => analyse(new Map([["a.ts", server], ...(config ? [["pitlint.yaml", config] as [string, string]] : [])]), { packs: [pack] }).diagnostics.map((one) => `${one.severity} ${render(one.message)}`);
  it("replays its releases to the pin", () => assert.deepEqual(run('packs: { node: "1.0" }\n'), ["warning found"]));
  it("runs the newest release without a pin", () => assert.deepEqual(run(), ["error found", "info wider"]));
});
