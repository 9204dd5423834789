// Git as a child process: the only one there is, started only where --since or --staged ask for it. Reads; writes nothing, not even the index.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { reasonOf } from "./failure.ts";

/** What git cannot tell, in words for the user: what is wrong and what to do. */
export class GitRefusal extends Error {}

export interface Repository {
  /** Path of the root below the top of the work tree: "" or `a/b/`. */
  readonly prefix: string;
  /** History is cut off somewhere. */
  readonly shallow: boolean;
  /** Output of a command that must succeed. One character for each byte. */
  run(args: readonly string[], input?: string): string;
  /** Output of a command whose failure is an answer: undefined. */
  ask(args: readonly string[]): string | undefined;
}

/** The repository that a folder lies in. `flag` is the option that needs it. Throws a GitRefusal. */
export function repositoryOf(root: string, flag: string): Repository {
  const call = (args: readonly string[], input?: string) => {
    // Programs that a repository may name are not started, and nothing is fetched.
    const { status, stdout, stderr, error } = spawnSync("git", ["--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", ...args], { cwd: root, env: environment(), input: input ?? "", encoding: "latin1", maxBuffer: 1 << 30 });
    if (error) throw new GitRefusal((error as NodeJS.ErrnoException).code === "ENOENT" ? `${flag} needs git, and there is none on the PATH` : `git cannot be run: ${reasonOf(error)}`);
    return { ok: status === 0, stdout, said: stderr.trim().split("\n")[0]!.replace(/^(fatal|error): /, "") };
  };
  const about = call(["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix"]);
  const [inside, shallow, prefix = ""] = about.stdout.split("\n");
  if (!about.ok) throw new GitRefusal(/not a git repository/.test(about.said) ? `${flag} needs a git repository, and ${root} lies in none` : `${flag}: git says: ${about.said}`);
  if (inside !== "true") throw new GitRefusal(`${flag} needs a work tree, and ${root} lies in the repository itself`);
  return {
    prefix: utf8(prefix), shallow: shallow === "true",
    run(args, input) {
      const { ok, stdout, said } = call(args, input);
      if (!ok) throw new GitRefusal(`${flag}: git ${args[0]} failed: ${said}`);
      return stdout;
    },
    ask(args) {
      const { ok, stdout } = call(args);
      return ok ? stdout.trim() : undefined;
    },
  };
}

/** Bytes that were read as one character each, as the text they are. */
export function utf8(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}

/** A hook's variables stay: they name the index of the commit that is being made. */
function environment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, ...rest } = process.env;
  return { ...rest, LC_ALL: "C", GIT_NO_LAZY_FETCH: "1", GIT_TERMINAL_PROMPT: "0", ...(GIT_DIR ? { GIT_DIR: resolve(GIT_DIR) } : {}), ...(GIT_WORK_TREE ? { GIT_WORK_TREE: resolve(GIT_WORK_TREE) } : {}) };
}
