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
  // One literal of plain values: V8 keeps names that are copied one by one, or have getters, in a table, and every question about a node looks them up there.
  const exported = `\nsetObjectAllocator({ ${allocator.map((name) => `get${name}Constructor: () => ${name}Object`).join(", ")} });\nmodule.exports = { ${names.join(", ")} };\nexport {};\n`;
  const bundle = (said, more) => build({ ...options, ...more, bundle: true, format: "iife", logOverride: { "commonjs-variable-in-esm": "silent" }, stdin: { contents: asModule(ts, readFileSync(source, "utf8"), said) + exported, loader: "js" } });
  const whole = await bundle(undefined, { write: false, minify: false });
  await bundle(messagesIn(whole.outputFiles[0].text), { outfile });
}

/** The messages that some code may give, by name. All of them are half of the file, and none but these can be said: only errors of syntax are. */
function messagesIn(text) {
  if (/\bDiagnostics\s*(\?\.)?\[/.test(text)) throw new Error("messages of the compiler are looked up by a name that is not written: see scripts/parser.mjs");
  return new Set([...text.matchAll(/\bDiagnostics\.(\w+)/g)].map(([, name]) => name));
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

/** The compiler is one function around everything. As a module of its own statements, what nobody uses can be left out; of the messages, all but `said`. */
function asModule(ts, text, said) {
  const file = ts.createSourceFile("typescript.js", text, ts.ScriptTarget.Latest);
  const end = text.indexOf(afterParser);
  const statements = bodyOf(ts, file);
  if (end < 0 || !statements) throw new Error(`${source} is not built as it was: see scripts/parser.mjs`);
  return statements.filter((one) => !(ts.isExpressionStatement(one) && (one.pos > end || /^(0 &&|module\.exports|__export\()/.test(textOf(one))))).map((one) => (messages(one) ?? pure(one))).join("\n");

  function textOf(node) {
    return text.slice(node.getStart(file), node.end);
  }

  function messages(statement) {
    const [made] = said && ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
    if (!made || textOf(made.name) !== "Diagnostics") return undefined;
    const kept = made.initializer.properties.filter((one) => said.has(textOf(one.name)));
    return `var Diagnostics = {\n${kept.map(textOf).join(",\n")}\n};`;
  }

  /** A value, left out when nobody uses it. What reads a property is only known to do nothing else where it stands in a call that says so. */
  function pure(statement) {
    if (!ts.isVariableStatement(statement)) return textOf(statement);
    return statement.declarationList.declarations.map((one) => `var ${textOf(one.name)}${one.initializer ? ` = ${made(one.initializer)}` : ""};`).join("\n");
  }

  function made(value) {
    const plain = ts.isLiteralExpression(value) || ts.isIdentifier(value) || ts.isFunctionExpression(value) || ts.isArrowFunction(value) || ts.isClassExpression(value);
    return plain ? textOf(value) : `/* @__PURE__ */ (() => (${textOf(value)}))()`;
  }
}

function bodyOf(ts, file) {
  const call = file.statements.find((one) => ts.isExpressionStatement(one) && ts.isCallExpression(one.expression))?.expression;
  const callee = call && ts.isParenthesizedExpression(call.expression) ? call.expression.expression : undefined;
  return callee && ts.isArrowFunction(callee) && ts.isBlock(callee.body) ? callee.body.statements : undefined;
}
