#!/usr/bin/env node
// What `pitlint` starts with in dist: the command line, compiled already where it can be.

import { fileURLToPath } from "node:url";
import { run, scriptOf } from "../host/kept-code.ts";
import { optimizeLate } from "../host/late-optimization.ts";

// A language server runs for hours: it compiles and optimizes as Node does by itself.
if (process.argv.includes("lsp")) await import(new URL("./main.js", import.meta.url).href);
else {
  optimizeLate();
  const file = fileURLToPath(new URL("./main.cjs", import.meta.url));
  run(file, scriptOf(file));
}
