// Versions of packages, from lockfiles, else from package.json. A lockfile is read when somebody asks, and never as a whole tree. Touches no disk.

import { folder, within } from "./resolve.ts";
import { packageFinder, type Package } from "./workspace.ts";

/** Version of a package for a file: the locked one, else the lowest that package.json allows; undefined when neither tells. */
export type Versions = (file: string, pkg: string) => string | undefined;

/** What is asked of a lockfile: the version for the package in a folder below it, which declares this range. */
type Lock = (inner: string, pkg: string, range: string | undefined) => string | undefined;

const readers: readonly (readonly [RegExp, (text: string) => Lock])[] = [
  [/(^|\/)package-lock\.json$/, npm],
  [/(^|\/)pnpm-lock\.yaml$/, pnpm],
  [/(^|\/)yarn\.lock$/, yarn],
];

/** Reads package-lock.json (v2, v3), pnpm-lock.yaml (v6 to v9) and yarn.lock (classic and berry). Lockfiles of one folder that disagree tell nothing. */
export function versions(manifests: ReadonlyMap<string, string>, packages: readonly Package[]): Versions {
  const packageOf = packageFinder(packages);
  const locks = new Map<string, Lock[]>();
  for (const [path, text] of manifests) {
    const reader = readers.find(([name]) => name.test(path))?.[1];
    if (!reader) continue;
    let lock: Lock | undefined;
    const beside = locks.get(folder(path)) ?? [];
    locks.set(folder(path), beside);
    beside.push((...asked) => (lock ??= reader(text))(...asked));
  }
  const answers = new Map<string, string | undefined>();
  return (file, pkg) => {
    const home = packageOf(file);
    const key = `${home.folder}\0${folder(file)}\0${pkg}`;
    if (!answers.has(key)) answers.set(key, find(file, home, pkg));
    return answers.get(key);
  };

  function find(file: string, home: Package, pkg: string): string | undefined {
    const range = Object.hasOwn(home.dependencies, pkg) ? home.dependencies[pkg] : undefined;
    for (let place = folder(file); ; place = folder(place)) {
      const inner = within(home.folder, place) ? home.folder.slice(place ? place.length + 1 : 0) : "";
      const found = new Set((locks.get(place) ?? []).map((lock) => lock(inner, pkg, range)).filter((version) => version !== undefined));
      if (found.size > 0) return found.size === 1 ? [...found][0] : undefined;
      if (place === "") return range === undefined ? undefined : lowest(range);
    }
  }
}

/** The lowest version of a range: `^3.1` is 3.1.0. Undefined for tags, unions, ranges without a lower end, and versions of another place. */
function lowest(range: string): string | undefined {
  const match = /^(?:\^|~|>=|=|v)?\s*(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*])(-[\w.-]+)?)?$/.exec(range.trim());
  return match ? `${match[1]}.${[match[2], match[3]].map((part) => Number(part) || 0).join(".")}${match[4] ?? ""}` : undefined;
}

function npm(text: string): Lock {
  const packages = lockedPackages(text);
  return (inner, pkg) => {
    for (let from = inner; ; from = folder(from)) {
      const found = packages[`${from && `${from}/`}node_modules/${pkg}`];
      // An entry with another name is an alias of another package.
      if (found) return typeof found.version === "string" && (found.name ?? pkg) === pkg ? found.version : undefined;
      if (from === "") return undefined;
    }
  };
}

function lockedPackages(text: string): Readonly<Record<string, { readonly version?: unknown; readonly name?: unknown }>> {
  try {
    return (JSON.parse(text) as { packages?: Record<string, object> } | null)?.packages ?? {};
  } catch {
    // A lockfile in the middle of a merge tells nothing.
    return {};
  }
}

/** pnpm writes its lockfile in one layout, two blanks for each level: blocks are found by their key, and the rest is not read. */
function pnpm(written: string): Lock {
  const whole = `\n${written.replace(/\r\n/g, "\n")}`;
  // A first document may hold what pnpm itself needs.
  const text = whole.slice(Math.max(0, whole.lastIndexOf("\n---\n")));
  const importers = block(text, "importers", 0);
  const homes = importers === undefined ? undefined : entries(importers, 2);
  const packages = block(text, "packages", 0) ?? "";
  const sole = new Map<string, string | undefined>();
  return (inner, pkg) => {
    const own = homes !== undefined ? homes.get(inner || ".") : inner === "" ? text : undefined;
    const depth = homes !== undefined ? 4 : 0;
    for (const group of ["dependencies", "optionalDependencies", "devDependencies"]) {
      const entry = own && block(block(own, group, depth) ?? "", pkg, depth + 2);
      if (entry !== undefined) return /^(?:(?:\n +specifier:[^\n]*)?\n +version:)? +['"]?(\d[^\s('"]*)/.exec(entry)?.[1];
    }
    if (!sole.has(pkg)) sole.set(pkg, only(packages, new RegExp(`\\n {2}['"]?/?${escaped(pkg)}@(\\d[^:('"\\s]*)`, "g")));
    return sole.get(pkg);
  };
}

/** What stands below each key at a depth. One pass, however many keys there are: a monorepo has thousands of importers. */
function entries(text: string, depth: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let last: { readonly key: string; readonly from: number } | undefined;
  const close = (to: number) => void (last && !found.has(last.key) && found.set(last.key, text.slice(last.from, to)));
  for (const { 0: line, 1: blanks, index } of text.matchAll(/\n( *)(?=\S)[^\n]*/g)) {
    if (blanks!.length > depth) continue;
    close(index);
    const head = blanks!.length === depth ? /^(?:'([^']*)'|"([^"]*)"|([^\s'":][^:]*)):/.exec(line.slice(1 + depth)) : null;
    last = head ? { key: (head[1] ?? head[2] ?? head[3])!, from: index + 1 + depth + head[0].length } : undefined;
  }
  close(text.length);
  return found;
}

/** What stands below a key at a depth: the rest of its line and the lines that are deeper. */
function block(text: string, key: string, depth: number): string | undefined {
  for (const spelled of [key, `'${key}'`, `"${key}"`]) {
    const head = `\n${" ".repeat(depth)}${spelled}:`;
    const at = text.indexOf(head);
    if (at < 0) continue;
    const next = new RegExp(`\\n {0,${depth}}\\S`, "g");
    next.lastIndex = at + head.length;
    return text.slice(at + head.length, next.exec(text)?.index);
  }
  return undefined;
}

/** Entries of yarn.lock begin with the ranges that lead to them: `"axios@npm:^1.0.0, axios@npm:^1.2.0":` or `axios@^1.0.0, axios@^1.2.0:`. */
function yarn(written: string): Lock {
  const text = `\n${written.replace(/\r\n/g, "\n")}`;
  const known = new Map<string, ReadonlyMap<string, string>>();
  return (_, pkg, range) => {
    if (!known.has(pkg)) known.set(pkg, lockedBy(text, pkg));
    const found = known.get(pkg)!;
    const all = new Set(found.values());
    return found.get(range?.replace(/^npm:/, "") ?? "") ?? (all.size === 1 ? [...all][0] : undefined);
  };
}

/** Locked versions of a package by the ranges that lead to them. */
function lockedBy(text: string, pkg: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, heads, version] of text.matchAll(new RegExp(`\\n("?${escaped(pkg)}@[^\\n]*):\\n  version:? "?([^"\\s]+)`, "g")))
    for (const head of heads!.split(/"?, "?/)) found.set(head.replace(/^"|"$/g, "").slice(pkg.length + 1).replace(/^npm:/, ""), version!);
  // `npm:other@1` is an alias, `patch:` and `workspace:` are not what was published.
  for (const one of found.keys()) if (/[@:]/.test(one)) found.delete(one);
  return found;
}

function only(text: string, pattern: RegExp): string | undefined {
  const all = new Set([...text.matchAll(pattern)].map((match) => match[1]!));
  return all.size === 1 ? [...all][0] : undefined;
}

const escaped = (text: string) => text.replace(/[^\w@/-]/g, "\\$&");
