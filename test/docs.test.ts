// The generated pages are what rules, tables and the command line say today, and their links lead somewhere.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { it } from "node:test";
import { pages } from "../scripts/docs.ts";

const handwritten = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...readdirSync("docs").filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`)];

it("README.md, docs/defaults.md and docs/rules are current: run npm run docs", () => {
  const written = readdirSync("docs/rules", { recursive: true }).map((name) => `docs/rules/${String(name)}`).filter((name) => name.endsWith(".md"));
  written.push("README.md", "docs/defaults.md");
  assert.deepEqual(new Map(written.sort().map((path) => [path, readFileSync(path, "utf8")])), new Map([...pages()].sort(([a], [b]) => (a < b ? -1 : 1))));
});

it("links between pages lead somewhere", () => {
  const broken = [...new Set([...handwritten, ...pages().keys()])].flatMap((path) => {
    const text = readFileSync(path, "utf8").replace(/```[\s\S]*?```|`[^`\n]*`/g, "");
    return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map((link) => join(dirname(path), link[1]!)).filter((target) => !existsSync(target)).map((target) => `${path}: ${target}`);
  });
  assert.deepEqual(broken, []);
});

it("every default stands on its page with its source", () => {
  const text = readFileSync("docs/defaults.md", "utf8");
  for (const name of readdirSync("rules/defaults").filter((one) => one.endsWith(".json")))
    for (const row of JSON.parse(readFileSync(`rules/defaults/${name}`, "utf8")) as ({ source?: string } | string)[])
      assert.ok(text.includes(typeof row === "string" ? row : (row.source ?? "").replaceAll("|", "\\|")), `${name}: ${JSON.stringify(row)}`);
});
