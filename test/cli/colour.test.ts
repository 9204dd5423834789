// Colour is for people: on a terminal, or where it is asked for.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { WriteStream } from "node:tty";
import { stripVTControlCharacters } from "node:util";
import { paintFor } from "../../cli/paint.ts";
import { folderWith } from "../host/folder.ts";
import { pitlint, report, warned } from "./run.ts";

const escape = "\u001B";

describe("colour", () => {
  it("is off where standard output is no terminal", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    assert.ok(!(await pitlint(root)).stdout.includes(escape));
  });

  it("is on with FORCE_COLOR, and changes nothing but the colour", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    const plain = (await pitlint(root)).stdout;
    const painted = (await pitlint(root, [], { env: { FORCE_COLOR: "1" } })).stdout;
    assert.ok(painted.includes(`${escape}[33mwarning`));
    assert.equal(stripVTControlCharacters(painted), plain);
  });

  it("is off with FORCE_COLOR=0 and with NO_COLOR", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    for (const env of [{ FORCE_COLOR: "0" }, { NO_COLOR: "1" }, { FORCE_COLOR: "" }]) assert.ok(!(await pitlint(root, [], { env })).stdout.includes(escape), JSON.stringify(env));
  });

  it("never reaches a file, json or sarif", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    await report(root, ["--format", "text=out.txt", "--format", "sarif=out.sarif"], { env: { FORCE_COLOR: "1" } });
    for (const file of ["out.txt", "out.sarif"]) assert.ok(!readFileSync(join(root, file), "utf8").includes(escape), file);
  });

  it("is on where the stream is a terminal, unless NO_COLOR or TERM says no", () => {
    const terminal = Object.assign(Object.create(WriteStream.prototype) as WriteStream, { isTTY: true });
    const pipe = Object.assign(Object.create(WriteStream.prototype) as WriteStream, { isTTY: false });
    const paint = (stream: NodeJS.WriteStream, env: Record<string, string>) => paintFor(stream, env)("error", "x") !== "x";
    assert.ok(paint(terminal, {}));
    assert.ok(!paint(pipe, {}));
    assert.ok(!paint(terminal, { NO_COLOR: "1" }));
    assert.ok(!paint(terminal, { TERM: "dumb" }));
    assert.ok(paint(pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }));
  });
});

describe("what a file holds", () => {
  it("cannot write to the terminal or forge a line", async (test) => {
    const evil = `import axios from "axios";\nexport const quote = () => axios.get("${escape}]0;owned\u0007\u202Ehttps://prices.internal/");\n`;
    const root = folderWith(test, { "a.ts": evil, "b\nc.ts:1:1 error: forged (x\u001B[31m).ts": warned });
    const { stdout } = await pitlint(root);
    assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    assert.ok(!stdout.split("\n").some((line) => line.startsWith("c.ts")));
  });
});
