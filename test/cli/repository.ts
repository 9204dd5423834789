// A real git repository for one test, whatever the machine's own git settings say.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { folderWith } from "../host/folder.ts";

export interface Repository {
  readonly root: string;
  git(...args: readonly string[]): string;
  /** Writes files; undefined removes one. */
  write(files: Readonly<Record<string, string | undefined>>): void;
  /** Writes files and commits everything. */
  commit(files?: Readonly<Record<string, string | undefined>>): void;
}

export function repositoryWith(test: TestContext, files: Readonly<Record<string, string>>): Repository {
  const root = folderWith(test);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@example.org", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.org" };
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: root, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const write: Repository["write"] = (changes) => {
    for (const [path, text] of Object.entries(changes)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (text === undefined) rmSync(join(root, path));
      else writeFileSync(join(root, path), text);
    }
  };
  const commit: Repository["commit"] = (changes = {}) => {
    write(changes);
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", "change");
  };
  git("init", "--quiet", "--initial-branch", "main");
  commit(files);
  return { root, git, write, commit };
}
