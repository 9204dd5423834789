// The .gitignore files of a workspace: one set of rules for each folder that has one. Reads no other file.

import ignore from "ignore";
import { join } from "node:path";
import { isProblem, readBytes } from "./read.ts";
import type { Problem } from "../engine/types.ts";

/** Rules that hold in a folder and below. Paths are relative to the root; a folder's path ends with `/`. */
export interface IgnoreRules {
  ignores(path: string): boolean;
}

/** Largest .gitignore that is read (bytes): each line costs time for every file. */
const cap = 64 * 1024;

/** The rules of the .gitignore in a folder ("" or `a/b/`) on top of those from above; a problem for what of it cannot be used. */
export function withGitignore(root: string, folder: string, above: IgnoreRules | undefined): { readonly rules: IgnoreRules | undefined; readonly problem?: Problem } {
  const path = `${folder}.gitignore`;
  const read = readBytes(join(root, path), path, cap);
  // Without a rule more is analysed than wanted: nothing is missing.
  if (isProblem(read)) return { rules: above, problem: { ...read, message: read.message.replace("not analysed", "what it names is analysed"), incomplete: false } };
  // Upper and lower case differ on every system, so that every system sees the same files.
  const rules = ignore({ ignorecase: false });
  if (above) rules.add(above as ignore.Ignore);
  const lines = read.bytes.toString("utf8").replace(/^\uFEFF/, "").split(/\r?\n/);
  rules.add(lines.filter((line) => !isCostly(line)).flatMap((line) => fromRoot(line, folder)).map((pattern) => ({ pattern })));
  const costly = lines.findIndex(isCostly);
  return costly < 0 ? { rules } : { rules, problem: { kind: "too-big", file: path, message: `line ${costly + 1} has more than two "**/", which takes too long in deep folders; what it names is analysed`, incomplete: false } };
}

/** Each further one multiplies the time for a path by its depth: four of them take minutes for one path. */
const isCostly = (line: string) => (line.match(/(?<!\*)\*\*+\//g) ?? []).length > 2 && !line.startsWith("#");

/** A pattern of a folder's .gitignore as the root's would spell it. One set of rules then knows the order of all. */
function fromRoot(line: string, folder: string): readonly string[] {
  if (line.trim() === "" || line.startsWith("#")) return [];
  if (folder === "") return [line];
  const negative = line.startsWith("!");
  const pattern = negative ? line.slice(1) : line;
  const anchored = /\/(?!\s*$)/.test(pattern);
  const literal = folder.replace(/[\\*?[\]!# ]/g, "\\$&");
  return [`${negative ? "!" : ""}/${literal}${anchored ? pattern.replace(/^\//, "") : `**/${pattern}`}`];
}
