// Mistakes of the caller: one line on standard error that says what is known, exit code 2, nothing done.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { folderWith } from "../host/folder.ts";
import { clean, cli, pitlint, report, warned } from "./run.ts";

describe("the command line", () => {
  const refused: readonly (readonly [args: string, said: string])[] = [
    ["--fromat json", "unknown option --fromat; did you mean --format?"],
    ["--nocache", "unknown option --nocache; did you mean --no-cache?"],
    ["--wolf", "unknown option --wolf; pitlint --help lists the options"],
    ["-x", "unknown option -x; pitlint --help lists the options"],
    ["--fix=yes", "--fix takes no value: write --fix"],
    ["--format", "--format needs a value: --format json"],
    ["--max-warnings", "--max-warnings needs a value: --max-warnings 10"],
    ["--since", "--since needs a value: --since origin/main"],
    ["--config x.yaml", "unknown option --config; pitlint.yaml is found by itself in the folder it governs and above; pitlint doctor shows which"],
    ["-f json", "unknown option -f; did you mean --format?"],
    ["--json", "unknown option --json; did you mean --format json?"],
    ["--no-baseline", "unknown option --no-baseline; did you mean --ignore-baseline?"],
    ["--quiet", "unknown option --quiet; --format compact says one line for each finding; grades in pitlint.yaml say how loud a rule is"],
    ["--prune", "--prune goes with pitlint baseline"],
    ["--out a.facts", "--out goes with pitlint facts"],
    ["--root .", "--root goes with pitlint facts or pitlint join"],
    ["--rule prom", 'unknown rule "prom"; of its group there are prom/alert-on-average-latency, prom/rate-range-too-short'],
    ["explain timeout/http-call", 'unknown rule "timeout/http-call"; did you mean timeout/http-call-without-timeout?'],
    ["b.ts", "no such file or folder: b.ts; did you mean a.ts?"],
    ["lint lint", "no such file or folder: lint"],
    ["help explain facts", "no such file or folder: help"],
    ["--format word", 'unknown --format "word"; known are text, compact, json, sarif, code-scanning, github, gitlab, junit, checkstyle, rdjson, markdown, html'],
    ["--format sarfi", 'unknown --format "sarfi"; did you mean sarif?'],
    ["--format json:out.json", 'unknown --format "json:out.json"; a file stands behind =: --format json=out.json'],
    ["--format json=", "--format json= names no file; expected --format json=report.json"],
    ["--format toString=a", 'unknown --format "toString"; known are text, compact, json, sarif, code-scanning, github, gitlab, junit, checkstyle, rdjson, markdown, html'],
    ["--format json --format sarif", "only one format can go to standard output; name a file for the others: --format sarif=report.sarif"],
    ["--fix-dry-run --format json", "--fix-dry-run prints a diff on standard output; name a file for the report: --format json=report.json"],
    ["--profile strct", 'unknown --profile "strct"; known are recommended, strict'],
    ["--max-warnings few", '--max-warnings takes a whole number, got "few"'],
    ["--max-warnings -1", "--max-warnings needs a value: --max-warnings 10"],
    ["--rule timeout/http-call-without-timout", 'unknown rule "timeout/http-call-without-timout"; did you mean timeout/http-call-without-timeout?'],
    ["--rule wolf", 'unknown rule "wolf"; pitlint rules lists them'],
    ["--unsafe-fixes", "--unsafe-fixes goes with --fix or --fix-dry-run"],
    ["no/such/file.ts", "no such file or folder: no/such/file.ts"],
    ["ruels", "no such file or folder: ruels; did you mean pitlint rules?"],
    ["a.ts/b", "cannot open a.ts/b: part of the path is no folder (ENOTDIR)"],
    ["rules all", 'pitlint rules takes no "all"'],
    ["version 1", 'pitlint version takes no "1"'],
    ["rules --fix", "pitlint rules takes no --fix; it takes --profile"],
    ["facts --format json", "pitlint facts takes no --format; it takes --rule, --out, --root, --profile, --no-cache, --no-prefilter"],
    ["explain", "explain takes one rule: pitlint explain timeout/http-call-without-timeout"],
    ["explain a b", "explain takes one rule: pitlint explain timeout/http-call-without-timeout"],
    ["explain grpc/call-without-deadlin", 'unknown rule "grpc/call-without-deadlin"; did you mean grpc/call-without-deadline?'],
    ["lsp", "the language server speaks on standard input and output only: pitlint lsp --stdio"],
  ];
  for (const [args, said] of refused)
    it(`refuses ${args}`, async (test) => {
      const root = folderWith(test, { "a.ts": warned });
      assert.deepEqual(await pitlint(root, args.split(" ")), { code: 2, stdout: "", stderr: `pitlint: ${said}\n` });
      assert.equal(readFileSync(join(root, "a.ts"), "utf8"), warned);
    });

  it("says that the working directory is gone", (test) => {
    const root = folderWith(test);
    const gone = join(root, "gone");
    mkdirSync(gone);
    // Node starts in a folder only while it exists: the shell removes it in between.
    const said = execFileSync("sh", ["-c", 'rmdir "$1"; "$2" "$3" 2>&1; echo "code $?"', "sh", gone, process.execPath, cli], { cwd: gone, encoding: "utf8" });
    assert.equal(said, "pitlint: the working directory is gone; change to one that exists\ncode 2\n");
  });
});

describe("paths", () => {
  const files = { ".git/HEAD": "", "one/a.ts": warned, "two/b.ts": warned, "README.md": "# no code\n", ".gitignore": "*.gen.ts\n", "c.gen.ts": warned };
  const filesOf = async (cwd: string, args: readonly string[]) => (await report(cwd, args)).json.diagnostics.map((one) => one.file);

  it("narrow what is reported, and are shown from the working directory", async (test) => {
    const root = folderWith(test, files);
    assert.deepEqual(await filesOf(root, []), ["one/a.ts", "two/b.ts"]);
    assert.deepEqual(await filesOf(root, ["two"]), ["two/b.ts"]);
    assert.deepEqual(await filesOf(root, ["one/a.ts", "./two/"]), ["one/a.ts", "two/b.ts"]);
    assert.deepEqual(await filesOf(join(root, "one"), []), ["a.ts"]);
    assert.deepEqual(await filesOf(join(root, "one"), ["../two", "a.ts"]), ["a.ts", "../two/b.ts"]);
    assert.deepEqual(await filesOf(root, [join(root, "two/b.ts")]), ["two/b.ts"]);
  });

  it("may be links", async (test) => {
    const root = folderWith(test, files);
    symlinkSync("two/b.ts", join(root, "link.ts"));
    symlinkSync("two", join(root, "folder"));
    assert.deepEqual(await filesOf(root, ["link.ts"]), ["two/b.ts"]);
    assert.deepEqual(await filesOf(root, ["folder"]), ["two/b.ts"]);
    assert.deepEqual(await filesOf(join(root, "folder"), ["."]), ["b.ts"]);
  });

  it("that hold nothing to read do not look clean", async (test) => {
    const root = folderWith(test, files);
    for (const path of ["README.md", "c.gen.ts"]) {
      const { code, json } = await report(root, [path]);
      assert.deepEqual(json.problems, [{ kind: "unreadable", file: path, message: "holds nothing that pitlint reads, or is ignored" }]);
      assert.equal(code, 0);
    }
  });

  it("see what stands elsewhere in the workspace", async (test) => {
    const root = folderWith(test, {
      ".git/HEAD": "",
      "orders/package.json": '{ "name": "orders" }',
      "orders/server.ts": 'import { createServer } from "node:http";\nconst server = createServer();\nserver.requestTimeout = 45_000;\n',
      "consul/orders.yaml": "service:\n  name: orders\n  check: { ttl: 30s }\n",
    });
    const { json } = await report(join(root, "orders"), ["--rule", "registry/server-timeout-exceeds-ttl"]);
    assert.deepEqual(json.diagnostics.map((one) => [one.file, one.related.map((other) => other.file)]), [["server.ts", ["../consul/orders.yaml"]]]);
  });
});

describe("options", () => {
  it("--rule reports only that rule, and may be repeated", async (test) => {
    const server = 'import { createServer } from "node:http";\nimport axios from "axios";\nexport async function page(signal: AbortSignal) {\n  return axios.get("https://prices.internal/");\n}\n';
    const root = folderWith(test, { "a.ts": server });
    const rulesOf = async (...args: string[]) => (await report(root, args)).json.diagnostics.map((one) => one.rule).sort();
    assert.deepEqual(await rulesOf(), ["context/signal-not-forwarded", "timeout/http-call-without-timeout"]);
    assert.deepEqual(await rulesOf("--rule", "timeout/http-call-without-timeout"), ["timeout/http-call-without-timeout"]);
    assert.deepEqual(await rulesOf("--rule", "timeout/http-call-without-timeout", "--rule", "context/signal-not-forwarded"), ["context/signal-not-forwarded", "timeout/http-call-without-timeout"]);
    assert.deepEqual(await rulesOf("--rule", "registry/server-timeout-exceeds-ttl"), []);
  });

  it("--rule leaves suppressions of other rules alone", async (test) => {
    const root = folderWith(test, { "a.ts": warned.replace("export", "// pitlint-ignore-next-line timeout/http-call-without-timeout -- a test\nexport") });
    const { json } = await report(root, ["--rule", "grpc/call-without-deadline"]);
    assert.deepEqual(json.problems, []);
  });

  it("--profile beats pitlint.yaml", async (test) => {
    const call = 'import { credentials } from "@grpc/grpc-js";\nimport { InventoryClient } from "./gen/inventory";\nconst inventory = new InventoryClient("inventory:50051", credentials.createInsecure());\nexport const reserve = (done: () => void) => inventory.reserve({ sku: "a" }, done);\n';
    const graded = async (files: Record<string, string>, ...args: string[]) => (await report(folderWith(test, { "a.ts": call, ...files }), ["--rule", "grpc/call-without-deadline", ...args])).json.diagnostics.map((one) => one.severity);
    assert.deepEqual(await graded({}), ["warning"]);
    assert.deepEqual(await graded({}, "--profile", "strict"), ["error"]);
    assert.deepEqual(await graded({ "pitlint.yaml": "profile: strict\n" }), ["error"]);
    assert.deepEqual(await graded({ "pitlint.yaml": "profile: strict\n" }, "--profile", "recommended"), ["warning"]);
  });

  it("help is the same as --help", async (test) => {
    const root = folderWith(test);
    const asked = await pitlint(root, ["--help"]);
    for (const args of [["help"], ["help", "baseline"], ["-h"]]) assert.deepEqual(await pitlint(root, args), asked);
  });

  it("--help names every command, option and exit code", async (test) => {
    const root = folderWith(test);
    const { code, stdout } = await pitlint(root, ["--help"]);
    assert.equal(code, 0);
    for (const word of ["rules", "explain", "services", "facts", "lsp", "--fix", "--unsafe-fixes", "--fix-dry-run", "--format", "--rule", "--profile", "--max-warnings", "--no-cache", "--no-prefilter", "--help", "--version", "130"]) assert.ok(stdout.includes(word), word);
    assert.deepEqual(await pitlint(root, ["explain", "-h"]), { code, stdout, stderr: "" });
  });

  it("--version is that of package.json", async (test) => {
    const root = folderWith(test, { "a.ts": clean });
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string };
    for (const args of [["--version"], ["-v"], ["version"], ["rules", "--version"]]) assert.deepEqual(await pitlint(root, args), { code: 0, stdout: `${version}\n`, stderr: "" });
  });
});
