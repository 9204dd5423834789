// Files become text only when nothing is lost on the way, or it is said.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createReader, decode, isProblem, readText, sourceCap } from "../../host/read.ts";
import { folderWith } from "./folder.ts";

const problemOf = (value: object) => (isProblem(value) ? [value.kind, value.incomplete, value.message] : assert.fail("no problem"));

describe("reading", () => {
  it("gives a character for each byte, and the text on demand", (test) => {
    const root = folderWith(test, { "a.ts": "const é = 1;\r\n" });
    const raw = createReader(root)("a.ts");
    assert.ok(!isProblem(raw));
    assert.equal(raw.latin1, "const Ã© = 1;\r\n");
    assert.equal(raw.stat.size, 15);
    assert.deepEqual(decode(raw), { text: "const é = 1;\r\n", bom: false, lossless: true });
  });

  it("keeps files apart that pass through the same buffer", (test) => {
    const root = folderWith(test, { "a.ts": "aaaa", "b.ts": "bb", "empty.ts": "", "big.ts": "c".repeat(300_000) });
    const read = createReader(root);
    const texts = ["a.ts", "b.ts", "empty.ts", "big.ts", "a.ts"].map((path) => read(path)).map((raw) => (isProblem(raw) ? raw.message : raw.latin1));
    assert.deepEqual(texts, ["aaaa", "bb", "", "c".repeat(300_000), "aaaa"]);
  });

  it("strips a byte order mark and remembers it", (test) => {
    const root = folderWith(test, { "a.yaml": "\uFEFFa: ü\n", "ascii.yaml": "\uFEFFa: b\n", "middle.yaml": "a\uFEFFb" });
    assert.deepEqual(readText(root, "a.yaml"), { text: "a: ü\n", bom: true, lossless: true });
    assert.deepEqual(readText(root, "ascii.yaml"), { text: "a: b\n", bom: true, lossless: true });
    assert.deepEqual(readText(root, "middle.yaml"), { text: "a\uFEFFb", bom: false, lossless: true });
  });

  it("says that bytes are not UTF-8", (test) => {
    const root = folderWith(test, { "a.ts": Buffer.from([0x61, 0xff, 0x62]), "half.ts": Buffer.from([0x61, 0xe2, 0x82]), "surrogate.ts": Buffer.from([0x61, 0x62, 0xed, 0xa0, 0x80]) });
    for (const path of ["a.ts", "half.ts", "surrogate.ts"]) {
      const read = readText(root, path);
      assert.ok(!isProblem(read));
      assert.equal(read.lossless, false);
      assert.deepEqual(problemOf(read.problem!), ["undecodable", false, "holds bytes that are not UTF-8: analysed with replacement characters, never fixed"]);
    }
    assert.equal((readText(root, "a.ts") as { text: string }).text, "a\uFFFDb");
  });

  it("says that a file is UTF-16, with and without a byte order mark", (test) => {
    const little = Buffer.from("a: 1\n", "utf16le");
    const root = folderWith(test, { "le.yaml": Buffer.concat([Buffer.from([0xff, 0xfe]), little]), "be.yaml": Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()]), "bare-le.yaml": little, "bare-be.yaml": Buffer.from(little).swap16() });
    for (const path of ["le.yaml", "be.yaml", "bare-le.yaml", "bare-be.yaml"]) assert.deepEqual(problemOf(readText(root, path)), ["undecodable", true, "is UTF-16 or binary: save it as UTF-8; not analysed"]);
  });

  it("stops at the size cap", (test) => {
    const root = folderWith(test, { "fits.ts": Buffer.alloc(sourceCap, "a"), "over.ts": Buffer.alloc(sourceCap + 1, "a") });
    assert.ok(!isProblem(readText(root, "fits.ts")));
    assert.deepEqual(problemOf(readText(root, "over.ts")), ["too-big", true, "is too big: 5.1 MiB, the limit is 5 MiB; not analysed"]);
    assert.ok(!isProblem(readText(root, "over.ts", 2 * sourceCap)));
  });

  it("names what is gone, a folder, a pipe, a device", (test) => {
    const root = folderWith(test);
    mkdirSync(join(root, "folder.ts"));
    execFileSync("mkfifo", [join(root, "pipe.yaml")]);
    assert.deepEqual(problemOf(readText(root, "gone.ts")), ["unreadable", true, "is gone; not analysed"]);
    for (const path of ["folder.ts", "pipe.yaml"]) assert.deepEqual(problemOf(readText(root, path)), ["unreadable", true, "is no regular file; not analysed"]);
    assert.deepEqual(problemOf(readText("/dev", "zero")), ["unreadable", true, "is no regular file; not analysed"]);
  });

  it("is lossless exactly when encoding gives the bytes again", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.boolean(), (some, utf8) => {
        const bytes = utf8 ? Buffer.from(Buffer.from(some).toString("latin1"), "utf8") : Buffer.from(some);
        const { text, bom, lossless } = decode({ path: "x", latin1: bytes.toString("latin1") });
        assert.equal(Buffer.from((bom ? "\uFEFF" : "") + text, "utf8").equals(bytes), lossless);
      }),
      { numRuns: 5000 },
    );
  });
});
