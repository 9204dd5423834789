// A cache saves time and never changes a result, whatever becomes of its file.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import type { Extract } from "../../engine/types.ts";
import { openCache } from "../../host/cache.ts";
import { decodeRows, encodeRows } from "../../host/cache-rows.ts";
import { cacheFolder } from "../../host/cache-folder.ts";
import type { FileStat } from "../../host/read.ts";
import { folderWith } from "./folder.ts";

const long = Date.now() - 60_000;
const stat = (size: number, mtimeMs = long, ctimeMs = long): FileStat => ({ size, mtimeMs, ctimeMs });
const extractOf = (path: string, extra: Partial<Extract> = {}): Extract => ({ path, facts: { "server-timeout": [{ at: { file: "", start: 1, end: 2 }, value: { known: 45_000, by: "text", from: [] } }] }, findings: [], exports: {}, reexports: ["é\n\t\u2028"], suppressions: [], documents: [], problems: [], ...extra });
const on = { enabled: true };
const messages = (problems: readonly { message: string; incomplete: boolean }[]) => problems.map(({ message, incomplete }) => (assert.equal(incomplete, false), message));

/** A workspace with node_modules, and where its cache is. */
function workspace(test: TestContext) {
  const root = folderWith(test, { "node_modules/p/index.js": "" });
  return { root, file: join(root, "node_modules/.cache/pitlint/extracts") };
}

function fill(root: string, paths: readonly string[] = ["a.ts", "b.ts", "c.ts"], key = "1") {
  const cache = openCache(root, key, on);
  paths.forEach((path, index) => cache.put(path, stat(index), index % 2 ? { hits: false, hash: "" } : { hits: true, hash: `hash of ${path}`, extract: extractOf(path) }));
  assert.deepEqual(cache.save(), []);
}

/** Asserts that a cache gives what `fill` put in, or nothing; and that it says so once at most. */
function usable(root: string): "used" | "silent" | "warned" {
  const cache = openCache(root, "1", on);
  const a = cache.get("a.ts", stat(0));
  const b = cache.get("b.ts", stat(1));
  if (a !== undefined) assert.deepEqual([a, b], [{ hits: true, hash: "hash of a.ts", extract: extractOf("a.ts") }, { hits: false, hash: "" }]);
  else assert.equal(b, undefined);
  const warnings = cache.save();
  assert.ok(warnings.length <= 1);
  messages(warnings);
  assert.ok(a === undefined || warnings.length === 0);
  return a ? "used" : warnings.length ? "warned" : "silent";
}

describe("the cache", () => {
  it("gives back what was put in, in this run and the next", (test) => {
    const { root } = workspace(test);
    const cache = openCache(root, "1", on);
    cache.put("a.ts", stat(0), { hits: true, hash: "h", extract: extractOf("a.ts") });
    assert.deepEqual(cache.get("a.ts", stat(0)), { hits: true, hash: "h", extract: extractOf("a.ts") });
    fill(root);
    assert.equal(usable(root), "used");
  });

  it("knows a file by size, both times, tag, and else by its digest", (test) => {
    const { root } = workspace(test);
    fill(root);
    const cache = openCache(root, "1", on);
    const value = { hits: true, hash: "hash of a.ts", extract: extractOf("a.ts") };
    for (const other of [stat(9), stat(0, long + 1), stat(0, long, long + 1)]) assert.equal(cache.get("a.ts", other), undefined);
    assert.equal(cache.get("a.ts", stat(0), "another context"), undefined);
    assert.deepEqual(cache.match("a.ts", "hash of a.ts"), value);
    assert.equal(cache.match("a.ts", "other"), undefined);
    assert.equal(cache.match("b.ts", ""), undefined);
    assert.equal(cache.get("z.ts", stat(0)), undefined);
  });

  it("does not trust the times of a file that was just written", (test) => {
    const { root } = workspace(test);
    const cache = openCache(root, "1", on);
    const now = stat(1, Date.now(), Date.now());
    cache.put("a.ts", now, { hits: true, hash: "h", extract: extractOf("a.ts") });
    assert.equal(cache.get("a.ts", now), undefined);
    assert.deepEqual(cache.match("a.ts", "h")?.extract, extractOf("a.ts"));
  });

  it("keeps nothing that JSON would change", (test) => {
    const { root } = workspace(test);
    fill(root);
    const cache = openCache(root, "1", on);
    for (const odd of [Infinity, NaN, [undefined]]) {
      cache.put("a.ts", stat(0), { hits: true, hash: "h", extract: extractOf("a.ts", { exports: { x: { known: odd, by: "text", from: [] } } }) });
      assert.equal(cache.get("a.ts", stat(0)), undefined);
    }
  });

  it("does nothing when it is switched off", (test) => {
    const { root, file } = workspace(test);
    const cache = openCache(root, "1", { enabled: false });
    cache.put("a.ts", stat(0), { hits: false, hash: "" });
    assert.equal(cache.get("a.ts", stat(0)), undefined);
    assert.deepEqual([cache.save(), existsSync(file)], [[], false]);
  });

  it("forgets files that are gone, and is not written when nothing is new", (test) => {
    const { root, file } = workspace(test);
    fill(root);
    const { ino } = statSync(file);
    assert.deepEqual(openCache(root, "1", on).save(new Set(["a.ts", "b.ts", "c.ts"])), []);
    assert.equal(statSync(file).ino, ino);
    assert.deepEqual(openCache(root, "1", on).save(new Set(["a.ts"])), []);
    const cache = openCache(root, "1", on);
    assert.ok(cache.get("a.ts", stat(0)));
    assert.equal(cache.get("b.ts", stat(1)), undefined);
  });

  it("is written in the same bytes for the same content", (test) => {
    const { root, file } = workspace(test);
    fill(root, ["a.ts", "b.ts"]);
    const first = readFileSync(file);
    rmSync(file);
    const cache = openCache(root, "1", on);
    cache.put("b.ts", stat(1), { hits: false, hash: "" });
    cache.put("a.ts", stat(0), { hits: true, hash: "hash of a.ts", extract: extractOf("a.ts") });
    cache.save();
    assert.ok(readFileSync(file).equals(first));
  });
});

describe("rows of a cache", () => {
  const text = fc.string({ unit: "binary", maxLength: 12 });
  const words = fc.uniqueArray(text, { maxLength: 4 });
  const row = fc.record({ stat: fc.record({ size: fc.nat(2 ** 40), mtimeMs: fc.double({ noNaN: true, min: -1, max: 2e12 }), ctimeMs: fc.double({ noNaN: true, min: 0, max: 2e12 }) }), tag: text, hits: fc.boolean(), hash: text, outline: fc.option(fc.record({ words: words.map((list) => new Set(list)), modules: words, passed: words }), { nil: undefined }), json: fc.string({ unit: "grapheme", maxLength: 30 }) });

  it("come back as they were written", () => fc.assert(fc.property(fc.uniqueArray(fc.tuple(text, row), { selector: ([path]) => path, maxLength: 12 }), (list) => {
    const { paths, at } = decodeRows(Buffer.concat([...encodeRows(list.length, list.map(([path, { outline, json, ...one }]) => [path, { ...one, ...(outline ? { outline } : {}), json: Buffer.from(json) }]))]));
    assert.deepEqual(paths, list.map(([path]) => path));
    for (const [index, [, { outline, ...one }]] of list.entries()) {
      const { json, ...back } = at(index);
      assert.deepEqual({ ...back, json: Buffer.from(json).toString() }, { ...one, stat: { ...one.stat }, ...(outline ? { outline: { ...outline } } : {}) });
    }
  })));
});

describe("C3: a cache file", () => {
  it("of another version or key is not used, and that is no damage", (test) => {
    const { root } = workspace(test);
    fill(root, undefined, "2");
    assert.equal(usable(root), "silent");
  });

  it("cut off anywhere is not used", (test) => {
    const { root, file } = workspace(test);
    fill(root);
    const whole = readFileSync(file);
    for (let part = 0; part < 100; part++) {
      writeFileSync(file, whole);
      truncateSync(file, Math.floor((whole.length * part) / 100));
      assert.equal(usable(root), "warned", `cut at ${part} %`);
    }
  });

  it("with any bit turned is not used", (test) => {
    const { root, file } = workspace(test);
    fill(root);
    const whole = readFileSync(file);
    for (let trial = 0; trial < 1000; trial++) {
      const bytes = Buffer.from(whole);
      const bit = Math.floor((trial * bytes.length * 8) / 1000);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(file, bytes);
      assert.notEqual(usable(root), "used", `bit ${bit}`);
    }
  });

  it("of garbage, a folder, a pipe or a link to itself is not used", (test) => {
    const { root, file } = workspace(test);
    const kinds: readonly (() => void)[] = [() => writeFileSync(file, Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) & 255))), () => writeFileSync(file, "{}"), () => writeFileSync(file, ""), () => mkdirSync(file), () => execFileSync("mkfifo", [file]), () => symlinkSync(file, file)];
    for (const make of kinds) {
      fill(root);
      rmSync(file, { recursive: true });
      make();
      assert.equal(usable(root), "warned");
      rmSync(file, { recursive: true, force: true });
    }
  });

  it("that is damaged is written anew", (test) => {
    const { root, file } = workspace(test);
    fill(root);
    truncateSync(file, 20);
    const cache = openCache(root, "1", on);
    cache.put("a.ts", stat(0), { hits: true, hash: "hash of a.ts", extract: extractOf("a.ts") });
    cache.put("b.ts", stat(1), { hits: false, hash: "" });
    assert.deepEqual(messages(cache.save()), ["the cache is damaged and not used; this run writes a new one"]);
    assert.equal(usable(root), "used");
  });
});

describe("C3: the folder of the cache", () => {
  const inHome = (home: string | undefined, run: () => void) => {
    const before = process.env["XDG_CACHE_HOME"];
    if (home === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = home;
    try {
      run();
    } finally {
      if (before === undefined) delete process.env["XDG_CACHE_HOME"];
      else process.env["XDG_CACHE_HOME"] = before;
    }
  };

  it("is the user's where the workspace has no node_modules of its own", (test) => {
    const home = folderWith(test);
    const root = folderWith(test, { "a.ts": "" });
    inHome(join(home, "deep/er"), () => {
      fill(root);
      assert.equal(usable(root), "used");
    });
    assert.deepEqual(readdirSync(root), ["a.ts"]);
    const [name] = readdirSync(join(home, "deep/er/pitlint"));
    assert.match(name!, /^[0-9a-f]{16}$/);
    inHome("relative", () => assert.ok(!cacheFolder(root).includes("relative")));
  });

  it("is never reached through a link of the workspace", (test) => {
    const outside = folderWith(test, { "p/index.js": "" });
    const home = folderWith(test);
    const linked = folderWith(test);
    symlinkSync(outside, join(linked, "node_modules"));
    const { root: inner } = workspace(test);
    symlinkSync(outside, join(inner, "node_modules/.cache"));
    for (const root of [linked, inner]) inHome(home, () => fill(root));
    assert.deepEqual(readdirSync(outside), ["p"]);
    assert.equal(readdirSync(join(home, "pitlint")).length, 2);
  });

  it("may be impossible: one warning, and no hang", (test) => {
    const root = folderWith(test, { "a.ts": "", plain: "" });
    for (const [home, reason] of [["/proc/nope", "no such file or folder (ENOENT)"], [join(root, "plain"), "part of the path is no folder (ENOTDIR)"], ["/dev/null/x", "part of the path is no folder (ENOTDIR)"]] as const)
      inHome(home, () => {
        const cache = openCache(root, "1", on);
        cache.put("a.ts", stat(0), { hits: false, hash: "" });
        assert.deepEqual(cache.get("a.ts", stat(0)), { hits: false, hash: "" });
        assert.deepEqual(messages(cache.save()), [`the cache cannot be written: ${reason}`]);
      });
  });

  it("may be read-only or full: one warning, and the old cache stays", (test) => {
    const { root, file } = workspace(test);
    fill(root);
    const before = readFileSync(file);
    const folder = join(root, "node_modules/.cache/pitlint");
    chmodSync(root, 0o755);
    const script = `import { openCache } from ${JSON.stringify(new URL("../../host/cache.ts", import.meta.url).href)};
      const cache = openCache(${JSON.stringify(root)}, "1", { enabled: true });
      for (let index = 0; index < 2000; index++) cache.put("new" + index, { size: 1, mtimeMs: 1, ctimeMs: 1 }, { hits: false, hash: "" });
      console.log(JSON.stringify(cache.save().map((one) => one.message)));`;
    const run = (wrap: string, ids = {}) => JSON.parse(execFileSync("sh", ["-c", `${wrap} exec "$0" "$@"`, process.execPath, "--import", "tsx", "--input-type=module", "-e", script], { encoding: "utf8", ...ids })) as string[];
    assert.deepEqual(run("ulimit -f 16;"), ["the cache cannot be written: file too large (EFBIG)"]);
    chmodSync(folder, 0o555);
    assert.deepEqual(run("", process.getuid!() === 0 ? { uid: 65534, gid: 65534 } : {}), ["the cache cannot be written: permission denied (EACCES)"]);
    chmodSync(folder, 0o755);
    assert.ok(readFileSync(file).equals(before));
    assert.deepEqual(readdirSync(folder), ["extracts"]);
  });

  it("C4: may serve many runs at once", async (test) => {
    const { root, file } = workspace(test);
    const script = `import { openCache } from ${JSON.stringify(new URL("../../host/cache.ts", import.meta.url).href)};
      for (let round = 0; round < 25; round++) {
        const cache = openCache(${JSON.stringify(root)}, "1", { enabled: true });
        for (let index = 0; index < 50; index++) cache.put("f" + index, { size: index, mtimeMs: 1, ctimeMs: round + Number(process.argv[1]) }, { hits: false, hash: "h" });
        for (const one of cache.save()) console.log(one.message);
      }`;
    const outputs = await Promise.all(Array.from({ length: 6 }, (_, index) => new Promise<string>((resolve) => {
      const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script, String(index * 100)], { stdio: ["ignore", "pipe", "inherit"] });
      let out = "";
      child.stdout.on("data", (chunk) => (out += chunk));
      child.once("exit", (code) => resolve(out + (code === 0 ? "" : `exit ${code}`)));
    })));
    assert.deepEqual(outputs, Array.from({ length: 6 }, () => ""));
    const cache = openCache(root, "1", on);
    assert.deepEqual(cache.match("f49", "h"), { hits: false, hash: "h" });
    assert.deepEqual([cache.save(), readdirSync(join(file, ".."))], [[], ["extracts"]]);
  });

  it("loses temporary files that a killed run left long ago", (test) => {
    const { root, file } = workspace(test);
    fill(root);
    const stale = join(file, "..", ".pitlint-4194399-0123456789ab.tmp");
    writeFileSync(stale, "");
    utimesSync(stale, 1, 1);
    fill(root);
    assert.ok(!existsSync(stale));
  });
});
