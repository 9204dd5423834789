// From paths on the command line to an open workspace: finds the root, keeps only what was asked for, shows paths as the user writes them.

import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { openSession, type Session } from "../host/session.ts";
import { UsageError, type Arguments } from "./arguments.ts";
import { progress } from "./progress.ts";
import type { LintResult } from "../engine/types.ts";

export interface Opened {
  readonly session: Session;
  /** The session's result, narrowed to the paths that were given. */
  result(): LintResult;
  /** Workspace path to the path a user sees: relative to the working directory, with `/`. */
  display(path: string): string;
}

/** Longest time one file may take on the command line (ms). */
const watchdogMs = 20_000;

/** Opens the workspace of the given paths. The whole workspace is read, so that a finding in a path sees what stands elsewhere. */
export async function openAt(args: Arguments): Promise<Opened> {
  const targets = (args.rest.length ? args.rest : ["."]).map((path) => {
    const full = resolve(path);
    if (!existsSync(full)) throw new UsageError(`no such file or folder: ${path}`);
    return full;
  });
  const root = rootOf(targets);
  const meter = progress(process.stderr);
  const session = await openSession({
    root, watchdogMs, cache: args.cache, prefilter: args.prefilter, onProgress: meter.update,
    ...(args.only ? { only: args.only } : {}), ...(args.profile ? { profile: args.profile } : {}),
  });
  meter.end();
  const inside = targets.map((path) => relative(root, path).split(sep).join("/"));
  const asked = (path: string) => inside.some((one) => one === "" || path === one || path.startsWith(`${one}/`));
  return {
    session,
    display: (path) => relative(process.cwd(), join(root, path)).split(sep).join("/"),
    result() {
      const { result } = session;
      if (inside.includes("")) return result;
      const problems = result.problems.filter((one) => one.file === "" || asked(one.file));
      return { ...result, diagnostics: result.diagnostics.filter((one) => asked(one.at.file)), problems, complete: !problems.some((one) => one.incomplete) };
    },
  };
}

/** The nearest folder above all targets that holds a pitlint.yaml or a git repository; else the deepest folder that holds them all. */
function rootOf(targets: readonly string[]): string {
  const folders = targets.map((path) => (statSync(path).isDirectory() ? path : dirname(path)));
  let common = folders[0]!;
  while (!folders.every((one) => one === common || one.startsWith(common.endsWith(sep) ? common : common + sep))) common = dirname(common);
  for (let at = common; ; at = dirname(at)) {
    if (existsSync(join(at, "pitlint.yaml")) || existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return common;
  }
}
