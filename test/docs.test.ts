// The pages under docs/rules are what the rules say today.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { it } from "node:test";
import { pages } from "../scripts/docs.ts";

it("README.md and docs/rules are current: run npm run docs", () => {
  const written = readdirSync("docs/rules", { recursive: true }).map((name) => `docs/rules/${String(name)}`).filter((name) => name.endsWith(".md"));
  written.push("README.md");
  assert.deepEqual(new Map(written.sort().map((path) => [path, readFileSync(path, "utf8")])), new Map([...pages()].sort(([a], [b]) => (a < b ? -1 : 1))));
});
