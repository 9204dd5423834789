// Mistakes of the caller: one line on standard error that says what is known, exit code 2, nothing done.

import assert from "node:assert/strict";
import { join } from "node:path";
import { mkdirSync, readFileSync, rmdirSync, symlinkSync } from "node:fs";
import { describe, it } from "node:test";
import { folderWith } from "../host/folder.ts";
import { clean, pitlint, report, start, warned } from "./run.ts";

describe("the command line", () => {
  const refused: readonly (readonly [args: string, said: string])[] = [
    ["--fromat json", "Unknown option '--fromat'; did you mean --format?"],
    ["--nocache", "Unknown option '--nocache'; did you mean --no-cache?"],
    ["--wolf", "Unknown option '--wolf'; pitlint --help lists the options"],
    ["-x", "Unknown option '-x'; pitlint --help lists the options"],
    ["--fix=yes", "Option '--fix' does not take an argument; pitlint --help lists the options"],
    ["--format", "Option '--format <value>' argument missing; pitlint --help lists the options"],
    ["--format xml", 'unknown --format "xml"; known are text, json, sarif'],
    ["--format json=", "--format json= names no file; expected --format json=<file>"],
    ["--format json --format sarif", "only one format can go to standard output; name a file for the others: --format sarif=report.sarif"],
    ["--fix-dry-run --format json", "--fix-dry-run prints a diff on standard output; name a file for the report: --format json=report.json"],
    ["--profile strct", 'unknown --profile "strct"; known are recommended, strict'],
    ["--max-warnings few", '--max-warnings takes a whole number, got "few"'],
    ["--max-warnings -1", "Option '--max-warnings' argument is ambiguous; pitlint --help lists the options"],
    ["--rule timeout/http-call-without-timout", 'unknown rule "timeout/http-call-without-timout"; did you mean timeout/http-call-without-timeout?'],
    ["--rule wolf", 'unknown rule "wolf"; pitlint rules lists them'],
    ["--unsafe-fixes", "--unsafe-fixes goes with --fix or --fix-dry-run"],
    ["no/such/file.ts", "no such file or folder: no/such/file.ts"],
    ["ruels", "no such file or folder: ruels; did you mean pitlint rules?"],
    ["a.ts/b", "cannot open a.ts/b: part of the path is no folder (ENOTDIR)"],
    ["rules all", 'pitlint rules takes no "all"'],
    ["version 1", 'pitlint version takes no "1"'],
    ["rules --fix", "pitlint rules takes no --fix; it takes --profile"],
    ["facts --format json", "pitlint facts takes no --format; it takes --rule, --profile, --no-cache, --no-prefilter"],
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

  it("says that the working directory is gone", async (test) => {
    const root = folderWith(test);
    const gone = join(root, "gone");
    mkdirSync(gone);
    // Node starts in a folder only while it exists: the shell removes it in between.
    const { execFileSync } = await import("node:child_process");
    const { cli } = await import("./run.ts");
    const said = execFileSync("sh", ["-c", 'rmdir "$1"; "$2" "$3" 2>&1; echo "code $?"', "sh", gone, process.execPath, cli], { cwd: gone, encoding: "utf8" });
    assert.equal(said, "pitlint: the working directory is gone; change to one that exists\ncode 2\n");
  });
});
