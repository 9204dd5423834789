// The parser that is cut out of the compiler gives the same trees and the same answers as the whole compiler.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
// @ts-expect-error: a build script has no types.
import { buildParser } from "../../scripts/parser.mjs";

const require = createRequire(import.meta.url);
const whole = require("@ts-morph/common/dist/typescript.js");
let folder: string;
let part: any;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "pitlint-parser-"));
  await buildParser(join(folder, "parser.cjs"), { platform: "node", target: "node20.19", minify: true, legalComments: "none" });
  part = require(join(folder, "parser.cjs"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** One line for each node: what it is, where it is, what it says. */
function shape(ts: any, path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }, true);
  const lines: string[] = file.parseDiagnostics.map((one: any) => `${one.start} ${one.length} ${ts.flattenDiagnosticMessageText(one.messageText, " ")}`);
  const open = [file];
  for (let node = open.pop(); node; node = open.pop()) {
    const asked = Object.keys(part).filter((name) => /^(is|can)[A-Z]/.test(name) && !/^(isParameterPropertyDeclaration)$/.test(name));
    const yes = asked.filter((name) => ts[name](node));
    lines.push([node.kind, node.pos, node.end, node.flags, node.getStart(), node.getText().length, ts.isIdentifier(node) || ts.isLiteralExpression(node) ? node.text : "", ...yes].join(" "));
    ts.forEachChild(node, (child: any) => void open.push(child));
  }
  return lines;
}

describe("the parser of the bundle", () => {
  it("agrees with the compiler on this project's sources", () => {
    for (const path of ["engine", "cli"].flatMap((root) => readdirSync(root, { recursive: true }).map((name) => join(root, String(name)))).filter((path) => path.endsWith(".ts")))
      assert.deepEqual(shape(part, path, readFileSync(path, "utf8")), shape(whole, path, readFileSync(path, "utf8")), path);
  });

  it("agrees on syntax that few files have, and on broken text", () => {
    const texts = {
      "a.tsx": "export const A = <T,>(p: T) => <div {...p} a-b='c'>&amp; {/* x */ p}<></></div>;",
      "b.ts": "@Dec() class B<in T> extends C { declare x: string; #y = 1n; static { } get z() { return /a(?<n>b)+/dv.exec(`a${1}`)?.[0]!; } accessor q = 1 }",
      "c.ts": "enum E { A = 1 << 2 } namespace N.M { export import x = require('y'); } type T = { readonly [K in keyof E as `${K}`]?: E[K] extends infer U ? U : never };",
      "d.js": "/** @type {string} */ var a = b ? function* () { yield* c } : async () => { for await (const x of y) label: while (1) break label }; a ??= 0o17;",
      "e.ts": "const a = { b: [1, , 2 ; function ( { class } } `unfinished ${",
      "f.mts": "using x = y; import type { A } from 'a' with { type: 'json' }; export * as ns from 'b'; import.meta.url; let z = <any>q satisfies R;",
      "g.cts": "#!/usr/bin/env node\n\"use strict\";\n// größer 😀\nmodule.exports = 'ü\\u{1F600}';",
      "h.ts": "",
    };
    for (const [path, text] of Object.entries(texts)) assert.deepEqual(shape(part, path, text), shape(whole, path, text), path);
  });

  it("has every function and table of the compiler that the sources name", () => {
    const missing = ["engine", "rules"].flatMap((root) => readdirSync(root, { recursive: true }).map((name) => join(root, String(name)))).filter((path) => path.endsWith(".ts")).flatMap((path) => {
      const text = readFileSync(path, "utf8");
      return [...text.matchAll(/\bts\.(\w+)|\{([\w\s,]+)\} = ts;/g)].flatMap(([, one, list]) => (one ? [one] : list!.split(",").map((name) => name.trim()).filter(Boolean))).filter((name) => name in whole && !(name in part)).map((name) => `${path}: ts.${name}`);
    });
    assert.deepEqual(missing, []);
  });

  it("is a fraction of the compiler", () => {
    assert.ok(statSync(join(folder, "parser.cjs")).size < 1.2e6);
  });
});
