// The part of the TypeScript compiler that reads syntax, as one small file. Every worker loads it: it takes 35 ms where the whole compiler takes 125 ms.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const source = require.resolve("@ts-morph/common/dist/typescript.js");

/** What comes first after the parser: from here on nothing is needed for its effect when it is loaded. */
const afterParser = "// src/compiler/commandLineParser.ts";

/** The node classes of the services have getStart() and getText(); without the services the compiler would make bare nodes. */
const allocator = ["Node", "Token", "Identifier", "PrivateIdentifier", "SourceFile"];

/** Writes a CommonJS file with all of the compiler API that the sources use, and nothing else. */
export async function buildParser(outfile, options) {
  const ts = require(source);
  const names = usedNames().filter((name) => name in ts);
  const exported = `\nsetObjectAllocator({ ${allocator.map((name) => `get${name}Constructor: () => ${name}Object`).join(", ")} });\nexport { ${names.join(", ")} };\n`;
  await build({ ...options, bundle: true, format: "cjs", outfile, stdin: { contents: asModule(ts, readFileSync(source, "utf8")) + exported, loader: "js" } });
}

/** `ts.isIdentifier` and `const { SyntaxKind } = ts`, in every file that may ask for it. */
function usedNames() {
  const names = new Set(["version"]);
  for (const folder of ["engine", "rules", "host"])
    for (const path of readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".ts"))) {
      const text = readFileSync(join(folder, path), "utf8");
      for (const [, name] of text.matchAll(/\bts\.([A-Za-z]\w*)/g)) names.add(name);
      for (const [, list] of text.matchAll(/\{([\w\s,]+)\} = ts;/g)) for (const name of list.split(",")) if (name.trim()) names.add(name.trim());
    }
  return [...names].sort();
}

/** The compiler is one function around everything. As a module of its own statements, what nobody uses can be left out. */
function asModule(ts, text) {
  const file = ts.createSourceFile("typescript.js", text, ts.ScriptTarget.Latest);
  const end = text.indexOf(afterParser);
  const statements = bodyOf(ts, file);
  if (end < 0 || !statements) throw new Error(`${source} is not built as it was: see scripts/parser.mjs`);
  return statements.filter((one) => !(ts.isExpressionStatement(one) && (one.pos > end || /^(0 &&|module\.exports|__export\()/.test(textOf(one))))).map((one) => (one.pos > end ? pure(one) : textOf(one))).join("\n");

  function textOf(node) {
    return text.slice(node.getStart(file), node.end);
  }

  /** A value made by a call, left out when nobody uses it. */
  function pure(statement) {
    if (!ts.isVariableStatement(statement)) return textOf(statement);
    return statement.declarationList.declarations.map((one) => `var ${textOf(one.name)}${one.initializer ? ` = ${ts.isCallExpression(one.initializer) || ts.isNewExpression(one.initializer) ? "/* @__PURE__ */ " : ""}${textOf(one.initializer)}` : ""};`).join("\n");
  }
}

function bodyOf(ts, file) {
  const call = file.statements.find((one) => ts.isExpressionStatement(one) && ts.isCallExpression(one.expression))?.expression;
  const callee = call && ts.isParenthesizedExpression(call.expression) ? call.expression.expression : undefined;
  return callee && ts.isArrowFunction(callee) && ts.isBlock(callee.body) ? callee.body.statements : undefined;
}
