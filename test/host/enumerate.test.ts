// The walk sees what git would, opens nothing dangerous, and names what it leaves out.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { enumerate } from "../../host/enumerate.ts";
import { folderWith } from "./folder.ts";

const everything = { ignore: () => false };
const empty = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, ""]));
const said = (root: string, options = everything) => enumerate(root, options).problems.map(({ file, message, incomplete }) => [file, message, incomplete]);

describe("the walk", () => {
  it("lists sources, and manifests apart, sorted", (test) => {
    const sources = ["Dockerfile", "sub/Dockerfile.dev", "sub/orders.Dockerfile", "a.ts", "b.mts", "c.cts", "d.tsx", "e.js", "f.mjs", "g.cjs", "h.jsx", "i.yaml", "j.yml", "pitlint.yaml", "sub/.github/k.yml", "sub/B.ts", "sub/a.ts"];
    const manifests = ["package-lock.json", "package.json", "pnpm-lock.yaml", "sub/package.json", "tsconfig.build.json", "tsconfig.json", "yarn.lock"];
    const others = ["Dockerfile.dockerignore", "a.d.ts", "a.d.mts", "a.min.js", "README.md", "x.json", "node_modules/p/index.js", "sub/node_modules/p/package.json", ".git/hook.js", "x.mtsx", "ts"];
    const found = enumerate(folderWith(test, empty(...sources, ...manifests, ...others)), everything);
    assert.deepEqual(found, { files: sources.sort(), manifests: manifests.sort(), problems: [] });
  });

  it("takes .env only beside a compose file", (test) => {
    const root = folderWith(test, empty(".env", "a/.env", "a/docker-compose.prod.yml", "b/.env", "b/compose.yaml", "c/.env", "c/composer.txt"));
    assert.deepEqual(enumerate(root, everything).manifests, ["a/.env", "b/.env"]);
  });

  it("asks the configuration about files and folders", (test) => {
    const root = folderWith(test, empty("a.ts", "gen/b.ts", "src/c.ts", "src/d.ts"));
    const asked: string[] = [];
    const found = enumerate(root, { ignore: (path) => asked.push(path) > 0 && (path === "gen/" || path === "src/d.ts") });
    assert.deepEqual(found.files, ["a.ts", "src/c.ts"]);
    assert.deepEqual(asked.sort(), ["a.ts", "gen/", "src/", "src/c.ts", "src/d.ts"]);
  });

  it("narrows to named paths and keeps the manifests above them", (test) => {
    const root = folderWith(test, { ...empty("a.ts", "package.json", "pitlint.yaml", "src/b.ts", "src/tsconfig.json", "src/deep/c.ts", "src/deep/d.ts", "src/deeper/e.ts", "gen/f.ts", "gen/g.ts"), ".gitignore": "gen\n" });
    const only = (...paths: string[]) => enumerate(root, { ...everything, paths }).files;
    assert.deepEqual(only("./src/deep/"), ["pitlint.yaml", "src/deep/c.ts", "src/deep/d.ts"]);
    assert.deepEqual(only("src/b.ts", "a.ts"), ["a.ts", "pitlint.yaml", "src/b.ts"]);
    assert.deepEqual(only("gen/f.ts"), ["gen/f.ts", "pitlint.yaml"]);
    assert.deepEqual(only(".", "a.ts"), only());
    assert.deepEqual(enumerate(root, { ...everything, paths: ["src/deep"] }).manifests, ["package.json", "src/tsconfig.json"]);
    assert.deepEqual(enumerate(root, { ...everything, paths: ["nope.ts", "gen"] }).problems.map(({ file, incomplete }) => [file, incomplete]), [["gen", false], ["nope.ts", true]]);
  });

  it("says that the root is gone", () => assert.deepEqual(said("/no/such/root"), [[".", "is gone; not analysed", true]]));
});

describe("gitignore", () => {
  const git = (root: string, ...args: string[]) => execFileSync("git", ["-c", "core.excludesFile=/dev/null", ...args], { cwd: root, encoding: "utf8", env: { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" } });
  const listed = (root: string) => git(root, "ls-files", "-coz", "--exclude-standard").split("\0").filter((path) => path.endsWith(".ts")).sort();

  it("holds at every level, as in git", (test) => {
    const paths = ["a.ts", "b.ts", "build/a.ts", "sub/build/a.ts", "sub/a.ts", "sub/b.ts", "sub/deep/a.ts", "sub/deep/x/b.ts", "sub/keep/a.ts", "we ird[1]!#/a.ts", "we ird[1]!#/b.ts", "we ird[1]!#/c/b.ts", "sub/#c.ts", "sub/!d.ts", "sub/Upper.ts"];
    const root = folderWith(test, { ...empty(...paths), ".gitignore": "\uFEFFbuild/\n# comment\n\n/a.ts\r\nsub/deep/*\n!sub/deep/x\nkeep\n", "sub/.gitignore": "!build/\nb.ts\n!keep/\n\\#c.ts\n\\!d.ts\nupper.ts\n", "sub/deep/.gitignore": "!b.ts\n", "we ird[1]!#/.gitignore": "/b.ts\n" });
    git(root, "init", "-q");
    assert.deepEqual(enumerate(root, everything).files, listed(root));
  });

  it("reads random rules as git does", (test) => {
    const folders = ["", "a/", "b/", "a/a/", "a/b/", "a/b/a/"];
    const paths = folders.flatMap((folder) => [`${folder}x.ts`, `${folder}y.ts`]);
    const root = folderWith(test, empty(...paths));
    git(root, "init", "-q");
    const segment = fc.constantFrom("a", "b", "*", "x.ts", "*.ts", "?.ts", "[ab]", "y*");
    const pattern = fc.tuple(fc.constantFrom("", "", "!"), fc.constantFrom("", "", "/", "**/"), fc.array(segment, { minLength: 1, maxLength: 2 }), fc.constantFrom("", "", "/", "/**")).map(([not, head, body, tail]) => not + head + body.join("/") + tail);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...folders), fc.array(pattern, { minLength: 1, maxLength: 3 })), { maxLength: 3 }), (rules) => {
        for (const folder of folders) rmSync(join(root, folder, ".gitignore"), { force: true });
        for (const [folder, patterns] of rules) writeFileSync(join(root, folder, ".gitignore"), patterns.join("\n"));
        assert.deepEqual(enumerate(root, everything).files, listed(root));
      }),
      { numRuns: 150 },
    );
  });

  it("does without one that is too big, a link or a pipe", (test) => {
    const root = folderWith(test, { "a/x.ts": "", "a/.gitignore": "x.ts\n".repeat(20_000), "b/x.ts": "", "c/x.ts": "", rules: "x.ts" });
    symlinkSync("../rules", join(root, "b/.gitignore"));
    execFileSync("mkfifo", [join(root, "c/.gitignore")]);
    assert.deepEqual(enumerate(root, everything).files, ["a/x.ts", "b/x.ts", "c/x.ts"]);
    assert.deepEqual(said(root), [["a/.gitignore", "is too big: 0.1 MiB, the limit is 0.1 MiB; what it names is analysed", false]]);
  });
});

describe("C1, C2: hostile folders", () => {
  it("hold patterns that take for ever", (test) => {
    const deep = `${"a/".repeat(400)}x.ts`;
    const root = folderWith(test, { [deep]: "", "log/y.ts": "", ".gitignore": `log\n**/a/**/a/**/a/**/a/**/a/**/b\n${"a*".repeat(40)}b\n**/a/**/b\n` });
    assert.deepEqual(enumerate(root, everything).files, [deep]);
    assert.deepEqual(said(root), [[".gitignore", 'line 2 has more than two "**/", which takes too long in deep folders; what it names is analysed', false]]);
  });

  it("hold links: loops, self, nowhere, out of the root, to one file twice", (test) => {
    const outside = folderWith(test, { "secret.yaml": "", "dir/x.ts": "" });
    const root = folderWith(test, empty("a/real.ts", "node_modules/p/lib.ts"));
    const link = (target: string, path: string) => symlinkSync(target, join(root, path));
    link("..", "a/up");
    link("self.ts", "self.ts");
    link("nowhere", "dangling.ts");
    link("nowhere", "dangling.txt");
    link(join(outside, "secret.yaml"), "out.yaml");
    link(join(outside, "dir"), "outdir");
    link("a/real.ts", "again.ts");
    link("node_modules/p/lib.ts", "one.ts");
    link("node_modules/p/lib.ts", "two.ts");
    link("a", "folder.ts");
    assert.deepEqual(enumerate(root, everything).files, ["a/real.ts", "one.ts"]);
    assert.deepEqual(said(root), [
      ["dangling.ts", "is a link that leads nowhere: no such file or folder (ENOENT)", false],
      ["out.yaml", "is a link that leads out of the workspace; not followed", false],
      ["outdir", "is a link that leads out of the workspace; not followed", false],
      ["self.ts", "is a link that leads nowhere: too many links (ELOOP)", false],
    ]);
  });

  it("may be reached through a link themselves", (test) => {
    const root = folderWith(test, empty("real/a.ts"));
    symlinkSync("a.ts", join(root, "real/b.ts"));
    symlinkSync("real", join(root, "root"));
    assert.deepEqual(enumerate(join(root, "root"), everything), { files: ["a.ts"], manifests: [], problems: [] });
  });

  it("hold pipes and sockets, which are named and never opened", async (test) => {
    const root = folderWith(test, empty("a.ts"));
    execFileSync("mkfifo", [join(root, "pipe.yaml"), join(root, "pipe.txt")]);
    const server = createServer().listen(join(root, "socket.ts"));
    await new Promise((resolve) => server.once("listening", resolve));
    test.after(() => server.close());
    assert.deepEqual(said(root), [["pipe.yaml", "is a pipe, socket or device; not analysed", true], ["socket.ts", "is a pipe, socket or device; not analysed", true]]);
  });

  it("hold names with line ends, and names that are no UTF-8", (test) => {
    const root = folderWith(test, empty("new\nline.ts", "b\uFFFD.ts", "-rf.ts", "con\u202E.ts"));
    writeFileSync(Buffer.concat([Buffer.from(`${root}/a`), Buffer.from([0xff]), Buffer.from(".ts")]), "");
    mkdirSync(Buffer.concat([Buffer.from(`${root}/c`), Buffer.from([0xfe])]));
    assert.deepEqual(enumerate(root, everything).files, ["-rf.ts", "b\uFFFD.ts", "con\u202E.ts", "new\nline.ts"]);
    assert.deepEqual(said(root), [["a\uFFFD.ts", "has a name that is not UTF-8; not analysed", true], ["c\uFFFD", "has a name that is not UTF-8; not analysed", true]]);
  });

  it("may be closed to the user", (test) => {
    const root = folderWith(test, empty("a.ts", "closed/b.ts"));
    chmodSync(join(root, "closed"), 0);
    chmodSync(root, 0o755);
    try {
      // Root may read everything: ask as somebody else.
      const script = `import { enumerate } from ${JSON.stringify(new URL("../../host/enumerate.ts", import.meta.url).href)}; console.log(JSON.stringify(enumerate(${JSON.stringify(root)}, { ignore: () => false })))`;
      const out = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { encoding: "utf8", ...(process.getuid!() === 0 ? { uid: 65534, gid: 65534 } : {}) });
      assert.deepEqual(JSON.parse(out), { files: ["a.ts"], manifests: [], problems: [{ kind: "unreadable", file: "closed", message: "cannot be read: permission denied (EACCES); not analysed", incomplete: true }] });
    } finally {
      chmodSync(join(root, "closed"), 0o755);
    }
  });

  it("may be deeper than paths can be long: the first such folder is named", (test) => {
    const root = folderWith(test, { "a.ts": "", ".gitignore": "*.log\n" });
    execFileSync(process.execPath, ["-e", 'const { mkdirSync } = require("fs"); for (let i = 0; i < 2200; i++) { mkdirSync("d"); process.chdir("d"); }'], { cwd: root });
    try {
      const found = enumerate(root, everything);
      assert.deepEqual(found.files, ["a.ts"]);
      assert.deepEqual(found.problems.map(({ message }) => message), ["cannot be read: path too long for the system (ENAMETOOLONG); not analysed"]);
    } finally {
      execFileSync("rm", ["-rf", join(root, "d")]);
    }
  });

  it("may change while they are walked", (test) => {
    const root = folderWith(test, empty("a/x.ts", "b/x.ts", "c/x.ts"));
    const found = enumerate(root, { ignore: (path) => {
      if (path === "a/" && existsSync(join(root, "b/x.ts"))) rmSync(join(root, "b"), { recursive: true });
      if (path === "c/x.ts") unlinkSync(join(root, "c/x.ts"));
      return false;
    } });
    assert.deepEqual(found.files, ["a/x.ts", "c/x.ts"]);
    assert.deepEqual(found.problems, [{ kind: "unreadable", file: "b", message: "is gone; not analysed", incomplete: true }]);
  });
});
