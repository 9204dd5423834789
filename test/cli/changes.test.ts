// --since and --staged against real repositories: what a change causes is reported, what it has nothing to do with is not.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readPatch } from "../../host/changed-lines.ts";
import { folderWith } from "../host/folder.ts";
import { repositoryWith } from "./repository.ts";
import { assertOutput } from "./schema.ts";
import { clean, mended, pitlint, report, warned } from "./run.ts";

const call = (name: string) => `export const ${name} = () => axios.get("https://${name}.internal/");\n`;
const placesOf = async (root: string, ...args: string[]) => (await report(root, args)).json.diagnostics.map((one) => `${one.file}:${one.range.start.line}`);

describe("--since", () => {
  it("reports changed and new lines, staged or not, and says how many others there are", async (test) => {
    const { root, git, write } = repositoryWith(test, { "a.ts": warned, "b.ts": warned });
    write({ "a.ts": `${warned}${call("b")}`, "new file.ts": warned, "ünï\"\t.ts": warned });
    assert.deepEqual(await placesOf(root, "--since", "HEAD"), ["a.ts:3", "new file.ts:2", 'ünï"\t.ts:2']);
    git("add", "--all");
    assert.deepEqual(await placesOf(root, "--since", "main"), ["a.ts:3", "new file.ts:2", 'ünï"\t.ts:2']);
    const { stdout, code } = await pitlint(root, ["--since", "HEAD"]);
    assert.match(stdout, /^3 warnings; .*; 2 findings on what has not changed\n$/m);
    assert.equal(code, 1);
    const { json } = await report(root, ["--since", "HEAD"]);
    assert.equal(json.summary["unchanged"], 2);
    assertOutput(json);
  });

  it("compares with where the branch left, not with what others did since", async (test) => {
    const { root, git, commit } = repositoryWith(test, { "a.ts": clean });
    git("checkout", "--quiet", "-b", "feature");
    commit({ "b.ts": warned });
    git("checkout", "--quiet", "main");
    commit({ "a.ts": mended });
    git("checkout", "--quiet", "feature");
    assert.deepEqual(await placesOf(root, "--since", "main"), ["b.ts:2"]);
  });

  it("reports a finding in TypeScript that a changed line of YAML causes", async (test) => {
    const consul = (ttl: number) => `service:\n  name: orders\n  check:\n    ttl: ${ttl}s\n`;
    const { root, write } = repositoryWith(test, {
      "orders/package.json": '{ "name": "orders" }',
      "orders/server.ts": 'import { createServer } from "node:http";\nconst server = createServer();\nserver.requestTimeout = 45_000;\n',
      "consul/orders.yaml": consul(60),
    });
    const rule = ["--rule", "registry/server-timeout-exceeds-ttl"];
    assert.deepEqual(await placesOf(root, ...rule), []);
    write({ "consul/orders.yaml": consul(30) });
    assert.deepEqual(await placesOf(root, "--since", "HEAD", ...rule), ["orders/server.ts:3"]);
    write({ "consul/orders.yaml": `# 60 was too long\n${consul(60)}` });
    assert.deepEqual(await placesOf(root, "--since", "HEAD", ...rule), []);
  });

  it("sees what a removed line leaves behind", async (test) => {
    const { root, write } = repositoryWith(test, { "a.ts": 'import axios from "axios";\nexport const a = () => axios.get("x", {\n  timeout: 5_000,\n});\n' });
    write({ "a.ts": 'import axios from "axios";\nexport const a = () => axios.get("x", {\n});\n' });
    assert.deepEqual(await placesOf(root, "--since", "HEAD"), ["a.ts:2"]);
  });

  it("follows renames", async (test) => {
    const many = `${warned}${Array.from({ length: 20 }, (_, index) => `export const n${index} = ${index};\n`).join("")}`;
    const { root, git, write } = repositoryWith(test, { "a.ts": many, "pure.ts": `${many}// pure\n` });
    git("mv", "a.ts", "with blank.ts");
    git("mv", "pure.ts", "moved.ts");
    write({ "with blank.ts": `${many}${call("b")}` });
    assert.deepEqual(await placesOf(root, "--since", "HEAD"), ["with blank.ts:23"]);
  });

  it("works below the top of the repository, and narrows with paths and the baseline", async (test) => {
    const { root, write } = repositoryWith(test, { "services/shop/pitlint.yaml": "profile: recommended\n", "services/shop/one/a.ts": warned, "services/shop/two/b.ts": warned, "other.ts": warned });
    const shop = join(root, "services/shop");
    write({ "services/shop/one/a.ts": `${warned}${call("b")}`, "services/shop/two/b.ts": `${warned}${call("b")}`, "other.ts": `${warned}${call("b")}` });
    assert.deepEqual(await placesOf(shop, "--since", "HEAD"), ["one/a.ts:3", "two/b.ts:3"]);
    assert.deepEqual(await placesOf(join(shop, "two"), "--since", "HEAD"), ["b.ts:3"]);
    assert.equal((await pitlint(shop, ["baseline"])).code, 0);
    assert.deepEqual(await placesOf(shop, "--since", "HEAD"), []);
  });

  it("says only of changed suppressions that they silence nothing", async (test) => {
    const idle = `// pitlint-ignore-file timeout/http-call-without-timeout -- gone\n${clean}`;
    const { root, write } = repositoryWith(test, { "a.ts": idle });
    write({ "b.ts": idle });
    assert.deepEqual((await report(root, ["--since", "HEAD"])).json.problems.map((one) => one.file), ["b.ts"]);
  });

  it("fixes only what it reports", async (test) => {
    const { root, git, write } = repositoryWith(test, { "a.ts": warned });
    write({ "b.ts": warned });
    await pitlint(root, ["--since", "HEAD", "--fix", "--unsafe-fixes"]);
    assert.equal(git("status", "--short"), "?? b.ts\n");
    assert.deepEqual(await placesOf(root, "--since", "HEAD"), []);
  });

  it("refuses what git cannot tell", async (test) => {
    const { root, git, commit } = repositoryWith(test, { "a.ts": warned });
    const said = async (cwd: string, ...args: string[]) => {
      const { code, stdout, stderr } = await pitlint(cwd, args);
      assert.deepEqual([code, stdout], [2, ""]);
      return stderr;
    };
    assert.equal(await said(root, "--since", "wolf"), 'pitlint: --since: "wolf" names no commit; expected a branch, a tag or a commit, such as origin/main\n');
    assert.match(await said(root, "--since=--output=x"), /"--output=x" names no commit/);
    assert.match(await said(root, "--since", ""), /"" names no commit/);
    const bare = folderWith(test, { "a.ts": warned });
    assert.equal(await said(bare, "--since", "HEAD"), `pitlint: --since needs a git repository, and ${bare} lies in none\n`);
    assert.equal(await said(bare, "--staged"), `pitlint: --staged needs a git repository, and ${bare} lies in none\n`);
    assert.equal(await said(root, "--staged", "--since", "HEAD"), "pitlint: --staged and --since name different changes; give one of them\n");
    assert.equal(await said(root, "--staged", "--fix"), "pitlint: --staged reads the index, and fixes go to the work tree; fix without --staged, then git add\n");
    git("checkout", "--quiet", "--orphan", "other");
    // With the same tree in the same second it would be the same commit.
    commit({ "b.ts": "export const b = 1;\n" });
    assert.equal(await said(root, "--since", "main"), 'pitlint: --since: "main" and the branch have no commit in common\n');
    git("update-ref", "refs/remotes/origin/trunk", "HEAD");
    assert.equal(await said(root, "--since", "trunk"), 'pitlint: --since: "trunk" names no commit; did you mean origin/trunk?\n');
    const none = await pitlint(root, ["--since", "HEAD"], { env: { PATH: "/nonexistent" } });
    assert.equal(none.stderr, "pitlint: --since needs git, and there is none on the PATH\n");
  });

  it("says that a clone is shallow, and how to get the rest", async (test) => {
    const { root, git, commit } = repositoryWith(test, { "a.ts": clean });
    git("tag", "v1");
    commit({ "a.ts": warned });
    const shallow = join(folderWith(test), "clone");
    execFileSync("git", ["clone", "--quiet", "--depth", "1", `file://${root}`, shallow], { stdio: "pipe" });
    const { code, stderr } = await pitlint(shallow, ["--since", "v1"]);
    assert.equal(stderr, 'pitlint: --since: this clone is shallow and does not hold "v1"; fetch its history first: git fetch --unshallow, or fetch-depth: 0 in GitHub Actions, GIT_DEPTH: 0 in GitLab\n');
    assert.equal(code, 2);
    execFileSync("git", ["fetch", "--quiet", "--depth", "1", "origin", "tag", "v1"], { cwd: shallow, stdio: "pipe" });
    assert.match((await pitlint(shallow, ["--since", "v1"])).stderr, /does not hold where the branch left "v1"; fetch its history first/);
  });

  it("starts no program that the repository names", async (test) => {
    const { root, git, write } = repositoryWith(test, { "a.ts": clean, ".gitattributes": "*.ts diff=evil\n" });
    for (const key of ["core.fsmonitor", "diff.external", "diff.evil.command", "diff.evil.textconv", "core.pager"]) git("config", key, `touch ${join(root, "started")}; cat`);
    write({ "b.ts": warned, "a.ts": warned });
    assert.deepEqual(await placesOf(root, "--since", "HEAD"), ["a.ts:2", "b.ts:2"]);
    assert.deepEqual(await placesOf(root, "--staged"), []);
    assert.equal(execFileSync("ls", [root], { encoding: "utf8" }), "a.ts\nb.ts\n");
  });
});

describe("--staged", () => {
  it("lints the index: of a partially staged file only the staged part, and no file that is not staged", async (test) => {
    const { root, git, write } = repositoryWith(test, { "a.ts": clean, "b.ts": warned });
    write({ "a.ts": `import axios from "axios";\n${call("staged")}`, "b.ts": mended });
    git("add", "a.ts");
    write({ "a.ts": `// not staged\n\nimport axios from "axios";\n${call("staged")}${call("later")}`, "untracked.ts": warned });
    const ran = await pitlint(root, ["--staged"]);
    assert.match(ran.stdout, /^a\.ts:2:29 warning/);
    assert.match(ran.stdout, /^ +2 \| export const staged/m);
    assert.deepEqual(await placesOf(root, "--staged"), ["a.ts:2"]);
    assert.equal(ran.code, 1);
    git("reset", "--quiet");
    assert.deepEqual(await placesOf(root, "--staged"), []);
  });

  it("sees the rest of the system as it is staged", async (test) => {
    const consul = (ttl: number) => `service:\n  name: orders\n  check:\n    ttl: ${ttl}s\n`;
    const { root, git, write } = repositoryWith(test, {
      "orders/package.json": '{ "name": "orders" }',
      "orders/server.ts": 'import { createServer } from "node:http";\nconst server = createServer();\nserver.requestTimeout = 45_000;\n',
      "consul/orders.yaml": consul(60),
    });
    write({ "consul/orders.yaml": consul(30) });
    git("add", "--all");
    // What is staged counts, whatever the work tree says now; a file that is gone from the work tree is still staged.
    write({ "consul/orders.yaml": consul(90), "orders/server.ts": undefined, "orders/package.json": undefined });
    assert.deepEqual(await placesOf(root, "--staged", "--rule", "registry/server-timeout-exceeds-ttl"), ["orders/server.ts:3"]);
    git("rm", "--quiet", "--cached", "orders/server.ts");
    assert.deepEqual(await placesOf(root, "--staged", "--rule", "registry/server-timeout-exceeds-ttl"), []);
  });

  it("works before the first commit, in a linked work tree, and in a hook of a commit that names files", async (test) => {
    const { root, git, write } = repositoryWith(test, { "a.ts": clean });
    const linked = join(folderWith(test), "linked");
    git("worktree", "add", "--quiet", linked, "-b", "linked");
    git("checkout", "--quiet", "--orphan", "fresh");
    write({ "a.ts": warned });
    git("add", "--all");
    assert.deepEqual(await placesOf(root, "--staged"), ["a.ts:2"]);
    git("rm", "-r", "--quiet", "--cached", ".");
    assert.deepEqual(await placesOf(root, "--staged"), []);
    // `git commit b.ts` makes an index of its own for the hook.
    write({ "b.ts": warned });
    execFileSync("git", ["add", "b.ts"], { cwd: root, env: { ...process.env, GIT_INDEX_FILE: join(root, ".git/next") } });
    assert.deepEqual((await report(root, ["--staged"], { env: { GIT_INDEX_FILE: ".git/next" } })).json.diagnostics.map((one) => one.file), ["b.ts"]);
    assert.deepEqual(await placesOf(linked, "--staged"), []);
  });

  it("refuses an index with conflicts", async (test) => {
    const { root, git, commit } = repositoryWith(test, { "a.ts": clean });
    git("checkout", "--quiet", "-b", "other");
    commit({ "a.ts": warned });
    git("checkout", "--quiet", "main");
    commit({ "a.ts": mended });
    assert.throws(() => git("merge", "--quiet", "other"));
    const { code, stderr } = await pitlint(root, ["--staged"]);
    assert.deepEqual([code, stderr], [2, "pitlint: --staged: a.ts has conflicts; resolve and add it first\n"]);
  });
});

describe("a patch", () => {
  it("is read by its counts: content that looks like a header is content", () => {
    const text = 'diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+++ b/evil.ts\n+@@ -1 +1,9 @@\n@@ -9,2 +10,0 @@ f()\n-x\n-y\ndiff --git "a/\\303\\274\\"\\t.ts" "b/\\303\\274\\"\\t.ts"\n--- /dev/null\n+++ "b/\\303\\274\\"\\t.ts"\n@@ -0,0 +1 @@\n+z\ndiff --git a/gone.ts b/gone.ts\n--- a/gone.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-z\n';
    assert.deepEqual([...readPatch(text)], [["a.ts", [{ from: 1, to: 2 }, { from: 10, to: 11 }]], ['ü"\t.ts', [{ from: 1, to: 1 }]]]);
  });

  it("of any two texts names the lines that git shows as added", (test) => {
    const lines = fc.array(fc.constantFrom("a", "+++ b/x", "@@ -1 +1 @@", "--- a/x", "", "diff --git a/x b/x", "\\"), { maxLength: 8 }).map((all) => all.map((one) => `${one}\n`).join(""));
    const { root, git, write } = repositoryWith(test, { "a b.txt": "" });
    fc.assert(fc.property(lines, lines, (before, after) => {
      write({ "a b.txt": before });
      git("add", "--all");
      write({ "a b.txt": after });
      const patch = git("diff", "--unified=0", "--src-prefix=a/", "--dst-prefix=b/");
      const changed = readPatch(patch).get("a b.txt") ?? [];
      assert.equal(changed === "all", false);
      const all = after.split("\n").length;
      for (const { from, to } of changed as { from: number; to: number }[]) assert.ok(from <= to && to <= all + 1, root);
      assert.equal(patch === "", before === after);
      assert.equal(changed.length === 0, before === after);
    }), { numRuns: 25 });
  });
});
