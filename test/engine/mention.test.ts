// The scan for mentions finds exactly the words that a search for each of them would find.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ts, type Identifier } from "../../engine/typescript/compiler.ts";
import { nodes, parseTs } from "../../engine/typescript/parse.ts";
import { called, imports, importsLike, inLoopHead, loopHead, maybeNear, mentioned, named, near, scanner, whole, withNear } from "../../engine/mention.ts";

const naive = (words: readonly string[], text: string) => new Set(words.filter((word) => text.includes(word)));
const sorted = (words: ReadonlySet<string>) => [...words].sort();

describe("scanner", () => {
  it("finds words inside, beside and over one another", () => {
    const words = ["he", "she", "his", "hers", "e", "ushers", "'got'", "@a/b"];
    for (const text of ["", "ushers", "shis", "xhe", "'got", "import got from 'got'", "from \"@a/b\"", "h e r s", "hehe"])
      assert.deepEqual(sorted(scanner([[words]]).words(text, "ts")), sorted(naive(words, text)), text);
  });

  it("finds nothing without words", () => {
    assert.equal(scanner([]).words("anything", "ts").size, 0);
  });

  it("gives one set to all texts of the same words, so that what is asked of it is asked once", () => {
    const one = scanner([[["a", "b", "c"], imports("pg")]]);
    assert.equal(one.words("c b", "ts"), one.words("b... c", "ts"));
    assert.equal(one.words('import "pg"; a', "ts"), one.words('a; require("pg")', "ts"));
    assert.notEqual(one.words("a b", "ts"), one.words("b c", "ts"));
  });

  it("keeps nothing of the text before", () => {
    const one = scanner([[["timeout"]]]);
    assert.equal(one.words("time", "ts").size, 0);
    assert.equal(one.words("out", "ts").size, 0);
  });

  it("takes no character for an ASCII one, whatever its low byte", () => {
    const one = scanner([[["ttl"]]]);
    assert.equal(one.words("\u0174\u0174\u016c", "ts").size, 0);
    assert.equal(one.words("\u00f4\u00f4\u00ec", "ts").size, 0);
    assert.deepEqual(sorted(one.words("\u{1F600}ttl\u0174", "ts")), ["ttl"]);
  });

  it("gives the same for UTF-8 read as Latin-1", () => {
    const words = ["fetch", "ttl"];
    const text = "// größer → ttl 😀\nfetch()";
    assert.deepEqual(sorted(scanner([[words]]).words(Buffer.from(text).toString("latin1"), "yaml")), sorted(scanner([[words]]).words(text, "yaml")));
  });

  it("finds modules where they are imported, and nowhere else", () => {
    const one = scanner([[imports("pg", "http", "mysql*", "@aws-sdk/client-*")]]);
    const found = (text: string) => sorted(one.words(text, "ts")).map((word) => word.replace("import ", ""));
    for (const text of ['import { Pool } from "pg";', "import 'pg'", 'const { Pool } = require("pg")', "await import ( `pg` )", 'import pg = require("pg")', 'from"pg"', 'import type { Pool } from /* the pool */ "pg/lib/pool"', 'export * from\n  "pg"', "let x: import('pg').Pool"]) assert.deepEqual(found(text), ["pg"], text);
    for (const text of ['type: "pg"', "load('pg')", 'from "pg-promise"', 'from "./pg"', 'from "pgx"', "import pg", 'from "', 'from /* "pg"', "required('pg')"]) assert.deepEqual(found(text), [], text);
    assert.deepEqual(found('import http from "node:http"; import a from "mysql2/promise"; import b from "@aws-sdk/client-s3"'), ["@aws-sdk/client-*", "http", "mysql*"]);
  });

  it("tells a name from a word of a sentence", () => {
    const one = scanner([[[named("fetch")]]]);
    for (const text of ["fetch(url)", "const { fetch } = it", "x = fetch", "fetch\n(url)", "fetch as typeof globalThis.fetch", "a ? fetch : b", "[fetch, other]", "await fetch (url)"]) assert.equal(one.words(text, "ts").size, 1, text);
    for (const text of ["// fetch the rest", "prefetch(url)", "fetchAll()", "/* to fetch all of them */"]) assert.equal(one.words(text, "ts").size, 0, text);
  });

  it("finds parts of names that are called or reached into", () => {
    const one = scanner([[[called("ransaction")]]]);
    for (const text of ["db.transaction(run)", "runInTransaction<void>(run)", "transactions.run(tx)", "transaction\n  .run()", "this.transactions[0](run)", "transaction?.commit()", "transaction!.commit()", "transactions.\n run()"]) assert.equal(one.words(text, "ts").size, 1, text);
    for (const text of ["// in one transaction.", "a transaction of many", "useTransaction: boolean", "// the transaction. Then", "const transaction = 1;", "async startTransaction() {}", "function runInTransaction<T>(run) {}"]) assert.equal(one.words(text, "ts").size, 0, text);
  });

  it("finds words in heads of loops", () => {
    const one = scanner([[[inLoopHead("attempt")]]]);
    for (const text of ["while (attempts < 3) {", "for (let i = 0, attempt = 1;;) {", "do {} while(\n  attempt < 3\n)"]) assert.equal(one.words(text, "ts").size, 1, text);
    for (const text of ["// attempts to connect", "if (attempt > 3) {}", "attempt++; while (true) {}", `while (a) {${" ".repeat(loopHead)}} attempt`]) assert.equal(one.words(text, "ts").size, 0, text);
  });

  it("finds parts of module names", () => {
    const one = scanner([[importsLike("_pb", "proto")]]);
    assert.deepEqual(sorted(one.words('import a from "./orders_pb"; // proto', "ts")), ["import like _pb"]);
    assert.equal(one.words("prototype, protocol", "ts").size, 0);
  });

  it("finds words that stand alone", () => {
    const one = scanner([[[whole("fetch")]]]);
    for (const text of ["fetch(url)", "globalThis.fetch", "await fetch", "fetch"]) assert.equal(one.words(text, "ts").size, 1, text);
    for (const text of ["prefetch(url)", "fetchAll()", "$fetch", "fetch_", "fetché"]) assert.equal(one.words(text, "ts").size, 0, text);
  });

  it("tells what a text imports and what it passes on", () => {
    const text = 'import "./a";\nexport * from "./b";\nexport { c, d as e } from \'./c\';\nexport type { T } from "./t";\nexport * as f from "./f";\nexport const g = 1;\nimport { h } from "./h";\nconst i = require("node:fs");\n';
    const { modules, passed } = scanner([]).outline(text, "ts");
    assert.deepEqual([modules, passed], [["./a", "./b", "./c", "./t", "./f", "./h", "fs"], ["./b", "./c", "./t", "./f"]]);
  });

  it("P3: reads a text of openers in proportion to its size, whatever never ends", () => {
    const one = scanner([[imports("pg")]]);
    for (const part of ["from /*", "from //", "import(", "require(`", "from '", "export{}from''", "from  ", "/*\n", "\n//", "/**\n`"]) {
      const { words } = one.outline(`${part.repeat(150_000)}\n*/ '\nimport "pg";\n`, "ts");
      assert.ok(words.has("import pg"), part);
    }
    // Each line might begin a comment, and none does.
    for (const end of ["`\n*/", "${", "pitlint"]) assert.ok(one.words(`${"/*\n".repeat(150_000)}${end}\nimport "pg";\n`, "ts").has("import pg"), end);
  });

  it("finds a module behind a comment, up to a thousand characters away", () => {
    const one = scanner([[imports("pg")]]);
    for (const [length, found] of [[10, 1], [900, 1], [2000, 0]] as const) assert.equal(one.words(`import /*${"x".repeat(length)}*/ "pg"`, "ts").size, found, `${length}`);
  });

  it("leaves out comments that begin their line, in code alone", () => {
    const one = scanner([[["fetch"], imports("pg")]]);
    const comments = ['// fetch', '  // as in import "pg"', '/* fetch */', '/**\n * import { Pool } from "pg"\n */', "\t/* fetch\n fetch */", "a\n// fetch\n\n// fetch\r\n", "//"];
    for (const text of comments) assert.deepEqual([one.words(text, "ts").size, one.outline(text, "ts").modules, one.words(text, "yaml").size > 0], [0, [], text !== "//"], text);
    const code = ["// a\nfetch()", "/* a */ fetch()", "/* a */\n/* b */ fetch()", "/**/fetch()", "// a\rfetch()", "// a\u2028fetch()", "/* fetch", "*/ fetch()", "`\n// ${fetch(url)}`", "a /\n/ fetch", "'/*'; fetch()\n'*/'", "/*/ a */fetch()", "a /*\n// */ fetch()", "`\n// a`; fetch()", "'\\\n// a'; fetch()"];
    for (const text of code) assert.equal(one.words(text, "ts").size, 1, text);
    const silencing = scanner([[["pitlint-ignore"]]]);
    for (const text of ["// pitlint-ignore-next-line a -- b", "/* pitlint-ignore-file a -- b */"]) assert.equal(silencing.words(text, "ts").size, 1, text);
  });

  it("loses no name outside comments", () => {
    const part = fc.constantFrom("/", "*", "/*", "*/", "//", "\n", "\r", " ", "fetch", "'", '"', "${", "}", "p", "pitlint", "\n/*", "\n//", "`", "\\", "x");
    fc.assert(fc.property(fc.array(part, { maxLength: 25 }), (parts) => {
      const text = parts.join("");
      const names = nodes<Identifier>(parseTs("a.ts", text), ts.SyntaxKind.Identifier).map((one) => one.text).filter((one) => one === "fetch");
      assert.ok(names.length === 0 || scanner([[["fetch"]]]).words(text, "ts").has("fetch"), JSON.stringify(text));
    }), { numRuns: 5000 });
  });

  it("refuses a word that it could not find", () => {
    for (const word of ["", "größe", "a\nb"]) assert.throws(() => scanner([[[word]]]), /one or more ASCII characters of one line/);
  });

  it("agrees with a search for each word", () => {
    const few = fc.constantFrom("a", "b", "c", "\u00e1", "\u0161");
    const ascii = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 5 });
    fc.assert(fc.property(fc.uniqueArray(ascii, { maxLength: 8 }), fc.string({ unit: few, maxLength: 60 }), (words, text) => {
      assert.deepEqual(sorted(scanner(words.map((word) => [[word]])).words(text, "yaml")), sorted(naive(words, text)));
    }), { numRuns: 2000 });
  });

  it("agrees with a search for each word, in any text", () => {
    const ascii = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 8 });
    const text = fc.array(fc.oneof(fc.string({ unit: "binary" }), ascii)).map((parts) => parts.join(""));
    fc.assert(fc.property(fc.uniqueArray(ascii, { maxLength: 20 }), text, (words, around) => {
      const within = around + words.slice(0, 3).join("");
      assert.deepEqual(sorted(scanner([[words]]).words(within, "yaml")), sorted(naive(words, within)));
    }));
  });
});

describe("mentioned", () => {
  it("needs a hit in each group, and at least one group", () => {
    const found = new Set(["a", "c"]);
    assert.equal(mentioned([["a", "b"], ["c"]], found), true);
    assert.equal(mentioned([["a"], ["b"]], found), false);
    assert.equal(mentioned([], found), false);
    assert.equal(mentioned([[]], found), false);
  });

  it("takes what is near from modules one or two imports away", () => {
    const mentions = [near(1, "pg"), ["BEGIN"]];
    const scan = scanner([mentions, [near(2, "pino")]]);
    const [own, pg, none] = ['import "pg"; BEGIN', 'import "pg"', "BEGIN"].map((text) => scan.words(text, "ts")) as [ReadonlySet<string>, ReadonlySet<string>, ReadonlySet<string>];
    const nothing = new Set<string>();
    assert.deepEqual([mentioned(mentions, own), mentioned(mentions, none), mentioned(mentions, maybeNear(none)), mentioned(mentions, maybeNear(pg))], [true, false, true, false]);
    assert.deepEqual([mentioned(mentions, withNear(none, pg, nothing)), mentioned(mentions, withNear(none, nothing, pg))], [true, false]);
    const pino = scan.words('import "pino"', "ts");
    assert.equal(mentioned([near(2, "pino")], withNear(none, nothing, pino)), true);
  });
});
