// The baseline file of a workspace: finds and reads it. Writes nothing.

import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { entriesIn } from "../engine/baseline.ts";
import { decode, isProblem, readBytes } from "./read.ts";
import type { Baseline, Problem } from "../engine/types.ts";

export const baselineName = "pitlint-baseline.json";

export interface BaselineFile {
  /** Absolute. */
  readonly path: string;
  /** Relative to the root, with `/`; begins with `..` above it. */
  readonly file: string;
  readonly text: string;
  readonly baseline?: Baseline;
  /** Why there is none, although there is a file, or one was asked for. */
  readonly problem?: Problem;
}

/** Largest baseline that is read (bytes): some 200 000 entries. */
const cap = 32 * 1024 * 1024;

/** Reads a baseline: the one at an absolute path, else that of the root, else that of a folder above it in the same repository. */
export async function openBaseline(root: string, named?: string): Promise<BaselineFile | undefined> {
  const path = named ?? above(root);
  if (path === undefined) return undefined;
  const file = relative(root, path).split(sep).join("/");
  const read = readBytes(path, file, cap);
  if (isProblem(read)) return { path, file, text: "", problem: { kind: "config", file, message: `the baseline ${read.message.replace("is gone", "is not there").replace("; not analysed", "")}; pitlint baseline writes one`, incomplete: false } };
  const { text } = decode({ path: file, latin1: read.bytes.toString("latin1") });
  // What pitlint wrote needs no parser.
  const entries = entriesIn(text) ?? (await import("../engine/read-baseline.ts")).readBaseline(file, text);
  // In a folder above the root there are entries of other files.
  return { path, file, text, ...("kind" in entries ? { problem: entries } : { baseline: { entries, whole: dirname(path) === root || named !== undefined } }) };
}

function above(root: string): string | undefined {
  const folders = [root];
  while (!existsSync(join(folders.at(-1)!, ".git"))) {
    const next = dirname(folders.at(-1)!);
    // Without a repository nobody knows how far the project reaches.
    if (next === folders.at(-1)) return existsSync(join(root, baselineName)) ? join(root, baselineName) : undefined;
    folders.push(next);
  }
  return folders.map((one) => join(one, baselineName)).find((one) => existsSync(one));
}
