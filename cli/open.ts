// From paths on the command line to an open workspace: finds the root, keeps only what was asked for, shows paths as the user writes them.

import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { nearest } from "../engine/nearest.ts";
import { reasonOf } from "../host/failure.ts";
import { openSession, type Session } from "../host/session.ts";
import { commands, UsageError, type Arguments } from "./arguments.ts";
import { progress } from "./progress.ts";
import type { LintResult, Problem } from "../engine/types.ts";

export interface Opened {
  readonly session: Session;
  /** The session's result, narrowed to the paths that were given. */
  result(): LintResult;
  /** True for a workspace path that lies in the paths that were given. */
  asked(path: string): boolean;
  /** Workspace path to the path a user sees: relative to the working directory, with `/`. */
  display(path: string): string;
}

/** Longest time one file may take on the command line (ms). */
const watchdogMs = 20_000;

/** Opens the workspace of the given paths. The whole workspace is read, so that a finding in a path sees what stands elsewhere. */
export async function openAt(args: Arguments): Promise<Opened> {
  const targets = (args.rest.length ? args.rest : ["."]).map(realPath);
  const root = rootOf(targets);
  const meter = progress(process.stderr);
  const session = await openSession({
    root, watchdogMs, cache: args.cache, prefilter: args.prefilter, onProgress: meter.update,
    ...(args.only ? { only: args.only } : {}), ...(args.profile ? { profile: args.profile } : {}),
  });
  meter.end();
  const inside = targets.map((path) => relative(root, path).split(sep).join("/"));
  const within = (path: string, target: string) => target === "" || path === target || path.startsWith(`${target}/`);
  const asked = (path: string) => inside.some((one) => within(path, one));
  return {
    session,
    asked,
    display: (path) => relative(process.cwd(), resolve(root, path)).split(sep).join("/") || ".",
    result() {
      const { result } = session;
      if (inside.includes("")) return result;
      // Configuration governs every path, and the cache, whose path is absolute, belongs to all.
      const problems = [...result.problems.filter((one) => one.kind === "config" || one.file === "." || isAbsolute(one.file) || asked(one.file)), ...empty(result)];
      return { ...result, diagnostics: result.diagnostics.filter((one) => asked(one.at.file)), suppressed: result.suppressed.filter((one) => asked(one.at.file)), problems, complete: !problems.some((one) => one.incomplete) };
    },
  };

  /** A path that was asked for and holds nothing must not look clean. */
  function empty({ problems }: LintResult): Problem[] {
    return inside
      .filter((target) => ![...session.paths].some((path) => within(path, target)) && !problems.some((one) => within(one.file, target)))
      .map((file) => ({ kind: "unreadable", file, message: "holds nothing that pitlint reads, or is ignored", incomplete: false }));
  }
}

/** A path as given to one without links, so that it is the one under which the walk finds it. */
function realPath(path: string): string {
  try {
    return realpathSync(resolve(path));
  } catch (error) {
    const near = /[./\\]/.test(path) ? undefined : nearest(path, commands);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === "uv_cwd") throw new UsageError("the working directory is gone; change to one that exists");
    if (code !== "ENOENT") throw new UsageError(`cannot open ${path}: ${reasonOf(error)}`);
    throw new UsageError(`no such file or folder: ${path}${near ? `; did you mean pitlint ${near}?` : ""}`);
  }
}

/** The nearest folder above all targets that holds a pitlint.yaml or a git repository; else the deepest folder that holds them all. */
function rootOf(targets: readonly string[]): string {
  const folders = targets.map((path) => (statSync(path).isDirectory() ? path : dirname(path)));
  let common = folders[0]!;
  while (!folders.every((one) => one === common || one.startsWith(common.endsWith(sep) ? common : common + sep))) common = dirname(common);
  for (let at = common; ; at = dirname(at)) {
    if (["pitlint.yaml", "pitlint.yml", ".git"].some((name) => existsSync(join(at, name)))) return at;
    if (dirname(at) === at) return common;
  }
}
