// The baseline: what is found today is accepted, what is new is reported, and what is gone is said.

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Validator, type Schema } from "@cfworker/json-schema";
import { folderWith } from "../host/folder.ts";
import { assertFormat } from "./format-schema.ts";
import { clean, mended, pitlint, report, warned } from "./run.ts";

const schema = join(import.meta.dirname, "../../docs/baseline.schema.json");
const name = "pitlint-baseline.json";
const rule = "timeout/http-call-without-timeout";
const filesOf = async (root: string, ...args: string[]) => (await report(root, args)).json.diagnostics.map((one) => one.file);
const read = (root: string) => readFileSync(join(root, name), "utf8");
const write = (root: string, path: string, text: string) => writeFileSync(join(root, path), text);

describe("pitlint baseline", () => {
  it("accepts what is found, sorted and the same in every run", async (test) => {
    const root = folderWith(test, { "b.ts": warned, "a.ts": `${warned}export const again = () => axios.get("https://prices.internal/");\nexport const b = () => {\n  axios.get("x");\n  axios.get("x");\n};\n` });
    const { code, stdout, stderr } = await pitlint(root, ["baseline"]);
    assert.deepEqual([code, stdout, stderr], [0, "pitlint-baseline.json accepts 5 findings\ncommit the file: from now on pitlint reports only what is new\n", ""]);
    const written = JSON.parse(read(root)) as { findings: { file: string; count: number; rule: string }[] };
    assert.deepEqual(new Validator(JSON.parse(readFileSync(schema, "utf8")) as Schema, "7", false).validate(written).errors, []);
    assert.deepEqual(written.findings.map((one) => one.file), ["a.ts", "a.ts", "a.ts", "b.ts"]);
    assert.deepEqual(written.findings.map((one) => one.count).sort(), [1, 1, 1, 2]);
    const before = read(root);
    assert.equal((await pitlint(root, ["baseline"])).stdout, "pitlint-baseline.json still accepts 5 findings\n");
    assert.equal(read(root), before);
    const checked = await pitlint(root);
    assert.equal(checked.code, 0);
    assert.match(checked.stdout, /^no findings; .*; 5 in the baseline\n$/);
    assert.equal((await pitlint(root, ["--ignore-baseline"])).code, 1);
    assert.deepEqual(readdirSync(root).sort(), ["a.ts", "b.ts", name]);
  });

  it("lets new findings through, also where an old line is copied", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    await pitlint(root, ["baseline"]);
    write(root, "a.ts", `// moved\n\n\n${warned}`);
    assert.deepEqual(await filesOf(root), []);
    write(root, "A-copy.ts", warned);
    assert.deepEqual(await filesOf(root), ["A-copy.ts"], "the copy is new, although it comes first");
    write(root, "a.ts", `${warned}export const b = () => axios.get("https://other.internal/");\n`);
    rmSync(join(root, "A-copy.ts"));
    const { json } = await report(root);
    assert.deepEqual(json.diagnostics.map((one) => one.range.start.line), [3]);
  });

  it("survives a rename, and counts what was there twice", async (test) => {
    const twice = `${warned}export function b() {\n  axios.get("x");\n  axios.get("x");\n}\n`;
    const root = folderWith(test, { "a.ts": twice });
    await pitlint(root, ["baseline"]);
    mkdirSync(join(root, "src"));
    renameSync(join(root, "a.ts"), join(root, "src/renamed.ts"));
    assert.deepEqual(await filesOf(root), []);
    write(root, "src/renamed.ts", twice.replace("}\n", '  axios.get("x");\n}\n'));
    assert.deepEqual(await filesOf(root), ["src/renamed.ts"]);
  });

  it("holds in a part of the workspace, and in formats", async (test) => {
    const root = folderWith(test, { ".git/HEAD": "", "one/a.ts": warned, "two/b.ts": warned });
    await pitlint(root, ["baseline"]);
    write(root, "two/b.ts", `${warned}export const b = () => axios.get("https://other.internal/");\n`);
    assert.deepEqual(await filesOf(root, "one"), []);
    assert.deepEqual(await filesOf(join(root, "two")), ["b.ts"]);
    const sarif = async (...args: string[]) => {
      const { stdout } = await pitlint(root, args);
      assertFormat("sarif", stdout);
      return JSON.parse(stdout).runs[0].results.map((one: any) => [one.locations[0].physicalLocation.artifactLocation.uri, one.baselineState, ...(one.suppressions ?? []).map((by: any) => by.justification)]);
    };
    const accepted = "Accepted in pitlint-baseline.json";
    assert.deepEqual(await sarif("--format", "sarif"), [["two/b.ts", "new"], ["one/a.ts", "unchanged", accepted], ["two/b.ts", "unchanged", accepted]]);
    assert.deepEqual(await sarif("--format", "sarif", "one"), [["one/a.ts", "unchanged", accepted]]);
    assert.deepEqual(await sarif("--format", "sarif", "--ignore-baseline", "one"), [["one/a.ts", undefined]]);
    assert.deepEqual(await sarif("--format", "code-scanning"), [["two/b.ts", "new"]]);
  });

  it("writes nothing when something was not analysed, or refused", async (test) => {
    const root = folderWith(test, { "a.ts": warned, "b.ts": `${warned}export const = ;\n` });
    const broken = await pitlint(root, ["baseline"]);
    assert.equal(broken.code, 3);
    assert.match(broken.stderr, /^b\.ts:3:14 incomplete: .*\npitlint: pitlint-baseline\.json is not written: what was not analysed may hold findings of it; mend it, or leave it out with ignore in pitlint\.yaml\n$/);
    rmSync(join(root, "b.ts"));
    write(root, "pitlint.yaml", "profile: none\n");
    const refused = await pitlint(root, ["baseline"]);
    assert.deepEqual([refused.code, refused.stderr.split("\n")[1]], [2, "pitlint: pitlint-baseline.json is not written: the configuration is refused; mend it first"]);
    assert.equal(existsSync(join(root, name)), false);
  });

  it("writes and reads another file", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    assert.equal((await pitlint(root, ["baseline", "--file", "ci/known.json"])).stderr, "pitlint: cannot write the baseline to ci/known.json: no such file or folder (ENOENT)\n");
    mkdirSync(join(root, "ci"));
    assert.equal((await pitlint(root, ["baseline", "--file", "ci/known.json"])).stdout, "ci/known.json accepts 1 finding\ncommit the file: from now on pitlint --baseline ci/known.json reports only what is new\n");
    assert.equal((await pitlint(root)).code, 1);
    assert.equal((await pitlint(root, ["--baseline", "ci/known.json"])).code, 0);
  });

  it("accepts nothing that a comment silences", async (test) => {
    const root = folderWith(test, { "a.ts": `${warned}// pitlint-ignore-next-line ${rule} -- the caller has one\nexport const b = () => axios.get("x");\n` });
    assert.equal((await pitlint(root, ["baseline"])).stdout.split("\n")[0], "pitlint-baseline.json accepts 1 finding");
  });
});

describe("a stale entry", () => {
  const mendedRoot = async (test: Parameters<typeof folderWith>[0]) => {
    const root = folderWith(test, { "a.ts": warned, "b.ts": warned });
    await pitlint(root, ["baseline"]);
    write(root, "b.ts", mended);
    return root;
  };

  it("is said, fails a run that asks for it, and goes with --prune", async (test) => {
    const root = await mendedRoot(test);
    const quiet = await pitlint(root);
    assert.match(quiet.stdout, /; 1 in the baseline; 1 in the baseline that nobody finds any more \(pitlint baseline --prune\)\n$/);
    assert.deepEqual([quiet.code, quiet.stderr], [0, ""]);
    const strict = await pitlint(root, ["--fail-on-stale-baseline"]);
    assert.deepEqual([strict.code, strict.stderr], [1, `stale in the baseline: b.ts ${rule}\npitlint: the baseline accepts what nobody finds any more; run pitlint baseline --prune and commit the file\n`]);
    write(root, "c.ts", warned.replace("prices", "new"));
    assert.equal((await pitlint(root, ["baseline", "--prune"])).stdout, "pitlint-baseline.json accepts 1 finding: 0 added, 1 removed\n");
    assert.deepEqual(await filesOf(root, "--fail-on-stale-baseline"), ["c.ts"], "--prune accepts nothing new");
    rmSync(join(root, "c.ts"));
    assert.equal((await pitlint(root, ["--fail-on-stale-baseline"])).code, 0);
  });

  it("is none that this run could not see", async (test) => {
    const root = await mendedRoot(test);
    assert.equal((await pitlint(root, ["--fail-on-stale-baseline", "--rule", "grpc/call-without-deadline"])).code, 0);
    write(root, "c.ts", `${warned}export const = ;\n`);
    assert.equal((await report(root)).json.summary["stale"], 0);
  });

  it("needs a baseline to prune", async (test) => {
    const root = folderWith(test, { "a.ts": clean });
    assert.deepEqual(await pitlint(root, ["baseline", "--prune"]), { code: 2, stdout: "", stderr: "pitlint: pitlint-baseline.json: the baseline is not there; pitlint baseline writes one\n" });
  });
});

describe("a broken baseline is refused", () => {
  const entry = '{ "file": "a.ts", "rule": "a/b", "fingerprint": "0123456789abcdef", "count": 1 }';
  const anew = "run pitlint baseline to write it anew";
  for (const [title, text, said] of [
    ["that is no JSON", '{\n  "version": 1,\n  "findings": [\n', /^:[34]:\d+: is no JSON \(.+\); run pitlint baseline to write it anew$/],
    ["that is empty", "", `:1:1: is no baseline: expected { "version": 1, "findings": [...] }; ${anew}`],
    ["of another version", '{\n  "version": 2,\n  "findings": []\n}\n', `:2:14: is of version 2, and this pitlint reads version 1; update pitlint, or ${anew}`],
    ["without findings", '{ "version": 1, "findings": {} }\n', `:1:29: "findings" is no list; ${anew}`],
    ["with a strange entry", `{ "version": 1, "findings": [\n  ${entry},\n  ${entry.replace("0123", "wolf")}\n] }\n`, new RegExp(`^:3:3: is no entry: expected .*; remove it, or ${anew}$`)],
    ["with a merge conflict", `{ "version": 1, "findings": [\n<<<<<<< HEAD\n  ${entry}\n=======\n>>>>>>> main\n] }\n`, `:2:1: holds a merge conflict: keep the lines of both sides, or ${anew}`],
  ] as const)
    it(title, async (test) => {
      const root = folderWith(test, { "a.ts": warned, [name]: text });
      const { code, stdout, stderr } = await pitlint(root);
      assert.deepEqual([code, stdout], [2, ""]);
      const message = stderr.trimEnd().slice(`pitlint: ${name}`.length);
      if (typeof said === "string") assert.equal(message, said);
      else assert.match(message, said);
      assert.equal((await pitlint(root, ["baseline"])).code, 0, "and is written anew");
      assert.equal((await pitlint(root)).code, 0);
    });

  it("that cannot be read, or is not there although it was named", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    assert.equal((await pitlint(root, ["--baseline", "no.json"])).stderr, "pitlint: no.json: the baseline is not there; pitlint baseline writes one\n");
    mkdirSync(join(root, name));
    assert.match((await pitlint(root)).stderr, /^pitlint: pitlint-baseline\.json: the baseline is no regular file; pitlint baseline writes one\n$/);
    assert.match((await pitlint(root, ["baseline"])).stderr, /^pitlint: cannot write the baseline to pitlint-baseline\.json: .*\n$/);
  });

  it("but not for a comma that a merge leaves", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    await pitlint(root, ["baseline"]);
    chmodSync(join(root, name), 0o640);
    write(root, name, read(root).replace(" }\n  ]", " },\n  ]"));
    assert.deepEqual(await filesOf(root), []);
  });
});
