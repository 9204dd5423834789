// House rules that a reader can rely on: who imports whom, how long a file may grow, no hidden state, honest names.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { describe, it } from "node:test";

const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { encoding: "utf8" }).split("\n").filter(Boolean);
const sources = tracked.filter((path) => /^(engine|rules|host|cli|server|client)\/.*\.ts$/.test(path));
const textOf = new Map(sources.map((path) => [path, readFileSync(path, "utf8")]));
const layer = (path: string) => path.slice(0, path.indexOf("/"));

describe("imports", () => {
  const may: Record<string, string[]> = { engine: ["engine"], rules: ["engine", "rules"], host: ["engine", "rules", "host"], cli: ["engine", "rules", "host", "cli"], server: ["engine", "rules", "host", "server"], client: ["client"] };
  const packages: Record<string, RegExp> = {
    engine: /^(yaml|ignore|valibot|ts-morph|@ts-morph\/common\/.*|node:module|node:crypto|node:util|@prometheus-io\/lezer-promql|semver)$/,
    rules: /^$/,
    host: /^(node:.*|ignore)$/,
    cli: /^(node:.*|diff)$/,
    server: /^(node:.*|vscode-languageserver.*|vscode-uri)$/,
    client: /^(node:.*|vscode|vscode-languageclient.*)$/,
  };

  it("go one way", () => {
    const wrong: string[] = [];
    for (const [path, text] of textOf)
      for (const specifier of specifiers(text)) {
        if (!specifier.startsWith(".")) {
          if (!packages[layer(path)]!.test(specifier)) wrong.push(`${path} imports ${specifier}`);
          continue;
        }
        const target = normalize(join(dirname(path), specifier));
        const typeOnly = path.startsWith("client/") && target === "server/protocol.ts" && new RegExp(`import type [^;]*${specifier.replaceAll(".", "\\.")}`).test(text);
        if (!may[layer(path)]!.includes(layer(target)) && !typeOnly) wrong.push(`${path} imports ${target}`);
      }
    assert.deepEqual(wrong, []);
  });

  it("form no cycle of values", () => {
    const edges = new Map([...textOf].map(([path, text]) => [path, valueImports(text).filter((one) => one.startsWith(".")).map((one) => normalize(join(dirname(path), one)))]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: string[]) => {
      if (trail.includes(path)) return void cycles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      if (done.has(path)) return;
      for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of edges.keys()) visit(path, []);
    assert.deepEqual(cycles, []);
  });

  it("reach a compiler in one place only", () => {
    assert.deepEqual([...textOf].filter(([, text]) => /@ts-morph\/common|from "typescript"/.test(head(text) + code(text, true))).map(([path]) => path), ["engine/typescript/compiler.ts"]);
  });

  it("reach the YAML parser in one place only", () => {
    assert.deepEqual([...textOf].filter(([, text]) => /from "yaml"/.test(text)).map(([path]) => path), ["engine/yaml/parse.ts"]);
  });
});

describe("the engine", () => {
  it("touches nothing outside its arguments", () => {
    const wrong = [...textOf].filter(([path]) => /^(engine|rules)\//.test(path)).filter(([, text]) => /\bconsole\.|\bprocess\.(?!env\b["'`])[a-z]+\(|\bDate\.now\(|new Date\(\)|Math\.random\(|node:fs|node:child_process|node:net|\beval\(|new Function\(/.test(code(text)));
    assert.deepEqual(wrong.map(([path]) => path), []);
  });
});

describe("files", () => {
  it("stay below their ceiling", () => {
    const ceiling: Record<string, number> = { engine: 300, rules: 150, client: 150, server: 200, cli: 200, host: 200 };
    assert.deepEqual([...textOf].map(([path, text]) => ({ path, lines: text.split("\n").length - 1 })).filter(({ path, lines }) => lines > ceiling[layer(path)]!), []);
  });

  it("open with a comment that says what they are", () => {
    assert.deepEqual([...textOf].filter(([, text]) => !/^(#![^\n]*\n)?\/\/ \S/.test(text)).map(([path]) => path), []);
  });

  it("are kebab-case and carry no empty name", () => {
    assert.deepEqual(sources.filter((path) => !/^[a-z0-9-]+(\.[a-z]+)?\.ts$/.test(basename(path)) || /\/(utils?|helpers?|common|managers?|data|info)(\.ts|\/)/.test(path)), []);
  });

  it("hold no module-level mutable state", () => {
    assert.deepEqual([...textOf].filter(([, text]) => /^(export )?(let|var) /m.test(code(text))).map(([path]) => path), []);
  });

  it("hold no left-overs", () => {
    const words = new RegExp(["TO" + "DO", "FIX" + "ME", "X" + "XX", "not imple" + "mented", "@ts-ig" + "nore", "eslint-dis" + "able"].map((word) => `\\b${word}\\b`).join("|"));
    assert.deepEqual([...textOf].filter(([path, text]) => path !== "engine/gate.ts" && words.test(text)).map(([path]) => path), []);
  });
});

describe("the lockfile", () => {
  it("names no host", () => {
    assert.ok(!readFileSync("package-lock.json", "utf8").includes('"resolved"'));
  });
});

/** The imports at the head of a file, and dynamic ones of local files; not those that examples quote. */
function specifiers(text: string): string[] {
  return [...matches(head(text), /^(?:import|export)\b[^"';]*from "([^"]+)"|^import "([^"]+)"/gm), ...matches(code(text, true), /\bimport\("([^"]+)"\)/g)];
}

function valueImports(text: string): string[] {
  return matches(head(text), /^(?:import|export) (?!type\b)[^"';]*from "([^"]+)"/gm);
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => (match[1] ?? match[2])!);

function head(text: string): string {
  const end = text.search(/^(?:export )?(?:const|async function|function|interface|class|abstract)\b/m);
  return end < 0 ? text : text.slice(0, end);
}

/** Text without comments and string contents, as far as these patterns need. */
function code(text: string, strings = false): string {
  // One pass, so that `//` in a string and a backtick in a comment are what they are.
  return text.replace(/`(?:[^`\\]|\\[\s\S])*`|"(?:[^"\\\n]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (token) => (token[0] === "/" ? "" : token[0] === "`" ? "``" : strings ? token : '""'));
}
