// What tests in editors share: a copy of the example system, programs of the machine, the recorder and its reports, patience.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { accessSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "esbuild";

export const project = join(import.meta.dirname, "../..");

/** Longest wait for anything (ms): machines that run these tests are busy. */
export const patience = 180_000;

/** A fresh folder with a copy of the example system in `shop`. */
export function scene(name: string): { folder: string; shop: string } {
  const folder = mkdtempSync(join(tmpdir(), `pitlint-${name}-`));
  const shop = join(folder, "shop");
  cpSync(join(project, "examples/shop"), shop, { recursive: true });
  mkdirSync(join(folder, "home"));
  return { folder, shop };
}

/** The first of the programs that the machine has. */
export function program(debianPackage: string, ...names: readonly string[]): string {
  for (const name of names)
    for (const folder of (process.env["PATH"] ?? "").split(delimiter))
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // The next place may have it.
      }
  throw new Error(`this test needs ${names.join(" or ")}: apt-get install ${debianPackage}`);
}

/** Waits until something holds, and gives it. */
export async function until<T>(what: string, holds: () => T | Promise<T>, { longest = patience, every = 50 } = {}): Promise<NonNullable<T>> {
  const end = Date.now() + longest;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${longest / 1000} s for ${what}`);
    await wait(every);
  }
}

/** Writes the recorder as one file that any Node runs. */
export async function recorder(folder: string): Promise<string> {
  const outfile = join(folder, "recorder", "recorder.mjs");
  await build({ entryPoints: [join(import.meta.dirname, "recorder.ts")], bundle: true, platform: "node", format: "esm", target: "node20", outfile, logLevel: "warning", banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' } });
  cpSync(join(project, "test/server/protocol/lsp-messages.json"), join(folder, "recorder", "lsp-messages.json"));
  return outfile;
}

/** Programs in a home of their own. */
export const run = {
  /** Puts a `pitlint` on the path of a folder that records what it is asked, as the set-up in docs/editors.md expects one. */
  async pitlint(folder: string): Promise<{ records: string; path: string }> {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const line = [process.execPath, await recorder(folder), "--", process.execPath, join(project, "dist/cli.js")];
    writeFileSync(join(bin, "pitlint"), `#!/bin/sh\nexec ${line.map((one) => `'${one}'`).join(" ")} "$@"\n`, { mode: 0o755 });
    return { records: join(folder, "records"), path: `${bin}${delimiter}${process.env["PATH"]}` };
  },
  program(file: string, args: readonly string[], folder: string, env: Readonly<Record<string, string>>): Promise<{ code: number | null; output: string }> {
    const home = join(folder, "home");
    const child = spawn(file, args, { cwd: join(folder, "shop"), stdio: ["ignore", "pipe", "pipe"], env: { HOME: home, XDG_CONFIG_HOME: join(home, "config"), XDG_DATA_HOME: join(home, "data"), XDG_STATE_HOME: join(home, "state"), XDG_CACHE_HOME: join(home, "cache"), LC_ALL: "C.UTF-8", ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
    const timer = setTimeout(() => child.kill("SIGKILL"), patience);
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => (clearTimeout(timer), resolve({ code, output })));
    });
  },
};

/** Writes the set-up that docs/editors.md gives below a heading, and gives its file. */
export function documented(heading: string, folder: string): string {
  const section = readFileSync(join(project, "docs/editors.md"), "utf8").split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  const [, language, text] = /^```(lua|elisp)\n([^]*?)^```/m.exec(section ?? "") ?? [];
  if (!language || !text) throw new Error(`docs/editors.md has no set-up below "${heading}"`);
  const file = join(folder, `set-up.${language === "lua" ? "lua" : "el"}`);
  writeFileSync(file, text);
  return file;
}

/** Puts characters of every width before the timeout of the gateway, and gives the text. */
export function withRocket(shop: string): string {
  const file = join(shop, "gateway/src/server.ts");
  const text = readFileSync(file, "utf8").replace("server.requestTimeout = 45_000;", "/* 🚀é漢 */ server.requestTimeout = 45_000;");
  writeFileSync(file, text);
  return text;
}

export interface Report {
  readonly pid: number;
  readonly exit?: { readonly code: number | null };
  readonly counts: { readonly client: number; readonly server: number };
  readonly findings: readonly { readonly who: string; readonly rule: string; readonly detail: string }[];
  readonly methods: Readonly<Record<string, number>>;
}

/** Reports of all servers that ran, oldest first. */
export function reports(folder: string): Report[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(".json")).sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Report);
}

/** The server has broken no rule of the protocol. What the client did wrong is no business of ours. */
export function assertOrderly(folder: string): void {
  const all = reports(folder);
  assert.ok(all.length > 0 && all.some((one) => one.counts.client > 3), "the recorder was used");
  assert.deepEqual(all.flatMap((one) => one.findings.filter(({ who }) => who === "server")), []);
}
