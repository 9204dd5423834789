// The same input gives the same bytes: in every run, whatever the cache, the prefilter, the environment or the order on disk.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";
import { folderWith } from "../host/folder.ts";
import { mended, pitlint, report, warned } from "./run.ts";

const shop = join(import.meta.dirname, "../../examples/shop");

function copyOfShop(test: TestContext): string {
  const root = join(folderWith(test), "shop");
  cpSync(shop, root, { recursive: true });
  return root;
}

describe("C5, C10: output", () => {
  it("is the same in two runs, with and without the cache, filled or empty", async (test) => {
    const root = copyOfShop(test);
    const first = await pitlint(root, ["--format", "json"]);
    assert.deepEqual(await pitlint(root, ["--format", "json"]), first);
    assert.deepEqual(await pitlint(root, ["--format", "json", "--no-cache"]), first);
    mkdirSync(join(root, "node_modules"));
    assert.deepEqual(await pitlint(root, ["--format", "json"]), first);
    assert.ok(readdirSync(join(root, "node_modules/.cache/pitlint")).includes("extracts"));
    assert.deepEqual(await pitlint(root, ["--format", "json"]), first);
  });

  it("is the same where files are not UTF-8, too big or unreadable as text", async (test) => {
    const root = folderWith(test, {
      "bytes.ts": Buffer.concat([Buffer.from(warned), Buffer.from([0x2f, 0x2f, 0xff, 0x0a])]), "wide.ts": Buffer.from(`\ufeff${warned}`, "utf16le"),
      "big.ts": `${warned}//${"x".repeat(6e6)}`, "plain.ts": Buffer.from([0x2f, 0x2f, 0xff]), "node_modules/empty/readme.md": "",
    });
    // What is younger than 2 s is read again whatever the cache holds.
    for (const path of ["bytes.ts", "wide.ts", "big.ts", "plain.ts"]) utimesSync(join(root, path), 1e9, 1e9);
    await setTimeout(2_100);
    const cold = await pitlint(root, ["--format", "json"]);
    assert.equal(cold.code, 3);
    assert.equal(JSON.parse(cold.stdout).problems.length, 3);
    assert.deepEqual(await pitlint(root, ["--format", "json"]), cold, "warm");
    assert.deepEqual(await pitlint(root, ["--format", "json", "--no-cache"]), cold, "without a cache");
    // The same text, now spelled in UTF-8.
    writeFileSync(join(root, "bytes.ts"), `${warned}//\ufffd\n`);
    assert.deepEqual(JSON.parse((await pitlint(root, ["--format", "json"])).stdout).problems.map((one: { file: string }) => one.file), ["big.ts", "wide.ts"]);
  });

  it("is the same after a file was changed and changed back", async (test) => {
    const root = folderWith(test, { "a.ts": warned, "b.ts": warned });
    const first = await pitlint(root);
    writeFileSync(join(root, "a.ts"), mended);
    assert.match((await pitlint(root)).stdout, /^b\.ts:2:28 warning/);
    writeFileSync(join(root, "a.ts"), warned);
    assert.deepEqual(await pitlint(root), first);
  });

  it("finds the same without the prefilter", async (test) => {
    const root = copyOfShop(test);
    writeFileSync(join(root, "gateway/src/plain.ts"), "export const one = 1;\n");
    const { summary: withIt, basis: _, ...found } = (await report(root)).json as Record<string, any>;
    const { summary: without, basis: __, ...all } = (await report(root, ["--no-prefilter"])).json as Record<string, any>;
    assert.deepEqual(all, found);
    assert.ok(without.parsed > withIt.parsed);
  });

  it("is the same whatever the environment says", async (test) => {
    const root = copyOfShop(test);
    const first = await pitlint(root, ["--format", "json", "--no-cache"]);
    for (const env of [{ TZ: "Pacific/Kiritimati" }, { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" }, { NODE_ENV: "production", CI: "true" }, { HOME: "/nonexistent", XDG_CACHE_HOME: "" }])
      assert.deepEqual(await pitlint(root, ["--format", "json", "--no-cache"], { env }), first, JSON.stringify(env));
  });

  it("does not depend on the order in which files were made", async (test) => {
    const files = readdirSync(shop, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(shop, path)).isFile()).sort();
    const inOrder = async (paths: readonly string[]) => {
      const root = folderWith(test);
      for (const path of paths) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), readFileSync(join(shop, path)));
      }
      return pitlint(root, ["--format", "json"]);
    };
    assert.deepEqual(await inOrder([...files].reverse()), await inOrder(files));
  });

  it("is sorted by file and place", async (test) => {
    const { json } = await report(copyOfShop(test));
    const keys = json.diagnostics.map((one) => [one.file, one.range.start.line, one.range.start.column] as const);
    const sorted = [...keys].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1] || a[2] - b[2]));
    assert.deepEqual(keys, sorted);
  });
});

describe("fingerprints", () => {
  it("stay when lines move and the file is renamed, and differ within a file", async (test) => {
    const twice = `${warned}export const again = () => axios.get("https://prices.internal/");\nexport const same = () => {\n  axios.get("x");\n  axios.get("x");\n};\n`;
    const prints = async (files: Record<string, string>) => (await report(folderWith(test, files))).json.diagnostics.map((one) => one.fingerprint);
    const first = await prints({ "a.ts": twice });
    assert.equal(new Set(first).size, 4);
    assert.deepEqual(await prints({ "src/deep/renamed.ts": `// moved\n\n${twice}` }), first);
  });
});

describe("places", () => {
  const placesOf = async (test: TestContext, text: string | Buffer) =>
    (await report(folderWith(test, { "a.ts": text }))).json.diagnostics.map(({ range: { start, end } }) => [start.line, start.column, end.line, end.column]);

  it("count UTF-16 units", async (test) => {
    const line = (before: string) => `export const quotes = [${before}() => axios.get("x")];`;
    for (const before of ['"ä", ', '"😀", ', '"👩‍👩‍👧‍👦 e\u0301", ', "/* 𝒳 */ ", "\t"]) {
      const at = line(before).indexOf("axios.get") + 1;
      assert.deepEqual(await placesOf(test, `import axios from "axios";\n${line(before)}\n`), [[2, at, 2, at + "axios.get".length]], before);
    }
  });

  it("know \\n, \\r\\n and \\r, and no other line end", async (test) => {
    for (const end of ["\n", "\r\n", "\r"]) assert.deepEqual(await placesOf(test, warned.replaceAll("\n", end)), [[2, 28, 2, 37]], JSON.stringify(end));
    assert.deepEqual(await placesOf(test, `const a = "\u2028\u2029\u0085\f\v";\n${warned}`), [[3, 28, 3, 37]]);
  });

  it("do not count a byte order mark", async (test) => {
    const oneLine = warned.replace("\n", " ");
    assert.deepEqual(await placesOf(test, `\uFEFF${oneLine}`), await placesOf(test, oneLine));
  });

  it("are right in YAML too", async (test) => {
    const root = folderWith(test, {
      "package.json": '{ "name": "orders" }',
      "server.ts": 'import { createServer } from "node:http";\nconst server = createServer();\nserver.requestTimeout = 45_000;\n',
      "consul/orders.yaml": "\uFEFF# 😀\r\nservice:\r\n  name: orders # 😀\r\n  check: { notes: \"😀\", ttl: 30s }\r\n",
    });
    const [found = assert.fail()] = (await report(root, ["--rule", "registry/server-timeout-exceeds-ttl"])).json.diagnostics;
    assert.deepEqual(found.related.map((one) => one.range), [{ start: { line: 4, column: 30 }, end: { line: 4, column: 33 } }]);
  });

  it("are shown under the code, also in long lines", async (test) => {
    const long = `import axios from "axios";\nexport const quotes = ["${"x".repeat(300)}", () => axios.get("x"), "${"y".repeat(300)}"];\n`;
    const lines = (await pitlint(folderWith(test, { "a.ts": long }))).stdout.split("\n");
    const start = lines[2]!.indexOf("^");
    assert.equal(lines[1]!.slice(start, lines[2]!.length), "axios.get");
    assert.ok(lines.every((line) => line.length < 200));
  });
});
