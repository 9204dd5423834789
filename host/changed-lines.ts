// Which lines have changed, as git tells: since a commit, or in the index. Reads the repository, changes nothing.

import { GitRefusal, repositoryOf, utf8, type Repository } from "./git.ts";

/** Lines from 1, both ends included; lines end with \n alone, as git counts them. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Changed lines by workspace path; "all" for a file that git does not know yet. A file that was only renamed has none. */
export type ChangedLines = ReadonlyMap<string, readonly LineRange[] | "all">;

const patch = ["diff", "--patch", "--text", "--unified=0", "--inter-hunk-context=0", "--find-renames", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/"];

/** Lines of the work tree that have changed since its branch left a commit, files that git does not know yet among them. Throws a GitRefusal. */
export function changedSince(root: string, ref: string): ChangedLines {
  const repository = repositoryOf(root, "--since");
  const base = baseOf(repository, ref);
  const changed = readPatch(repository.run([...patch, base, "--"]), repository.prefix);
  for (const name of repository.run(["ls-files", "--others", "--exclude-standard", "--full-name", "-z"]).split("\0").filter(Boolean)) changed.set(below(utf8(name), repository.prefix), "all");
  return changed;
}

/** Lines of the index that differ from the last commit. Throws a GitRefusal. */
export function changedInIndex(root: string): ChangedLines {
  const repository = repositoryOf(root, "--staged");
  return readPatch(repository.run([...patch, "--cached", "--"]), repository.prefix);
}

/** Where the branch left the commit: what others did there since is not ours. */
function baseOf(repository: Repository, ref: string): string {
  const commit = (name: string) => repository.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
  const fetch = "fetch its history first: git fetch --unshallow, or fetch-depth: 0 in GitHub Actions, GIT_DEPTH: 0 in GitLab";
  const found = ref === "" ? undefined : commit(ref);
  if (!found) {
    if (ref !== "" && commit(`origin/${ref}`)) throw new GitRefusal(`--since: "${ref}" names no commit; did you mean origin/${ref}?`);
    if (repository.shallow) throw new GitRefusal(`--since: this clone is shallow and does not hold "${ref}"; ${fetch}`);
    throw new GitRefusal(`--since: "${ref}" names no commit; expected a branch, a tag or a commit, such as origin/main`);
  }
  if (!commit("HEAD")) throw new GitRefusal("--since: the repository has no commit yet");
  const base = repository.ask(["merge-base", found, "HEAD"]);
  if (base) return base;
  throw new GitRefusal(repository.shallow ? `--since: this clone is shallow and does not hold where the branch left "${ref}"; ${fetch}` : `--since: "${ref}" and the branch have no commit in common`);
}

/** Reads a patch without context lines. Of removed lines the two around the gap count: the finding stands where something is missing. */
export function readPatch(text: string, prefix = ""): Map<string, readonly LineRange[] | "all"> {
  const changed = new Map<string, LineRange[]>();
  let lines: LineRange[] = [];
  /** Lines of the hunk that are still to come: what they say is no header, whatever it looks like. */
  let left = 0;
  for (const line of text.split("\n")) {
    if (left > 0) {
      if (line[0] === "+" || line[0] === "-") left--;
      continue;
    }
    if (line.startsWith("+++ ")) {
      lines = [];
      const name = nameOf(line.slice(4));
      if (name !== undefined) changed.set(below(name, prefix), lines);
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) continue;
    const [removed, start, added] = [Number(hunk[1] ?? 1), Number(hunk[2]), Number(hunk[3] ?? 1)];
    left = removed + added;
    lines.push(added === 0 ? { from: start, to: start + 1 } : { from: start, to: start + added - 1 });
  }
  return changed;
}

const escapes: Readonly<Record<string, string>> = { a: "\x07", b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" };

/** The path of a header line; undefined for a file that is gone. Names with strange characters stand in quotes, names with blanks end with a tab. */
function nameOf(header: string): string | undefined {
  const quoted = /^"(.*)"\t?$/s.exec(header)?.[1];
  const name = quoted?.replace(/\\([0-7]{3}|.)/g, (_, said: string) => (said.length === 3 ? String.fromCharCode(parseInt(said, 8)) : (escapes[said] ?? said))) ?? header.replace(/\t$/, "");
  return name === "/dev/null" ? undefined : utf8(name.slice("b/".length));
}

/** Path below the root; files beside it begin with `/`, which no path of the workspace does. */
function below(path: string, prefix: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length) : `/${path}`;
}
