// Lists the files of a workspace that can matter. Reads folders and .gitignore files, opens nothing else, follows no link out of the root.

import { existsSync, readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { languageOf } from "../engine/plan.ts";
import { reasonOf, unreadable } from "./failure.ts";
import { withGitignore, type IgnoreRules } from "./gitignore.ts";
import type { Problem } from "../engine/types.ts";

export interface EnumerateOptions {
  /** What pitlint.yaml ignores, asked for each file and, with a `/` at the end, for each folder. */
  ignore(path: string): boolean;
  /** Only these files and folders (relative to the root), whatever .gitignore says of them; manifests of the folders above them come too. */
  readonly paths?: readonly string[];
}

/** Paths are relative to the root, with `/`, sorted by code unit, each file once. */
export interface Enumerated {
  /** TypeScript, JavaScript, YAML and Dockerfiles, pitlint.yaml among them. */
  readonly files: readonly string[];
  /** package.json, lockfiles, tsconfig files, and .env where it stands beside a compose file. */
  readonly manifests: readonly string[];
  readonly problems: readonly Problem[];
}

interface Folder {
  /** "" or `a/b/`. */
  readonly path: string;
  readonly rules: IgnoreRules | undefined;
  /** False above the named paths. */
  readonly inside: boolean;
}

/** Walks the workspace. The git index is not asked: it knows no untracked file, so the folders have to be read anyway. */
export function enumerate(root: string, options: EnumerateOptions): Enumerated {
  const work = enumerating(root, options);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The same, one folder a step, for who has other things to do in between. */
export function* enumerating(root: string, options: EnumerateOptions): Generator<void, Enumerated> {
  const named = normalized(options.paths ?? []);
  const inside = named.length === 0;
  const asked = new Set(named);
  const above = new Set(named.flatMap((path) => [...path.matchAll(/\//g)].map((slash) => path.slice(0, slash.index))));
  const found = new Map<string, Sort>();
  const links: Link[] = [];
  const problems: Problem[] = [];
  const open: Folder[] = [{ path: "", rules: undefined, inside }];
  for (let folder = open.pop(); folder; folder = open.pop()) {
    const entries = list(root, folder.path, problems);
    const rules = rulesOf(root, folder, entries, problems);
    const ignored = (path: string) => !asked.has(path.replace(/\/$/, "")) && (rules?.ignores(path) || options.ignore(path));
    const compose = entries.some((entry) => entry.name === ".env") && entries.some((entry) => isCompose(entry.name));
    for (const entry of entries) {
      const { name } = entry;
      const path = folder.path + name;
      const within = folder.inside || asked.has(path);
      if (entry.isDirectory()) {
        if (name === "node_modules" || name === ".git" || !(within || above.has(path)) || (!above.has(path) && ignored(`${path}/`))) continue;
        if (isNamed(root, path, problems)) open.push({ path: `${path}/`, rules, inside: within });
        continue;
      }
      const sort = sortOf(name, compose);
      const link = entry.isSymbolicLink();
      if (!(sort || link) || !(within || sort === "manifest" || isConfig(name)) || ignored(path) || !isNamed(root, path, problems)) continue;
      if (link) links.push({ path, sort });
      else if (entry.isFile()) found.set(path, sort!);
      else problems.push({ kind: "unreadable", file: path, message: "is a pipe, socket or device; not analysed", incomplete: true });
    }
    yield;
  }
  followLinks(root, links, found, problems);
  for (const path of named) explainEmpty(root, path, found, problems);
  const paths = [...found.keys()].sort();
  return { files: paths.filter((path) => found.get(path) === "file"), manifests: paths.filter((path) => found.get(path) === "manifest"), problems: problems.sort((a, b) => compare(a.file, b.file)) };
}

type Sort = "file" | "manifest";

interface Link {
  readonly path: string;
  readonly sort: Sort | undefined;
}

function sortOf(name: string, beside: boolean): Sort | undefined {
  if (/^(package\.json|package-lock\.json|pnpm-lock\.yaml|yarn\.lock|tsconfig.*\.json)$/s.test(name) || (name === ".env" && beside)) return "manifest";
  if (languageOf(name) === "dockerfile" || name === "Kustomization") return "file";
  if (!/\.([cm]?[jt]s|[jt]sx|ya?ml)$/.test(name) || /\.d\.[cm]?ts$|\.min\.[cm]?js$/.test(name)) return undefined;
  return "file";
}

/** Named paths in the walk's spelling; none when the root itself is named. */
function normalized(paths: readonly string[]): readonly string[] {
  const all = paths.map((path) => path.split(/[\\/]/).filter((part) => part !== "" && part !== ".").join("/"));
  return all.includes("") ? [] : all;
}

const isCompose = (name: string) => /^(docker-)?compose[^/]*\.ya?ml$/.test(name);
const isConfig = (name: string) => /^pitlint\.ya?ml$/.test(name);

function list(root: string, folder: string, problems: Problem[]): readonly Dirent[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    problems.push(unreadable(folder === "" ? "." : folder.slice(0, -1), error));
    return [];
  }
}

function rulesOf(root: string, folder: Folder, entries: readonly Dirent[], problems: Problem[]): IgnoreRules | undefined {
  // Like git, only a regular file: a link may lead anywhere.
  if (!entries.some((entry) => entry.name === ".gitignore" && entry.isFile())) return folder.rules;
  const { rules, problem } = withGitignore(root, folder.path, folder.rules);
  if (problem) problems.push(problem);
  return rules;
}

/** False, with a problem, for a name whose bytes are no UTF-8: what Node shows of it opens nothing. */
function isNamed(root: string, path: string, problems: Problem[]): boolean {
  if (!path.includes("\uFFFD") || existsSync(join(root, path))) return true;
  problems.push({ kind: "unreadable", file: path, message: "has a name that is not UTF-8; not analysed", incomplete: true });
  return false;
}

/**
 * Takes links to files inside the root, each real file once and best under its own name. A link to a folder is not followed:
 * what it shows is outside, or is walked by itself.
 */
function followLinks(root: string, links: readonly Link[], found: Map<string, Sort>, problems: Problem[]): void {
  const taken = new Set(found.keys());
  for (const { path, sort } of [...links].sort((a, b) => compare(a.path, b.path))) {
    const isRules = isConfig(path.slice(path.lastIndexOf("/") + 1));
    // A configuration that is not read makes every answer doubtful; of any other file nobody knows that it matters.
    const note = (message: string) => void problems.push({ kind: isRules ? "config" : "unreadable", file: path, message: isRules ? `${message}; put the file itself here` : message, incomplete: false });
    try {
      const target = relative(realpathSync(root), realpathSync(join(root, path))).split(sep).join("/");
      if (target === ".." || target.startsWith("../") || isAbsolute(target)) note("is a link that leads out of the workspace; not followed");
      else if (sort && !taken.has(target) && statSync(join(root, target)).isFile()) {
        taken.add(target);
        found.set(path, sort);
      }
    } catch (error) {
      if (sort) note(`is a link that leads nowhere: ${reasonOf(error)}`);
    }
  }
}

function explainEmpty(root: string, path: string, found: ReadonlyMap<string, Sort>, problems: Problem[]): void {
  const covers = (other: string) => other === path || other.startsWith(`${path}/`);
  if ([...found.keys()].some(covers) || problems.some((one) => covers(one.file))) return;
  const exists = existsSync(join(root, path));
  problems.push({ kind: "unreadable", file: path, message: exists ? "holds nothing that pitlint reads, or is ignored" : "does not exist; not analysed", incomplete: !exists });
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
