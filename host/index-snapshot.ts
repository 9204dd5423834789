// What the git index holds, where the work tree holds something else: the next commit as it would be. Reads the repository, changes nothing.

import { isManifest } from "../engine/analyse.ts";
import { languageOf } from "../engine/plan.ts";
import { GitRefusal, repositoryOf, utf8 } from "./git.ts";
import { isProblem, textOf } from "./read.ts";
import type { Problem } from "../engine/types.ts";

export interface Snapshot {
  /** The file is part of it. */
  has(path: string): boolean;
  /** Texts that are not those on disk. */
  readonly texts: ReadonlyMap<string, string>;
  /** What cannot be read as text. */
  readonly problems: readonly Problem[];
}

/** Reads the index: all files that git tracks, with their staged content. Of a partially staged file only the staged part counts. Throws a GitRefusal. */
export function indexSnapshot(root: string): Snapshot {
  const repository = repositoryOf(root, "--staged");
  const listed = fields(repository.run(["ls-files", "--stage", "-z"]));
  const blobs = new Map<string, string>();
  for (const entry of listed) {
    const [, mode, id, stage, name] = /^(\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(entry)!;
    if (stage !== "0") throw new GitRefusal(`--staged: ${utf8(name!)} has conflicts; resolve and add it first`);
    if (mode!.startsWith("100")) blobs.set(utf8(name!), id!);
  }
  const differing = fields(repository.run(["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--relative"])).map(utf8);
  const wanted = differing.filter((path) => blobs.has(path) && (languageOf(path) !== undefined || isManifest(path)) && !/(^|\/)node_modules\//.test(path) && !/\.d\.[cm]?ts$/.test(path));
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  // `--relative` names are below the root, as those of ls-files are.
  const contents = wanted.length ? repository.run(["cat-file", "--batch"], `${wanted.map((path) => blobs.get(path)).join("\n")}\n`) : "";
  for (let at = 0, index = 0; index < wanted.length; index++) {
    const end = contents.indexOf("\n", at);
    const [, sort, length] = contents.slice(at, end).split(" ");
    if (sort !== "blob") throw new GitRefusal(`--staged: git does not have the content of ${wanted[index]!}; fetch it first, with git checkout`);
    const size = Number(length);
    const read = textOf(wanted[index]!, contents.slice(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
    if (isProblem(read)) problems.push(read);
    else texts.set(wanted[index]!, read.text);
    if (!isProblem(read) && read.problem) problems.push(read.problem);
  }
  return { has: (path) => blobs.has(path), texts, problems };
}

const fields = (output: string) => output.split("\0").filter(Boolean);
