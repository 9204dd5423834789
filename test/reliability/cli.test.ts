// C and X4: the run ends with the right answer whatever happens to its files, its cache, its reader or its process.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { folderWith } from "../host/folder.ts";
import { mended, pitlint, report, start, warned } from "../cli/run.ts";
import { random } from "./random.ts";
import { firstSeed, size } from "./size.ts";

const many = (count: number, text = warned) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`src/f${index}.ts`, text]));

describe("a workspace that changes while it is read", () => {
  it("C2: ends without an internal error, and the files left alone keep their findings", async (test) => {
    const pick = random(firstSeed);
    for (let round = 0; round < size(1, 20); round++) {
      const root = folderWith(test, { ...many(150), "stays/a.ts": warned });
      const running = report(root, ["--no-cache"]);
      await setTimeout(100 + pick(500));
      for (let index = 0; index < 150; index += 3) rmSync(join(root, `src/f${index}.ts`));
      for (let index = 1; index < 150; index += 3) truncateSync(join(root, `src/f${index}.ts`), pick(40));
      const { code, json, stderr } = await running;
      assert.equal(stderr, "");
      assert.ok([1, 3].includes(code!), String(code));
      assert.ok(json.diagnostics.some((one) => one.file === "stays/a.ts"));
      assert.equal(json.complete, code !== 3);
      assert.ok(json.problems.every((one) => one.kind !== "rule-failed" && one.kind !== "crash"));
    }
  });
});

describe("one cache", () => {
  it("C4: serves many runs at once, and all say the same", async (test) => {
    const root = folderWith(test, { ...many(40), "node_modules/p/index.js": "" });
    for (let round = 0; round < size(1, 20); round++) {
      writeFileSync(join(root, "src/f0.ts"), round % 2 ? warned : `${warned}\n`);
      const alone = await pitlint(root, ["--format", "json", "--no-cache"]);
      const all = await Promise.all(Array.from({ length: size(4, 16) }, () => pitlint(root, ["--format", "json"])));
      for (const one of all) assert.deepEqual(one, alone);
    }
    assert.deepEqual(readdirSync(join(root, "node_modules/.cache/pitlint")), ["extracts"]);
  });

  it("C3: damaged in any way gives the result of no cache", async (test) => {
    const pick = random(firstSeed);
    const root = folderWith(test, { ...many(5), "node_modules/p/index.js": "" });
    const alone = (await report(root, ["--no-cache"])).json;
    await report(root);
    const file = join(root, "node_modules/.cache/pitlint/extracts");
    const whole = readFileSync(file);
    for (let round = 0; round < size(2, 100); round++) {
      const bytes = Buffer.from(whole.subarray(0, pick(3) ? whole.length : pick(whole.length)));
      if (bytes.length) bytes[pick(bytes.length)]! ^= 1 << pick(8);
      writeFileSync(file, bytes);
      const { json, code } = await report(root);
      assert.deepEqual([json.diagnostics, json.complete, code], [alone.diagnostics, true, 1]);
      assert.ok(json.problems.length <= 1);
    }
  });
});

describe("a reader that goes away", () => {
  it("C6: gets whole lines, and no stack trace is written", async (test) => {
    const root = folderWith(test, many(400));
    const child = start(root, ["--no-cache", "--format", "compact"]);
    let stderr = "";
    child.stderr!.on("data", (chunk) => (stderr += String(chunk)));
    const first = await new Promise<string>((resolve) => child.stdout!.once("data", (chunk) => resolve(String(chunk))));
    child.stdout!.destroy();
    const code = await new Promise((resolve) => child.once("close", resolve));
    assert.match(first, /^src\/f0\.ts:/);
    assert.equal(stderr, "");
    assert.ok([0, 1].includes(code as number), String(code));
  });
});

describe("a fix that is killed", () => {
  it("X4: tears no file, whenever it is killed, and the next run ends it", async (test) => {
    const pick = random(firstSeed);
    const filler = `// ${"x".repeat(100)}\n`.repeat(200);
    const counts = { before: 0, during: 0, after: 0 };
    for (let round = 0; round < size(5, 100); round++) {
      const files = many(60, warned + filler);
      const root = folderWith(test, files);
      const signal = (["SIGKILL", "SIGINT", "SIGTERM"] as const)[pick(3)]!;
      const child = start(root, ["--fix", "--unsafe-fixes", "--no-cache", "--rule", "timeout/http-call-without-timeout"]);
      const ended = new Promise<unknown>((resolve) => child.once("exit", (code, by) => resolve(code ?? by)));
      while (child.exitCode === null && child.signalCode === null && round % 2 && Object.keys(files).every((path) => readFileSync(join(root, path), "utf8") === files[path])) await setTimeout(1);
      await setTimeout(round % 2 ? pick(20) : pick(600));
      child.kill(signal);
      const end = await ended;
      assert.ok([0, 1, 130, "SIGKILL", "SIGINT", "SIGTERM"].includes(end as never), String(end));
      const now = Object.keys(files).map((path) => readFileSync(join(root, path), "utf8"));
      assert.deepEqual(now.filter((text) => text !== warned + filler && text !== mended + filler), []);
      const changed = now.filter((text) => text === mended + filler).length;
      counts[changed === 0 ? "before" : changed === 60 ? "after" : "during"]++;
    }
    test.diagnostic(`killed before, during, after the writing: ${counts.before}, ${counts.during}, ${counts.after}`);
  });
});

describe("names", () => {
  it("C1: of any kind are listed or named as skipped", async (test) => {
    const root = folderWith(test, { "good.ts": warned, "new\nline.ts": warned, "tab\t.ts": warned, " .ts": warned, "con.ts": warned, "é😀.ts": warned, [`${"d/".repeat(200)}deep.ts`]: warned, [`${"n".repeat(250)}.ts`]: warned });
    mkdirSync(join(root, "x.ts"));
    const { json, code } = await report(root);
    assert.equal(json.diagnostics.length, 8);
    assert.deepEqual([code, json.problems], [1, []]);
  });
});
