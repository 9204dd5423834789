// Command line and language server say the same: one result, two front doors.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import type { Diagnostic } from "vscode-languageserver-protocol/node";
import { rulesOf } from "../../engine/analyse.ts";
import { parseExample } from "../../engine/example.ts";
import { packs } from "../../rules/packs/index.ts";
import { pullClient, startClient } from "./client.ts";

interface Row { readonly file: string; readonly line: number; readonly column: number; readonly rule: string; readonly message: string; readonly fingerprint: string }
type Json = { diagnostics: { file: string; range: { start: { line: number; column: number } }; rule: string; message: string; fingerprint: string }[] };
type Report = { items: { uri: string; items: (Diagnostic & { data: { fingerprint: string } })[] }[] };

const order = (rows: Row[]) => rows.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

function fromCli(root: string): Row[] {
  const { stdout } = spawnSync(process.execPath, [join(import.meta.dirname, "../../dist/cli.js"), "--format", "json", "--no-cache"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  return order((JSON.parse(stdout) as Json).diagnostics.map((one) => ({ file: one.file, line: one.range.start.line, column: one.range.start.column, rule: one.rule, message: one.message, fingerprint: one.fingerprint })));
}

async function fromServer(root: string): Promise<Row[]> {
  const client = await startClient(root, pullClient);
  const { items } = await client.connection.sendRequest<Report>("workspace/diagnostic", { previousResultIds: [] });
  await client.stop();
  const rows = items.flatMap(({ uri, items: found }) => found.filter((one) => one.data !== undefined).map((one) => ({ file: decodeURIComponent(uri.slice(client.uri("").length)), line: one.range.start.line + 1, column: one.range.start.character + 1, rule: String(one.code), message: String(one.message), fingerprint: one.data.fingerprint })));
  // Problems, such as a suppression without a reason, have no fingerprint: the command line lists them apart.
  // A mirror repeats a finding on the other file under the same fingerprint; the primary place is the one the command line shows.
  return order(rows);
}

function assertSame(cli: readonly Row[], server: readonly Row[]): void {
  const key = (one: Row) => JSON.stringify(one);
  const known = new Set(server.map(key));
  assert.deepEqual(cli.filter((one) => !known.has(key(one))), [], "the server shows what the command line shows");
  const prints = new Set(cli.map((one) => one.fingerprint));
  assert.deepEqual(server.filter((one) => !prints.has(one.fingerprint)), [], "the server shows nothing else");
}

describe("parity", () => {
  it("holds on examples/shop", async () => {
    const root = join(mkdtempSync(join(tmpdir(), "pitlint-parity-")), "shop");
    cpSync("examples/shop", root, { recursive: true });
    const cli = fromCli(root);
    assert.ok(cli.length >= 10);
    assertSame(cli, await fromServer(root));
  });

  it("holds under nested configurations", async () => {
    const root = mkdtempSync(join(tmpdir(), "pitlint-parity-"));
    const call = 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/");\n';
    const id = "timeout/http-call-without-timeout";
    const files = {
      "package.json": "{}", "pitlint.yaml": `profile: strict\nignore: [generated/]\ngrades:\n  - paths: [apps/]\n    rules: { ${id}: off }\n`,
      "apps/b/pitlint.yaml": `grades:\n  - paths: [/src]\n    rules: { ${id}: info }\n`, "a.ts": call, "generated/a.ts": call, "apps/a/a.ts": call, "apps/b/src/a.ts": call, "apps/b/lib/a.ts": call,
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const cli = fromCli(root);
    assert.deepEqual(cli.map((one) => one.file), ["a.ts", "apps/b/src/a.ts"]);
    assertSame(cli, await fromServer(root));
  });

  it("holds on every example of every rule", async () => {
    const root = mkdtempSync(join(tmpdir(), "pitlint-parity-"));
    for (const rule of rulesOf(packs))
      for (const [index, example] of rule.examples.entries())
        for (const { path, text } of parseExample("bad" in example ? example.bad : example.good).files) {
          const home = join(root, rule.id.replace("/", "-"), String(index));
          mkdirSync(dirname(join(home, path)), { recursive: true });
          writeFileSync(join(home, path), text);
          writeFileSync(join(home, "package.json"), "{}");
        }
    assertSame(fromCli(root), await fromServer(root));
  });

  it("holds on this repository", async () => {
    const root = execFileSync("git", ["rev-parse", "--show-toplevel"], { encoding: "utf8" }).trim();
    assertSame(fromCli(root), await fromServer(root));
  });
});
