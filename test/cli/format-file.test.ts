// Reports in files: whole or not at all, over what was there, and refused before the run where they cannot be written.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { folderWith } from "../host/folder.ts";
import { cli, pitlint, start, warned } from "./run.ts";

describe("a report in a file", () => {
  it("is written for each format that is asked for, with what fits on standard output", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    mkdirSync(join(root, "out"));
    const { code, stdout, stderr } = await pitlint(root, ["--format", "sarif=out/a=b.sarif", "--format", "html=out/page.html", "--format", "compact", "--format", `junit=${join(root, "out/junit.xml")}`]);
    assert.deepEqual([code, stdout, stderr], [1, "a.ts:2:28 warning: axios.get has no timeout: axios waits forever by default (timeout/http-call-without-timeout)\n", ""]);
    assert.deepEqual(readdirSync(join(root, "out")).sort(), ["a=b.sarif", "junit.xml", "page.html"]);
  });

  it("replaces an older one, keeps who may read it, and goes through a link", async (test) => {
    const root = folderWith(test, { "a.ts": warned, "old.json": "old".repeat(10_000) });
    chmodSync(join(root, "old.json"), 0o640);
    symlinkSync("old.json", join(root, "link.json"));
    assert.equal((await pitlint(root, ["--format", "json=link.json"])).code, 1);
    assert.ok(lstatSync(join(root, "link.json")).isSymbolicLink());
    assert.equal(statSync(join(root, "old.json")).mode & 0o777, 0o640);
    assert.equal(JSON.parse(readFileSync(join(root, "old.json"), "utf8")).diagnostics.length, 1);
    assert.deepEqual(readdirSync(root).sort(), ["a.ts", "link.json", "old.json"]);
  });

  it("stays as it was until the new one is whole", async (test) => {
    const root = folderWith(test, { "a.ts": warned, "old.json": "old" });
    const held = statSync(join(root, "old.json")).ino;
    await pitlint(root, ["--format", "json=old.json"]);
    assert.notEqual(statSync(join(root, "old.json")).ino, held);
  });

  it("may be a device or a pipe, which is not replaced", (test) => {
    const root = folderWith(test, { "a.ts": warned });
    const { status, stdout } = spawnSync("sh", ["-c", '"$1" "$2" --format compact=/dev/stdout | cat; mkfifo pipe; cat pipe & "$1" "$2" --format compact=pipe; wait; test -p pipe', "sh", process.execPath, cli], { cwd: root, encoding: "utf8" });
    assert.deepEqual([status, stdout.match(/^a\.ts:2:28 warning/gm)?.length], [0, 2]);
  });

  const refused: readonly (readonly [to: string, why: string])[] = [
    ["no/such/out.json", "there is no folder no/such; make it first"],
    ["folder", "it is a folder; name a file in it"],
    ["a.ts/out.json", "a.ts is no folder"],
    ["a.ts/b/out.json", "part of the path is no folder (ENOTDIR)"],
    ["locked.json", "it is read-only"],
  ];
  for (const [to, why] of refused)
    it(`is refused at ${to} before anything is done`, async (test) => {
      const root = folderWith(test, { "a.ts": warned, "folder/b.ts": warned, "locked.json": "old" });
      chmodSync(join(root, "locked.json"), 0o444);
      const ran = await pitlint(root, ["--fix", "--unsafe-fixes", "--format", `json=${to}`, "--format", "text"]);
      assert.deepEqual(ran, { code: 2, stdout: "", stderr: `pitlint: cannot write the report to ${to}: ${why}\n` });
      assert.equal(readFileSync(join(root, "a.ts"), "utf8"), warned);
      assert.deepEqual(readdirSync(root).sort(), ["a.ts", "folder", "locked.json"]);
    });

  it("is refused when two formats share it", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    assert.deepEqual(await pitlint(root, ["--format", "json=out", "--format", "sarif=./out"]), { code: 2, stdout: "", stderr: "pitlint: two formats would be written to ./out; give each its own file\n" });
  });

  it("that fails at the end costs no other report", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    const child = start(root, ["--format", "json=/dev/full", "--format", "compact=out.txt"]);
    let stderr = "";
    child.stderr!.on("data", (piece: Buffer) => (stderr += String(piece)));
    const code = await new Promise((resolve) => child.on("close", resolve));
    assert.deepEqual([code, stderr], [2, "pitlint: cannot write the report to /dev/full: no space left (ENOSPC)\n"]);
    assert.match(readFileSync(join(root, "out.txt"), "utf8"), /^a\.ts:2:28 warning/);
  });
});

describe("a format", () => {
  it("stands in a file of its own, which is loaded when it is asked for", () => {
    // A word that nothing but the format itself holds.
    const words = { html: "prefers-color-scheme", junit: "testsuites", sarif: "toolExecutionNotifications", gitlab: "check_name" };
    const dist = join(cli, "..");
    const entry = readFileSync(cli, "utf8");
    const chunks = readdirSync(dist).filter((name) => /^chunk-|^(html|junit|sarif|gitlab)-/.test(name));
    for (const [name, word] of Object.entries(words)) {
      assert.ok(!entry.includes(word), `${name} is in the entry`);
      assert.equal(chunks.filter((chunk) => readFileSync(join(dist, chunk), "utf8").includes(word)).length, 1, `${name} has a file of its own`);
    }
  });
});
