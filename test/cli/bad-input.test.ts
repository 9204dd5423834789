// Whatever a file holds, the run ends, names the file, keeps the findings of the others, and does not look clean.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { folderWith } from "../host/folder.ts";
import { hanging, pitlint, report, warned } from "./run.ts";

type Files = Readonly<Record<string, string | Buffer>>;
type Problems = readonly (readonly [kind: string, file: string, line: number | undefined, message: RegExp])[];

const deployment = (rest: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    spec:\n      containers: [{ name: orders, image: acme/orders }]\n${rest}`;
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");

describe("P3, P5: bad input", () => {
  /** Findings are given by file; `good.ts` is always there and has one. */
  const cases: readonly { readonly name: string; readonly files: Files; readonly code: number; readonly problems?: Problems; readonly found?: readonly string[] }[] = [
    { name: "invalid UTF-8 in TypeScript", files: { "a.ts": Buffer.concat([Buffer.from(warned), Buffer.from([0x2f, 0x2f, 0xff, 0x0a])]) }, code: 1, problems: [["undecodable", "a.ts", undefined, /^holds bytes that are not UTF-8/]], found: ["a.ts"] },
    { name: "invalid UTF-8 in YAML", files: { "a.yaml": Buffer.concat([Buffer.from(deployment("# ")), Buffer.from([0xe9, 0x0a])]) }, code: 1, problems: [["undecodable", "a.yaml", undefined, /^holds bytes that are not UTF-8/]] },
    { name: "UTF-16", files: { "a.ts": utf16(warned), "b.yaml": utf16(deployment("")), "c.js": Buffer.from(warned, "utf16le").swap16() }, code: 3, problems: ["a.ts", "b.yaml", "c.js"].map((file) => ["undecodable", file, undefined, /^is UTF-16 or binary: save it as UTF-8/] as const) },
    { name: "a byte order mark and CRLF", files: { "a.ts": `\uFEFF${warned.replaceAll("\n", "\r\n")}`, "a.yaml": `\uFEFF${deployment("").replaceAll("\n", "\r\n")}` }, code: 1, found: ["a.ts"] },
    { name: "NUL characters", files: { "a.ts": `${warned}\0\n`, "a.yaml": deployment("\0") }, code: 3, problems: [["syntax", "a.ts", 3, /^syntax error/], ["undecodable", "a.yaml", 8, /NUL/]], found: ["a.ts"] },
    { name: "syntax errors in TypeScript", files: { "a.ts": `${warned}export const = ;\n` }, code: 3, problems: [["syntax", "a.ts", 3, /^syntax error: Variable declaration expected/]], found: ["a.ts"] },
    { name: "syntax errors in YAML", files: { "a.yaml": deployment("  replicas: [1\n") }, code: 3, problems: [["syntax", "a.yaml", 9, /^YAML syntax: /]] },
    { name: "empty files", files: { "a.ts": "", "b.yaml": "", "c.js": "\n", "d.yaml": "---\n---\n", "e.tsx": " ", "package.json": "", "tsconfig.json": "", "pitlint.yaml": "" }, code: 1 },
    { name: "damaged manifests", files: { "package.json": "{ nope", "tsconfig.json": "[".repeat(100_000), "package-lock.json": "null", "sub/package.json": "[]", "sub/tsconfig.json": '{ "extends": "./tsconfig.json", "compilerOptions": 5 }', "sub/b.ts": warned }, code: 1, found: ["sub/b.ts"] },
    { name: "a line of 10 MB in TypeScript", files: { "a.ts": `${warned}${"const a = 1;".repeat(880_000)}` }, code: 3, problems: [["too-big", "a.ts", undefined, /^is too big: 10\.\d MiB, the limit is 5 MiB/]] },
    { name: "a line of 10 MB in YAML", files: { "a.yaml": deployment(`x: [${"1,".repeat(5_300_000)}]\n`) }, code: 3, problems: [["too-big", "a.yaml", undefined, /^is too big: 10\.\d MiB/]] },
    { name: "a line of 2 MB in YAML", files: { "a.yaml": deployment(`x: [${"1,".repeat(1_000_000)}]\n`) }, code: 3, problems: [["too-big", "a.yaml", 1, /^not analysed: \d+ characters, at most \d+ are analysed/]] },
    { name: "100,000 nested brackets in TypeScript", files: { "a.ts": `${warned}export const a = ${"[".repeat(100_000)}${"]".repeat(100_000)};\n` }, code: 3, problems: [["too-deep", "a.ts", undefined, /^nests deeper than the parser can follow/]] },
    { name: "100,000 open brackets in TypeScript", files: { "a.ts": `${warned}export const a = ${"(".repeat(100_000)}` }, code: 3, problems: [["too-deep", "a.ts", undefined, /^nests deeper than the parser can follow/]] },
    { name: "100,000 nested brackets in YAML", files: { "a.yaml": deployment(`x: ${"[".repeat(100_000)}${"]".repeat(100_000)}\n`) }, code: 3, problems: [["too-deep", "a.yaml", 8, /^not analysed: more than 100 levels of brackets/]] },
    { name: "100,000 open brackets in YAML", files: { "a.yaml": deployment(`x: ${"[{a: ".repeat(50_000)}`) }, code: 3, problems: [["too-deep", "a.yaml", 8, /^not analysed: more than 100 levels of brackets/]] },
    { name: "100,000 operands in one expression", files: { "a.ts": `${warned}export const a = ${"1 + ".repeat(100_000)}1;\n` }, code: 1, found: ["a.ts"] },
    { name: "alias bombs", files: { "a.yaml": deployment(`a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]\n`).join("")}`) }, code: 1 },
    { name: "anchors that hold themselves", files: { "a.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: &m\n  <<: *m\n  name: orders\n  labels: *m\nspec: &s\n  <<: [*s, *m]\n  template: &t { <<: *t, spec: *s, containers: *t, image: *s }\n" }, code: 1 },
    { name: "30,000 anchors", files: { "a.yaml": deployment(Array.from({ length: 30_000 }, (_, i) => `k${i}: &a${i} *a${Math.max(0, i - 1)}\n`).join("")) }, code: 3, problems: [["syntax", "a.yaml", undefined, /./]] },
    { name: "__proto__ as a name", files: { "package.json": '{ "name": "__proto__", "dependencies": { "__proto__": "1.0.0" } }', "a.yaml": deployment("__proto__: { polluted: yes }\nconstructor: { prototype: { polluted: yes } }\n"), "a.ts": `${warned}export const __proto__ = { constructor: 1 };\nexport * as toString from "./good";\n` }, code: 1, found: ["a.ts"] },
  ];
  for (const { name, files, code, problems = [], found = [] } of cases)
    it(name, async (test) => {
      const root = folderWith(test, { ...files, "good.ts": warned });
      const ran = await report(root);
      assert.equal(ran.stderr, "");
      assert.deepEqual(ran.json.problems.map((one) => [one.kind, one.file]), problems.map(([kind, file]) => [kind, file]));
      for (const [index, [, , line, message]] of problems.entries()) {
        assert.match(ran.json.problems[index]!.message, message);
        if (line !== undefined) assert.equal(ran.json.problems[index]!.range?.start.line, line);
      }
      assert.deepEqual(ran.json.diagnostics.map((one) => one.file), [...found, "good.ts"].sort());
      assert.deepEqual([ran.code, ran.json.complete], [code, code !== 3]);
      for (const [path, content] of Object.entries(files)) assert.ok(Buffer.from(content).equals(readFileSync(join(root, path))), path);
    });

  it("P4: a file that keeps the parser busy for minutes is given up, and the others stand", async (test) => {
    const root = folderWith(test, { "hangs.ts": hanging, "good.ts": warned });
    const { code, stdout } = await pitlint(root);
    assert.match(stdout, /^good\.ts:2:28 warning: /);
    assert.match(stdout, /^hangs\.ts incomplete: not analysed: took longer than 20000 ms$/m);
    assert.equal(code, 3);
  });
});

describe("C1: odd file systems", () => {
  it("pipes are named, not opened", async (test) => {
    const root = folderWith(test, { "good.ts": warned });
    execFileSync("mkfifo", [join(root, "x.yaml"), join(root, "package.json")]);
    const { code, json } = await report(root);
    assert.deepEqual(json.problems.map((one) => [one.file, one.message]), ["package.json", "x.yaml"].map((file) => [file, "is a pipe, socket or device; not analysed"]));
    assert.equal(code, 3);
  });

  it("links that go round, lead out or lead nowhere end no run", async (test) => {
    const root = folderWith(test, { ".git/HEAD": "", "src/good.ts": warned });
    const outside = folderWith(test, { "secret.ts": warned });
    symlinkSync("..", join(root, "src/up"));
    symlinkSync("self.ts", join(root, "self.ts"));
    symlinkSync("nowhere.ts", join(root, "dangling.ts"));
    symlinkSync(join(outside, "secret.ts"), join(root, "out.ts"));
    const { code, json } = await report(root);
    assert.deepEqual(json.diagnostics.map((one) => one.file), ["src/good.ts"]);
    assert.deepEqual(json.problems.map((one) => one.file), ["dangling.ts", "out.ts", "self.ts"]);
    assert.equal(code, 1);
    const asked = await pitlint(root, ["self.ts"]);
    assert.deepEqual([asked.code, asked.stderr], [2, "pitlint: cannot open self.ts: too many links (ELOOP)\n"]);
  });

  it("folders where files are expected are folders", async (test) => {
    const root = folderWith(test, { "a.ts/good.ts": warned, "package.json/keep": "", "pitlint.yaml/keep": "", ".gitignore/keep": "" });
    mkdirSync(join(root, "x.yaml"));
    const { code, json } = await report(root);
    assert.deepEqual(json.diagnostics.map((one) => one.file), ["a.ts/good.ts"]);
    assert.deepEqual([code, json.problems], [1, []]);
  });

  it("files that may not be read are named", async (test) => {
    if (process.getuid?.() === 0) return test.diagnostic("root may read every file: only users see this");
    const root = folderWith(test, { "good.ts": warned, "closed.ts": warned });
    execFileSync("chmod", ["000", join(root, "closed.ts")]);
    const { code, json } = await report(root);
    assert.deepEqual(json.problems, [{ kind: "unreadable", file: "closed.ts", message: "cannot be read: permission denied (EACCES); not analysed" }]);
    assert.equal(code, 3);
  });

  it("C3: a cache that cannot be written or read costs a warning, never a result", async (test) => {
    const root = folderWith(test, { "good.ts": warned });
    const first = await report(root, ["--no-cache"]);
    for (const [content, message] of [["a plain file", undefined], [undefined, /cache/]] as const) {
      const home = folderWith(test, content === undefined ? { "cache/pitlint": "in the way" } : {});
      const { code, json } = await report(root, [], { env: { XDG_CACHE_HOME: join(home, "cache") } });
      assert.deepEqual([code, json.diagnostics, json.complete], [first.code, first.json.diagnostics, true]);
      assert.equal(json.problems.length, message ? 1 : 0);
      if (message) assert.match(json.problems[0]!.message, message);
    }
    mkdirSync(join(root, "node_modules"));
    await report(root);
    const cache = join(root, "node_modules/.cache/pitlint");
    for (const name of readdirSync(cache)) writeFileSync(join(cache, name), "damage");
    const { code, json } = await report(root);
    assert.deepEqual([code, json.diagnostics], [first.code, first.json.diagnostics]);
    assert.deepEqual(json.problems.map((one) => [one.file, one.message]), [["node_modules/.cache/pitlint/extracts", "the cache is damaged and not used; this run writes a new one"]]);
    assert.deepEqual((await report(root)).json, first.json);
  });
});

describe("a broken pitlint.yaml", () => {
  const cases: readonly (readonly [name: string, text: string | Buffer, said: RegExp])[] = [
    ["syntax", "profile: [strict\n", /^pitlint\.yaml:2:1 config: YAML syntax: /m],
    ["unknown key", "# rules of the house\nprofil: strict\n", /^pitlint\.yaml:2:1 config: unknown key "profil"; did you mean profile\?$/m],
    ["unknown value", "profile: strit\n", /^pitlint\.yaml:1:10 config: unknown value "strit"; known values are recommended, strict$/m],
    ["unknown pack", "packs:\n  nod: 1\n", /^pitlint\.yaml:2:3 config: unknown pack "nod"; known packs are /m],
    ["unknown version", "packs:\n  node: 99.1\n", /^pitlint\.yaml:2:9 config: unknown version "99\.1" of pack node; known versions are /m],
    ["unknown rule", "grades:\n  - rules: { timeout/http-call-without-timout: off }\n", /^pitlint\.yaml:2:14 config: unknown rule "timeout\/http-call-without-timout"; did you mean timeout\/http-call-without-timeout\?$/m],
    ["a wrong type", "ignore: generated\n", /^pitlint\.yaml:1:9 config: expected a list, got "generated"$/m],
    ["nothing where text is expected", "services: { orders: { source: '' } }\n", /^pitlint\.yaml:1:31 config: expected text, got nothing$/m],
    ["a path outside the workspace", "services: { orders: { source: ../orders } }\n", /^pitlint\.yaml:1:31 config: "\.\.\/orders" leaves the folder of pitlint\.yaml; expected a path below it$/m],
    ["a pattern outside the workspace", "ignore: [../generated/]\n", /^pitlint\.yaml:1:10 config: "\.\.\/generated\/" leaves the folder of pitlint\.yaml; expected a path below it$/m],
    ["an absolute path", "services: { orders: { source: /etc } }\n", /^pitlint\.yaml:1:31 config: "\/etc" leaves the folder of pitlint\.yaml; expected a path below it$/m],
    ["a source that is no package", "services: { orders: { source: aps/orders } }\n", /^pitlint\.yaml:1:31 config: "aps\/orders" is no package; did you mean apps\/orders\?$/m],
    ["a workload without its kind", "services: { orders: { workloads: [orders] } }\n", /^pitlint\.yaml:1:35 config: expected kind and name, such as Deployment\/orders; got "orders"$/m],
    ["a key that stands there twice", "profile: strict\nprofile: recommended\n", /^pitlint\.yaml:2:1 config: duplicate key "profile"; the first is on line 1$/m],
    ["a tab", "registry:\n\tttl: 30s\n", /^pitlint\.yaml:2:1 config: YAML syntax: /m],
    ["an alias without its anchor", "profile: *house\n", /^pitlint\.yaml:1:10 config: expected text, got an alias that nothing defines$/m],
    ["a second document", "profile: recommended\n---\nprofile: strict\n", /^pitlint\.yaml:2:1 config: holds more than one document; expected one$/m],
    ["a list", "- strict\n", /^pitlint\.yaml:1:1 config: expected a map with profile, packs/m],
    ["a duration without unit", "registry:\n  ttl: 30\n", /^pitlint\.yaml:2:8 config: expected a duration with its unit, such as 30s; got "30"$/m],
    ["nested brackets", `profile: ${"[".repeat(100_000)}`, /^pitlint\.yaml:1:\d+ config: not analysed: more than 100 levels of brackets$/m],
    ["a template", "profile: {{ .Values.profile }}\n", /^pitlint\.yaml:1:1 config: is a template/m],
    ["__proto__", "services:\n  __proto__: { source: a }\n", /^pitlint\.yaml:2:3 config: "__proto__" cannot be a name$/m],
  ];
  for (const [name, text, said] of cases)
    it(name, async (test) => {
      const root = folderWith(test, { "pitlint.yaml": text, "good.ts": warned, "apps/orders/package.json": "{}" });
      const { code, stdout, stderr } = await pitlint(root);
      assert.match(stdout, said);
      assert.match(stdout, /^good\.ts:2:28 warning: /);
      assert.deepEqual([code, stderr], [2, ""]);
      assert.equal(readFileSync(join(root, "pitlint.yaml"), "utf8"), text);
    });

  it("UTF-16", async (test) => {
    const { code, stdout } = await pitlint(folderWith(test, { "pitlint.yaml": utf16("profile: strict\n"), "good.ts": warned }));
    assert.match(stdout, /^pitlint\.yaml incomplete: is UTF-16 or binary: save it as UTF-8; not analysed$/m);
    assert.equal(code, 3);
  });

  it("under a name that other tools use, or behind a link out of the workspace", async (test) => {
    const root = folderWith(test, { ".git/HEAD": "", ".pitlint.yaml": "profile: strict\n", "good.ts": warned });
    symlinkSync(join(folderWith(test, { "shared.yaml": "profile: strict\n" }), "shared.yaml"), join(root, "pitlint.yaml"));
    const { code, stdout } = await pitlint(root);
    assert.match(stdout, /^\.pitlint\.yaml config: is not read: pitlint reads pitlint\.yaml; rename the file$/m);
    assert.match(stdout, /^pitlint\.yaml config: is a link that leads out of the workspace; not followed; put the file itself here$/m);
    assert.equal(code, 2);
  });

  it("in a folder below, named with its path", async (test) => {
    const { code, stdout } = await pitlint(folderWith(test, { ".git/HEAD": "", "services/orders/pitlint.yaml": "profile: strit\n", "good.ts": warned }));
    assert.match(stdout, /^services\/orders\/pitlint\.yaml:1:10 config: /m);
    assert.equal(code, 2);
  });
});
