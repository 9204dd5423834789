// Fixes write what was asked for, all of a fix or none, and nothing in a dry run.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { folderWith } from "../host/folder.ts";
import { mended, pitlint, report, start, warned } from "./run.ts";

const read = (root: string, path: string) => readFileSync(join(root, path), "utf8");
const unsafe = ["--fix", "--unsafe-fixes"];

describe("--fix", () => {
  it("leaves alone what a person should review", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    assert.equal((await pitlint(root, ["--fix"])).code, 1);
    assert.equal(read(root, "a.ts"), warned);
  });

  it("with --unsafe-fixes writes it, and reports what is left", async (test) => {
    const root = folderWith(test, { "a.ts": warned, "b.ts": "export {};\n" });
    const { code, stdout } = await pitlint(root, unsafe);
    assert.equal(read(root, "a.ts"), mended);
    assert.match(stdout, /^no findings; /);
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(root), ["a.ts", "b.ts"]);
  });

  it("finds nothing more to do in a second run", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    await pitlint(root, unsafe);
    const { ino, mtimeMs } = statSync(join(root, "a.ts"));
    await pitlint(root, unsafe);
    assert.deepEqual(read(root, "a.ts"), mended);
    assert.deepEqual([statSync(join(root, "a.ts")).ino, statSync(join(root, "a.ts")).mtimeMs], [ino, mtimeMs]);
  });

  it("keeps the byte order mark, line ends, and characters of two units", async (test) => {
    const astral = 'import axios from "axios";\nexport const quotes = ["😀", () => axios.get("https://prices.internal/😀")];\n';
    const root = folderWith(test, { "bom.ts": `\uFEFF${warned}`, "crlf.ts": warned.replaceAll("\n", "\r\n"), "cr.ts": warned.replaceAll("\n", "\r"), "end.ts": warned.trimEnd(), "astral.ts": astral });
    await pitlint(root, unsafe);
    assert.equal(read(root, "bom.ts"), `\uFEFF${mended}`);
    assert.equal(read(root, "crlf.ts"), mended.replaceAll("\n", "\r\n"));
    assert.equal(read(root, "cr.ts"), mended.replaceAll("\n", "\r"));
    assert.equal(read(root, "end.ts"), mended.trimEnd());
    assert.equal(read(root, "astral.ts"), 'import axios from "axios";\nexport const quotes = ["😀", () => axios.get("https://prices.internal/😀", { timeout: 5_000 })];\n');
  });

  it("touches only the paths that were asked for", async (test) => {
    const root = folderWith(test, { ".git/HEAD": "", "one/a.ts": warned, "two/b.ts": warned });
    await pitlint(root, [...unsafe, "two"]);
    assert.equal(read(root, "one/a.ts"), warned);
    assert.equal(read(root, "two/b.ts"), mended);
  });

  it("applies several fixes to one file, and one of two that touch the same place", async (test) => {
    const page = 'import axios from "axios";\nexport async function page(signal: AbortSignal) {\n  await axios.get("https://a.internal/");\n  return axios.get("https://b.internal/", { params: { q: 1 } });\n}\n';
    const root = folderWith(test, { "a.ts": page });
    assert.ok((await report(root)).json.diagnostics.length >= 4);
    const { json } = await report(root, unsafe);
    assert.deepEqual(json.diagnostics, []);
    assert.equal(read(root, "a.ts"), page.replace('a.internal/"', 'a.internal/", { signal }').replace("{ q: 1 } }", "{ q: 1 }, signal }"));
  });

  it("settles on the example system: a second run changes nothing", async (test) => {
    const root = join(folderWith(test), "shop");
    cpSync(join(import.meta.dirname, "../../examples/shop"), root, { recursive: true });
    const texts = () => readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(root, path)).isFile()).sort().map((path) => [path, read(root, path)]);
    const before = (await report(root)).json;
    const after = (await report(root, unsafe)).json;
    assert.ok(after.diagnostics.length < before.diagnostics.length / 2, `${before.diagnostics.length} before, ${after.diagnostics.length} after`);
    assert.deepEqual([after.problems, after.complete], [[], true]);
    const once = texts();
    await report(root, unsafe);
    assert.deepEqual(texts(), once);
  });

  it("refuses a file that may not be written, says so, and writes the others", async (test) => {
    const root = folderWith(test, { "a.ts": warned, "b.ts": warned });
    chmodSync(join(root, "a.ts"), 0o444);
    const { code, json } = await report(root, unsafe);
    assert.deepEqual(json.problems, [{ kind: "unwritable", file: "a.ts", message: "is read-only; not changed" }]);
    assert.deepEqual([code, json.complete], [3, false]);
    assert.deepEqual([read(root, "a.ts"), read(root, "b.ts")], [warned, mended]);
  });

  it("never writes a file whose bytes are not UTF-8", async (test) => {
    const bytes = Buffer.concat([Buffer.from(warned), Buffer.from([0x2f, 0x2f, 0xff, 0xe9, 0x0a])]);
    const root = folderWith(test, { "a.ts": bytes });
    const { code, json } = await report(root, unsafe);
    assert.deepEqual(readFileSync(join(root, "a.ts")), bytes);
    assert.deepEqual(json.problems.map((one) => [one.kind, one.message]), [["undecodable", "holds bytes that are not UTF-8: analysed with replacement characters, never fixed"], ["unwritable", "holds bytes that are not UTF-8; not changed"]]);
    assert.equal(code, 3);
  });

  it("follows a link to the file that it stands for", async (test) => {
    const root = folderWith(test, { "real/a.ts": warned });
    symlinkSync("real/a.ts", join(root, "link.ts"));
    await pitlint(root, [...unsafe, "link.ts"]);
    assert.equal(read(root, "real/a.ts"), mended);
  });
});

describe("X4: --fix, interrupted", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const)
    it(`leaves every file whole after ${signal}`, async (test) => {
      const filler = `// ${"x".repeat(100)}\n`.repeat(400);
      const files = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`src/${index}.ts`, warned + filler]));
      const root = folderWith(test, files);
      const child = start(root, [...unsafe, "--rule", "timeout/http-call-without-timeout"]);
      const ended = new Promise((resolve) => child.on("exit", (code, by) => resolve(code ?? by)));
      const changed = () => Object.keys(files).filter((path) => read(root, path) !== files[path]);
      while (child.exitCode === null && child.signalCode === null && changed().length === 0) await setImmediate();
      child.kill(signal);
      const end = await ended;
      // A run that was faster than the signal has ended by itself.
      assert.ok(end === 0 || end === (signal === "SIGINT" ? 130 : signal), String(end));
      assert.ok(changed().length > 0);
      for (const path of changed()) assert.equal(read(root, path), mended + filler);
      if (signal !== "SIGKILL") assert.deepEqual(readdirSync(join(root, "src")).filter((name) => !name.endsWith(".ts")), []);
      assert.equal((await pitlint(root, unsafe)).code, 0);
      assert.deepEqual(changed().length, 150);
    });
});

describe("--fix-dry-run", () => {
  it("prints a diff that git applies, and writes nothing", async (test) => {
    const files = { "a.ts": warned, "src/b.ts": `// one\n// two\n// three\n// four\n${warned.replace("quote", "other")}` };
    const root = folderWith(test, files);
    const before = Object.keys(files).map((path) => statSync(join(root, path)).mtimeMs);
    const { code, stdout } = await pitlint(root, ["--fix-dry-run", "--unsafe-fixes", "--format", "json=report.json"]);
    assert.deepEqual(Object.keys(files).map((path) => [read(root, path), statSync(join(root, path)).mtimeMs]), Object.values(files).map((text, index) => [text, before[index]]));
    assert.match(stdout, /^-export const quote = .*\n\+export const quote = /m);
    assert.equal(code, 1);
    execFileSync("git", ["apply", "-p0", "-"], { cwd: root, input: stdout });
    assert.equal(read(root, "a.ts"), mended);
    assert.match(read(root, "src/b.ts"), /timeout: 5_000/);
  });

  it("shows safe fixes only, unless told otherwise", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    assert.doesNotMatch((await pitlint(root, ["--fix-dry-run"])).stdout, /^[-+]/m);
    assert.match((await pitlint(root, ["--fix-dry-run", "--unsafe-fixes"])).stdout, /^\+export const quote/m);
  });

  it("wins over --fix", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    await pitlint(root, [...unsafe, "--fix-dry-run"]);
    assert.equal(read(root, "a.ts"), warned);
  });
});
