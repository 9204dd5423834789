// Builds dist/: one file per front door, parsers in chunks of their own that load on first use. `--readable` keeps names, for profiles; `--sizes` prints sizes.

import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { readFile, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { buildParser } from "./parser.mjs";

await rm("dist", { recursive: true, force: true });

/** In dist the parsers and ts-morph are files beside the bundles. */
const chunks = {
  name: "chunks",
  setup(api) {
    api.onLoad({ filter: /engine[\\/]typescript[\\/]compiler\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace('"@ts-morph/common/dist/typescript.js")', '"./parser.cjs")'),
      loader: "ts",
    }));
    api.onLoad({ filter: /engine[\\/]promql[\\/]grammar\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace('("@prometheus-io/lezer-promql")', '("./promql.cjs")'),
      loader: "ts",
    }));
    api.onLoad({ filter: /engine[\\/]dockerfile[\\/]parse\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace('("dockerfile-ast")', '("./dockerfile.cjs")'),
      loader: "ts",
    }));
    api.onResolve({ filter: /^ts-morph$/ }, () => ({ path: "./ts-morph.cjs", external: true }));
  },
};

/** A worker always parses: it has the parser in its own file. */
const ownParser = {
  name: "own-parser",
  setup(api) {
    api.onLoad({ filter: /engine[\\/]typescript[\\/]compiler\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace('createRequire(import.meta.url)("@ts-morph/common/dist/typescript.js")', `require(${JSON.stringify(resolve("dist/parser.cjs"))})`),
      loader: "ts",
    }));
  },
};

/** ts-morph needs the whole compiler. It is loaded for fixes that change signatures only. */
const wholeCompiler = {
  name: "whole-compiler",
  setup(api) {
    api.onResolve({ filter: /typescript(\.js)?$/ }, ({ importer }) => (/ts-morph/.test(importer) ? { path: "./compiler.cjs", external: true } : undefined));
  },
};

const shared = { bundle: true, platform: "node", target: "node20.19", minify: !process.argv.includes("--readable"), legalComments: "none", logLevel: "warning", metafile: true };

// CommonJS dependencies call require; an ES module has none of its own.
const banner = { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' };

/** Files whose bytecode is kept (host/kept-code.ts). Node keeps that of CommonJS only, and forgets with it how to import. */
const kept = { format: "cjs", supported: { "dynamic-import": false }, define: { "import.meta": "__meta" }, banner: { js: 'const __meta = { url: require("node:url").pathToFileURL(__filename).href };' } };

await Promise.all([
  build({
    ...shared, format: "esm", splitting: true, outdir: "dist", chunkNames: "chunk-[hash]", plugins: [chunks], banner,
    entryPoints: { main: "cli/main.ts", server: "server/main.ts", api: "host/api.ts", eslint: "host/eslint.ts" },
  }),
  build({ ...shared, format: "esm", outfile: "dist/cli.js", entryPoints: ["cli/start.ts"] }),
  build({ ...shared, ...kept, outfile: "dist/main.cjs", entryPoints: ["cli/main.ts"], plugins: [chunks] }),
  build({ ...shared, format: "cjs", outfile: "dist/client.cjs", entryPoints: ["client/main.ts"], external: ["vscode"] }),
  buildParser("dist/parser.cjs", shared),
  build({ ...shared, format: "cjs", outfile: "dist/promql.cjs", entryPoints: ["@prometheus-io/lezer-promql"] }),
  build({ ...shared, format: "cjs", outfile: "dist/dockerfile.cjs", entryPoints: ["dockerfile-ast"] }),
  build({ ...shared, format: "cjs", outfile: "dist/compiler.cjs", entryPoints: ["@ts-morph/common/dist/typescript.js"] }),
  build({ ...shared, format: "cjs", outfile: "dist/ts-morph.cjs", entryPoints: ["ts-morph"], plugins: [wholeCompiler] }),
  build({ ...shared, format: "cjs", outfile: "dist/start.cjs", entryPoints: ["host/start.ts"] }),
]);
await build({ ...shared, ...kept, outfile: "dist/worker.cjs", entryPoints: ["host/worker.ts"], plugins: [ownParser, chunks] });
for (const what of ["worker", "server's worker", "command line"]) execFileSync(process.execPath, ["--import", "tsx", "scripts/keep-code.ts", what], { stdio: ["ignore", "ignore", "inherit"] });

if (process.argv.includes("--sizes"))
  for (const name of ["main.cjs", "server.js", "worker.cjs", "client.cjs", "parser.cjs", "promql.cjs", "dockerfile.cjs", "compiler.cjs", "ts-morph.cjs"]) {
    const { size } = await stat(`dist/${name}`);
    console.log(`${name.padEnd(14)} ${(size / 1024).toFixed(0).padStart(6)} kB  ${(gzipSync(await readFile(`dist/${name}`)).length / 1024).toFixed(0).padStart(6)} kB gzip`);
  }
