// Writes fixes to disk: all files of a fix or none, each swapped whole. Never writes outside the root, nor over what changed since it was read.

import { accessSync, constants, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { reasonOf } from "./failure.ts";
import { createReader, decode, isProblem } from "./read.ts";
import { sweepTemps, writeTemp, type Access } from "./temp-file.ts";
import { uninterrupted } from "./uninterrupted.ts";
import type { FileEdit, Problem } from "../engine/types.ts";

export interface Applied {
  /** Files whose content is new, sorted. */
  readonly written: readonly string[];
  /** One for each file that is not as the edits want it, with the reason. */
  readonly refused: readonly Problem[];
}

interface Change {
  readonly file: string;
  /** Absolute path without links. */
  readonly target: string;
  readonly before: Buffer;
  readonly after: Buffer;
  readonly access: Access;
}

/**
 * Applies edits that belong together. `read` gives the text that the edits are offsets in, as `decode` gave it. When one file cannot be
 * written, none is; should a disk fail in the middle and refuse to take the old content back, `written` and `refused` say which is which.
 */
export function applyEdits(root: string, edits: readonly FileEdit[], read: (file: string) => string | undefined): Promise<Applied> {
  return uninterrupted(() => {
    const prepared = edits.map((edit) => prepare(root, edit, read(edit.file)));
    const problems = prepared.filter(isProblem);
    const changes = prepared.filter((one): one is Change => !isProblem(one));
    const twice = changes.find(({ target }, index) => changes.findIndex((other) => other.target === target) !== index);
    if (twice) problems.push(refusal(twice.file, "is edited under two names at once"));
    if (problems.length > 0) return { written: [], refused: [...problems, ...bystanders(changes, problems)] };
    return commit(changes.filter(({ before, after }) => !before.equals(after)));
  });
}

function prepare(root: string, { file, edits }: FileEdit, known: string | undefined): Change | Problem {
  if (known === undefined) return refusal(file, "was not read before");
  const raw = createReader(root)(file);
  if (isProblem(raw)) return refusal(file, raw.message.replace("; not analysed", ""));
  const { text, bom, lossless } = decode(raw);
  if (!lossless) return refusal(file, "holds bytes that are not UTF-8");
  if (text !== known) return refusal(file, "changed since it was read");
  try {
    const target = realpathSync(join(root, file));
    const inside = relative(realpathSync(root), target);
    if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return refusal(file, "leads out of the workspace");
    const { mode, uid, gid } = statSync(target);
    // A rename would replace a read-only file all the same, and root may write to any.
    if ((mode & 0o222) === 0) return refusal(file, "is read-only");
    accessSync(target, constants.W_OK);
    return { file, target, before: Buffer.from(raw.latin1, "latin1"), after: Buffer.from((bom ? "\uFEFF" : "") + spliced(text, edits), "utf8"), access: { mode, uid, gid } };
  } catch (error) {
    return refusal(file, `cannot be written: ${reasonOf(error)}`);
  }
}

/** Applies sorted edits that do not overlap. */
function spliced(text: string, edits: FileEdit["edits"]): string {
  let result = "";
  let end = 0;
  for (const { at, text: insert } of edits) {
    if (at.start < end || at.end < at.start || at.end > text.length) throw new Error(`edit ${at.start}-${at.end} overlaps another or lies outside`);
    result += text.slice(end, at.start) + insert;
    end = at.end;
  }
  return result + text.slice(end);
}

/** Writes every new content beside its file first: what can fail has then failed before the first file is swapped. */
function commit(changes: readonly Change[]): Applied {
  for (const folder of new Set(changes.map(({ target }) => dirname(target)))) sweepTemps(folder);
  const temps: string[] = [];
  let swapped = 0;
  try {
    for (const { target, after, access } of changes) temps.push(writeTemp(dirname(target), after, access));
    for (; swapped < changes.length; swapped++) renameSync(temps[swapped]!, changes[swapped]!.target);
    return { written: changes.map(({ file }) => file).sort(), refused: [] };
  } catch (error) {
    const failed = changes[temps.length < changes.length ? temps.length : swapped]!;
    for (const temp of temps.slice(swapped)) rmSync(temp, { force: true });
    const stuck = changes.slice(0, swapped).flatMap((change) => restore(change) ?? []);
    const problems = [refusal(failed.file, `cannot be written: ${reasonOf(error)}`), ...stuck];
    return { written: stuck.map(({ file }) => file).sort(), refused: [...problems, ...bystanders(changes, problems)] };
  }
}

/** Puts the old content back; a problem when that fails too. */
function restore({ file, target, before, access }: Change): Problem | undefined {
  let temp: string | undefined;
  try {
    temp = writeTemp(dirname(target), before, access);
    renameSync(temp, target);
    return undefined;
  } catch (error) {
    if (temp) rmSync(temp, { force: true });
    return { kind: "unwritable", file, message: `was changed, although its fix failed elsewhere, and cannot be put back: ${reasonOf(error)}`, incomplete: true };
  }
}

function bystanders(changes: readonly Change[], problems: readonly Problem[]): readonly Problem[] {
  const named = new Set(problems.map(({ file }) => file));
  return changes.filter(({ file }) => !named.has(file)).map(({ file }) => refusal(file, `is part of a fix that failed in ${problems[0]!.file}`));
}

function refusal(file: string, why: string): Problem {
  return { kind: "unwritable", file, message: `${why}; not changed`, incomplete: true };
}
