// Builds dist/: one file per front door, parsers in chunks of their own that load on first use. `--readable` keeps names, for profiles; `--sizes` prints sizes.

import { build } from "esbuild";
import { readFile, rm, stat } from "node:fs/promises";
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

await Promise.all([
  build({
    ...shared, format: "esm", splitting: true, outdir: "dist", chunkNames: "chunk-[hash]", plugins: [chunks], banner,
    entryPoints: { cli: "cli/main.ts", server: "server/main.ts", worker: "host/worker.ts", api: "host/api.ts", eslint: "host/eslint.ts" },
  }),
  build({ ...shared, format: "cjs", outfile: "dist/client.cjs", entryPoints: ["client/main.ts"], external: ["vscode"] }),
  buildParser("dist/parser.cjs", shared),
  build({ ...shared, format: "cjs", outfile: "dist/promql.cjs", entryPoints: ["@prometheus-io/lezer-promql"] }),
  build({ ...shared, format: "cjs", outfile: "dist/dockerfile.cjs", entryPoints: ["dockerfile-ast"] }),
  build({ ...shared, format: "cjs", outfile: "dist/compiler.cjs", entryPoints: ["@ts-morph/common/dist/typescript.js"] }),
  build({ ...shared, format: "cjs", outfile: "dist/ts-morph.cjs", entryPoints: ["ts-morph"], plugins: [wholeCompiler] }),
]);

if (process.argv.includes("--sizes"))
  for (const name of ["cli.js", "server.js", "worker.js", "client.cjs", "parser.cjs", "promql.cjs", "dockerfile.cjs", "compiler.cjs", "ts-morph.cjs"]) {
    const { size } = await stat(`dist/${name}`);
    console.log(`${name.padEnd(14)} ${(size / 1024).toFixed(0).padStart(6)} kB  ${(gzipSync(await readFile(`dist/${name}`)).length / 1024).toFixed(0).padStart(6)} kB gzip`);
  }
