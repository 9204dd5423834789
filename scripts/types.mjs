// Writes dist/types: declarations of what programs import, `pitlint` and `pitlint/eslint`, and of nothing that these do not reach.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

const entries = ["host/api", "host/eslint"];
const root = resolve(import.meta.dirname, "..");
const all = mkdtempSync(join(tmpdir(), "pitlint-types-"));
try {
  const config = join(all, "tsconfig.json");
  const options = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: all, rootDir: root, typeRoots: [join(root, "node_modules/@types")] };
  writeFileSync(config, JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions: options, include: [], files: entries.map((one) => join(root, `${one}.ts`)) }));
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], { stdio: "inherit" });
  rmSync(join(root, "dist/types"), { recursive: true, force: true });
  const reached = new Set(entries.map((one) => join(all, `${one}.d.ts`)));
  for (const file of reached) {
    const text = readFileSync(file, "utf8");
    for (const [, specifier] of text.matchAll(/(?:from|import\()\s*"(\.[^"]+)\.ts"/g)) reached.add(join(dirname(file), `${specifier}.d.ts`));
    cpSync(file, join(root, "dist/types", relative(all, file)), { recursive: true });
  }
} finally {
  rmSync(all, { recursive: true, force: true });
}
