// Runs the built command line as users do: a process of its own, real files, and nothing of this machine's cache or terminal.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { text } from "node:stream/consumers";

export const cli = join(import.meta.dirname, "../../dist/cli.js");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The built file to run; the one in dist by default. */
  readonly entry?: string;
}

const home = mkdtempSync(join(tmpdir(), "pitlint-home-"));
after(() => rmSync(home, { recursive: true, force: true }));

/** Starts the command line. Colour and cache are as a test wants them, whatever terminal the tests run in. */
export function start(cwd: string, args: readonly string[], { env = {}, entry = cli }: RunOptions = {}): ChildProcess {
  const { FORCE_COLOR: _, NO_COLOR: __, ...rest } = process.env;
  return spawn(process.execPath, [entry, ...args], { cwd, env: { ...rest, HOME: home, XDG_CACHE_HOME: join(home, "cache"), ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs it to its end. */
export async function pitlint(cwd: string, args: readonly string[] = [], options?: RunOptions): Promise<Ran> {
  const child = start(cwd, args, options);
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout!), text(child.stderr!), ended]);
  return { code, stdout, stderr };
}

/** The JSON report of a run. */
export async function report(cwd: string, args: readonly string[] = [], options?: RunOptions): Promise<Ran & { readonly json: Output }> {
  const ran = await pitlint(cwd, ["--format", "json", ...args], options);
  return { ...ran, json: JSON.parse(ran.stdout) as Output };
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Range {
  readonly start: Place;
  readonly end: Place;
}

/** docs/output.schema.json says the same. */
export interface Output {
  readonly complete: boolean;
  readonly summary: Readonly<Record<string, number>>;
  readonly diagnostics: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
    readonly file: string;
    readonly range: Range;
    readonly related: readonly { readonly file: string; readonly range: Range }[];
    readonly fixes: readonly { readonly title: string; readonly safe: boolean; readonly lazy?: true; readonly edits?: readonly { readonly file: string; readonly range: Range; readonly text: string }[] }[];
    readonly fingerprint: string;
  }[];
  /** With --report-suppressed. */
  readonly suppressed?: readonly { readonly rule: string; readonly suppression: { readonly form: string; readonly reason: string; readonly owner?: string; readonly until?: string; readonly file: string; readonly range: Range } }[];
  readonly problems: readonly { readonly kind: string; readonly file: string; readonly range?: Range; readonly message: string }[];
}

/** One call without a timeout: a warning with a fix that a person should review. */
export const warned = 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/");\n';
/** The same after its fix. */
export const mended = 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/", { timeout: 5_000 });\n';
/** Nothing to find. */
export const clean = "export const answer = 42;\n";
/** Keeps the TypeScript parser busy for minutes: it is exponential on this. */
export const hanging = `import axios from "axios";\n${"async(".repeat(26)}${")".repeat(26)};\n`;
