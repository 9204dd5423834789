// From paths on the command line to an open workspace: finds the root, keeps only what was asked for, shows paths as the user writes them.

import { readdirSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { nearest } from "../engine/nearest.ts";
import { openBaseline } from "../host/baseline.ts";
import { reasonOf } from "../host/failure.ts";
import { lineStarts, position } from "../host/lines.ts";
import { openSession, type Session, type SessionOptions } from "../host/session.ts";
import { commands, UsageError, type Arguments } from "./arguments.ts";
import { changesOf } from "./changes.ts";
import { progress } from "./progress.ts";
import { rootOf } from "./root.ts";
import type { Diagnostic, LintResult, Problem } from "../engine/types.ts";

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
export const watchdogMs = 20_000;

/** Opens the workspace of the given paths. The whole workspace is read, so that a finding in a path sees what stands elsewhere. */
export async function openAt(args: Arguments, joined?: { readonly root: string; readonly adopt: SessionOptions["adopt"] }): Promise<Opened> {
  const targets = joined ? [joined.root] : (args.rest.length ? args.rest : ["."]).map(realPath);
  const root = joined?.root ?? rootOf(targets);
  const baseline = await baselineOf(args, root);
  const changes = changesOf(args, root);
  const meter = progress(process.stderr);
  const session = await openSession({
    root, watchdogMs, cache: args.cache, prefilter: args.prefilter, onProgress: meter.update, ...(baseline === undefined ? {} : { baseline }), ...(changes?.snapshot ? { snapshot: changes.snapshot } : {}),
    ...(args.only ? { only: args.only } : {}), ...(joined?.adopt ? { adopt: joined.adopt, cache: false } : {}), ...(args.profile ? { profile: args.profile } : {}),
  });
  meter.end();
  const inside = targets.map((path) => relative(root, path).split(sep).join("/"));
  const within = (path: string, target: string) => target === "" || path === target || path.startsWith(`${target}/`);
  const asked = (path: string) => inside.some((one) => within(path, one));
  return {
    session,
    asked,
    display: (path) => shown(root, path),
    result() {
      const result = changes ? changes.narrow(session.result, (path) => session.text(path)) : session.result;
      if (inside.includes("")) return result;
      // Configuration governs every path, and the cache, whose path is absolute, belongs to all.
      const problems = [...result.problems.filter((one) => one.kind === "config" || one.file === "." || isAbsolute(one.file) || asked(one.file)), ...empty(result)];
      const here = <T extends Diagnostic>(list: readonly T[]) => list.filter((one) => asked(one.at.file));
      const [suppressed, baselined] = [here(result.suppressed), here(result.baselined)];
      return { ...result, diagnostics: here(result.diagnostics), suppressed, baselined, problems, complete: !problems.some((one) => one.incomplete), summary: { ...result.summary, suppressed: suppressed.length, baselined: baselined.length } };
    },
  };

  /** A path that was asked for and holds nothing must not look clean. */
  function empty({ problems }: LintResult): Problem[] {
    return inside
      .filter((target) => ![...session.paths].some((path) => within(path, target)) && !problems.some((one) => within(one.file, target)))
      .map((file) => ({ kind: "unreadable", file, message: "holds nothing that pitlint reads, or is ignored", incomplete: false }));
  }
}

export function shown(root: string, path: string): string {
  return relative(process.cwd(), resolve(root, path)).split(sep).join("/") || ".";
}

/** The baseline that a session shall read. One that is broken ends the run at once: everything it accepts would be reported. */
async function baselineOf({ ignoreBaseline, baseline }: Arguments, root: string): Promise<string | false | undefined> {
  if (ignoreBaseline) return false;
  const named = baseline === undefined ? undefined : resolve(baseline);
  const { problem, text } = (await openBaseline(root, named)) ?? {};
  if (!problem) return named;
  const start = problem.at && position(lineStarts(text!), problem.at.start);
  throw new UsageError(`${shown(root, problem.file)}${start ? `:${start.line}:${start.column}` : ""}: ${problem.message}`);
}

/** A path as given to one without links, so that it is the one under which the walk finds it. */
export function realPath(path: string): string {
  try {
    return realpathSync(resolve(path));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === "uv_cwd") throw new UsageError("the working directory is gone; change to one that exists");
    if (code !== "ENOENT") throw new UsageError(`cannot open ${path}: ${reasonOf(error)}`);
    throw new UsageError(`no such file or folder: ${path}${meant(path)}`);
  }
}

/** A command that is misspelt, or a file or folder beside where the path leads. */
function meant(path: string): string {
  const command = /[./\\]/.test(path) || commands.includes(path) ? undefined : nearest(path, commands);
  if (command !== undefined) return `; did you mean pitlint ${command}?`;
  const folder = dirname(path);
  let beside: readonly string[] = [];
  try {
    beside = readdirSync(resolve(folder));
  } catch {
    // A folder above is missing too: nothing near by to offer.
  }
  const name = nearest(basename(path), beside.filter((one) => !one.startsWith(".")));
  return name === undefined ? "" : `; did you mean ${folder === "." ? name : `${folder}/${name}`}?`;
}
