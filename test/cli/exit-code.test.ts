// What a run says to its caller in one number: 0, 1, 2, 3 or 130.

import assert from "node:assert/strict";
import { once } from "node:events";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { folderWith } from "../host/folder.ts";
import { clean, cli, hanging, pitlint, start, warned } from "./run.ts";

const info = 'import { credentials } from "@grpc/grpc-js";\nimport { InventoryClient } from "./gen/inventory";\nexport const inventory = new InventoryClient("inventory:50051", credentials.createInsecure());\n';

describe("C7: the exit code", () => {
  it("is 0 for a clean workspace, and for one with nothing to read", async (test) => {
    assert.equal((await pitlint(folderWith(test, { "a.ts": clean }))).code, 0);
    assert.equal((await pitlint(folderWith(test))).code, 0);
  });

  it("is 1 for a warning, 0 for an info", async (test) => {
    assert.equal((await pitlint(folderWith(test, { "a.ts": warned }))).code, 1);
    const { code, stdout } = await pitlint(folderWith(test, { "a.ts": info }));
    assert.match(stdout, /^1 info;/m);
    assert.equal(code, 0);
  });

  it("follows --max-warnings, which no error passes", async (test) => {
    const two = folderWith(test, { "a.ts": warned, "b.ts": warned });
    assert.equal((await pitlint(two, ["--max-warnings", "1"])).code, 1);
    assert.equal((await pitlint(two, ["--max-warnings", "2"])).code, 0);
    const call = `${info}export const reserve = (done: () => void) => inventory.reserve({ sku: "a" }, done);\n`;
    const { code, stdout } = await pitlint(folderWith(test, { "a.ts": call }), ["--profile", "strict", "--max-warnings", "100"]);
    assert.match(stdout, /^1 error/m);
    assert.equal(code, 1);
  });

  it("is 3 when something was not analysed, also beside findings", async (test) => {
    const { code, stdout } = await pitlint(folderWith(test, { "a.ts": warned, "b.ts": `${warned}export const = ;\n` }));
    assert.match(stdout, /^b\.ts:3:14 incomplete: syntax error: Variable declaration expected\.$/m);
    assert.match(stdout, /^2 warnings; .*; incomplete: 1 file not fully analysed$/m);
    assert.equal(code, 3);
  });

  it("is 2 for a configuration that is refused, also beside findings", async (test) => {
    assert.equal((await pitlint(folderWith(test, { "a.ts": warned, "pitlint.yaml": "profile: none\n" }))).code, 2);
    assert.equal((await pitlint(folderWith(test, { "a.ts": `${warned}export const = ;\n`, "pitlint.yaml": "profile: none\n" }))).code, 2);
  });

  it("says 2 of a refused configuration when only a folder below it is asked for", async (test) => {
    const root = folderWith(test, { "src/a.ts": clean, "pitlint.yaml": "profile: none\n" });
    const { code, stdout } = await pitlint(root, ["src"]);
    assert.match(stdout, /^pitlint\.yaml:1:10 config: unknown value "none"/);
    assert.equal(code, 2);
  });

  it("is that of the paths that were asked for", async (test) => {
    const root = folderWith(test, { ".git/HEAD": "", "clean/a.ts": clean, "warned/a.ts": warned, "broken/a.ts": `${warned}export const = ;\n` });
    assert.equal((await pitlint(root, ["clean"])).code, 0);
    assert.equal((await pitlint(root, ["clean", "warned"])).code, 1);
    assert.equal((await pitlint(root, ["broken"])).code, 3);
    assert.equal((await pitlint(root)).code, 3);
  });

  it("is 0, 2 or 3 for commands that only show", async (test) => {
    for (const command of ["services", "facts"]) {
      assert.equal((await pitlint(folderWith(test, { "a.ts": warned }), [command])).code, 0);
      const refused = await pitlint(folderWith(test, { "a.ts": warned, "pitlint.yaml": "profile: none\n" }), [command]);
      assert.match(refused.stderr, /^pitlint\.yaml:1:10 config: unknown value "none"/);
      assert.equal(refused.code, 2);
      const broken = await pitlint(folderWith(test, { "a.ts": `${warned}export const = ;\n` }), [command]);
      assert.match(broken.stderr, /^a\.ts:3:14 incomplete: syntax error/);
      assert.equal(broken.code, 3);
    }
  });

  it("is 3 for an internal error, which names itself", async (test) => {
    const root = folderWith(test, { "src/a.ts": warned, "tool/package.json": '{ "type": "module", "version": "0.0.0" }' });
    cpSync(dirname(cli), join(root, "tool/dist"), { recursive: true, filter: (path) => !/(client|ts-morph|compiler)\.cjs$|server\.js$/.test(path) });
    rmSync(join(root, "tool/dist/worker.cjs"));
    const { code, stdout, stderr } = await pitlint(join(root, "src"), [], { entry: join(root, "tool/dist/cli.js") });
    assert.equal(stdout, "");
    assert.match(stderr, /^pitlint: internal error, please report it: Error: ENOENT.*worker\.cjs/);
    assert.equal(code, 3);
  });

  it("is 130 after an interruption, although a parser hangs", async (test) => {
    const root = folderWith(test, { "a.ts": hanging });
    // Says when the worker starts; what it does then takes minutes.
    const tell = 'import { isMainThread } from "node:worker_threads"; import { writeSync } from "node:fs"; if (!isMainThread) writeSync(2, "started");';
    const child = start(root, [], { env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tell)}` } });
    const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
    await once(child.stderr!, "data");
    await setTimeout(500);
    child.kill("SIGINT");
    assert.deepEqual(await ended, { code: 130, signal: null });
  });

  it("C6: is quiet when the reader goes away", async (test) => {
    const root = folderWith(test);
    mkdirSync(join(root, "src"));
    const child = start(root, ["rules"]);
    let stderr = "";
    child.stderr!.on("data", (piece: Buffer) => (stderr += String(piece)));
    child.stdout!.destroy();
    const code = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(stderr, "");
    assert.equal(code, 0);
  });
});
