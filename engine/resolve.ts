// Which file does a module specifier mean? Answers from the list of paths and from manifests; touches no disk.

/** Resolves a specifier of a file to a path of the workspace; undefined for packages from elsewhere. */
export type Resolve = (from: string, specifier: string) => string | undefined;

const extensions = [".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"];

/** A resolver over the paths of a workspace. `manifests` holds the texts of package.json and tsconfig files. */
export function resolver(paths: ReadonlySet<string>, manifests: ReadonlyMap<string, string>): Resolve {
  const packages = workspacePackages(manifests);
  const aliases = pathAliases(manifests);
  const memo = new Map<string, string | undefined>();
  return (from, specifier) => {
    const key = `${folder(from)}\0${specifier}`;
    if (!memo.has(key)) memo.set(key, find(from, specifier));
    return memo.get(key);
  };

  function find(from: string, specifier: string): string | undefined {
    if (specifier.startsWith(".")) return file(join(folder(from), specifier));
    for (let below = folder(from); ; below = folder(below)) {
      for (const { base, pattern, targets } of aliases.get(below) ?? []) {
        const star = match(pattern, specifier);
        if (star === undefined) continue;
        for (const target of targets) {
          const found = file(join(base, target.replace("*", star)));
          if (found) return found;
        }
      }
      if (below === "") break;
    }
    // `@acme/orders/api` is asked as `@acme/orders/api`, `@acme/orders`, `@acme`.
    for (let name = specifier; name !== ""; name = folder(name)) {
      const home = packages.get(name);
      if (!home) continue;
      if (specifier === name) return file(join(home.folder, home.main ?? "index")) ?? file(join(home.folder, "src/index"));
      return file(join(home.folder, specifier.slice(name.length + 1))) ?? file(join(home.folder, "src", specifier.slice(name.length + 1)));
    }
    return undefined;
  }

  function file(path: string): string | undefined {
    if (paths.has(path) && extensions.some((one) => path.endsWith(one))) return path;
    const stem = path.replace(/\.(js|mjs|cjs|jsx)$/, "");
    for (const base of stem === path ? [path] : [stem, path]) for (const one of extensions) if (paths.has(base + one)) return base + one;
    for (const one of extensions) if (paths.has(join(path, `index${one}`))) return join(path, `index${one}`);
    return undefined;
  }
}

function workspacePackages(manifests: ReadonlyMap<string, string>): Map<string, { folder: string; main?: string }> {
  const packages = new Map<string, { folder: string; main?: string }>();
  for (const [path, text] of manifests) {
    if (!/(^|\/)package\.json$/.test(path)) continue;
    const read = parseJson(text) as { name?: unknown; main?: unknown; source?: unknown; types?: unknown } | undefined;
    if (typeof read?.name !== "string") continue;
    const main = [read.source, read.main].find((one) => typeof one === "string") as string | undefined;
    packages.set(read.name, { folder: folder(path), ...(main ? { main: main.replace(/^(\.\/)?dist\//, "src/") } : {}) });
  }
  return packages;
}

interface Alias { readonly base: string; readonly pattern: string; readonly targets: readonly string[] }

/** Aliases by the folder below which they hold, the longest pattern first. */
function pathAliases(manifests: ReadonlyMap<string, string>): ReadonlyMap<string, readonly Alias[]> {
  const aliases = new Map<string, Alias[]>();
  for (const [path, text] of manifests) {
    if (!/(^|\/)tsconfig[^/]*\.json$/.test(path)) continue;
    const options = (parseJson(text) as { compilerOptions?: { baseUrl?: unknown; paths?: Record<string, unknown> } } | undefined)?.compilerOptions;
    if (!options) continue;
    const base = join(folder(path), typeof options.baseUrl === "string" ? options.baseUrl : ".");
    const own = aliases.get(folder(path)) ?? [];
    aliases.set(folder(path), own);
    for (const [pattern, targets] of Object.entries(options.paths ?? {}))
      if (Array.isArray(targets)) own.push({ base, pattern, targets: targets.filter((one) => typeof one === "string") });
    if (typeof options.baseUrl === "string") own.push({ base, pattern: "*", targets: ["*"] });
  }
  for (const own of aliases.values()) own.sort((a, b) => b.pattern.length - a.pattern.length);
  return aliases;
}

function match(pattern: string, specifier: string): string | undefined {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === specifier ? "" : undefined;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return specifier.startsWith(head) && specifier.endsWith(tail) && specifier.length >= head.length + tail.length ? specifier.slice(head.length, specifier.length - tail.length) : undefined;
}

/** JSON with comments and trailing commas, as tsconfig files have it; undefined when it is not that. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(plainJson(text));
  } catch {
    return undefined;
  }
}

/** Comments and trailing commas as blanks. One pass: an expression that tries each quote anew takes minutes for a hostile file. */
function plainJson(text: string): string {
  const parts: string[] = [];
  let from = 0;
  let comma = -1;
  const blank = (start: number, end: number) => {
    parts.push(text.slice(from, start), " ");
    from = end;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "/" && (text[at + 1] === "/" || text[at + 1] === "*")) {
      const isLine = text[at + 1] === "/";
      const close = text.indexOf(isLine ? "\n" : "*/", at + 2);
      const end = close < 0 ? text.length : isLine ? close : close + 2;
      blank(at, end);
      at = end - 1;
    } else if (char === '"') {
      while (++at < text.length && text[at] !== '"' && text[at] !== "\n") if (text[at] === "\\") at++;
      comma = -1;
    } else if (char === ",") {
      comma = parts.push(text.slice(from, at), ",") - 1;
      from = at + 1;
    } else if (char === "]" || char === "}") {
      if (comma >= 0) parts[comma] = " ";
      comma = -1;
    } else if (!/\s/.test(char)) comma = -1;
  }
  parts.push(text.slice(from));
  return parts.join("");
}

/** Folder of a path, "" for the root. */
export function folder(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** Joins and normalises; a path that climbs out of the workspace keeps its `..`. */
export function join(...parts: string[]): string {
  const out: string[] = [];
  for (const part of parts.join("/").split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length && out[out.length - 1] !== "..") out.pop();
    else out.push(part);
  }
  return out.join("/");
}

/** The way from a folder to a path, as a module specifier: `./a`, `../b/c`. */
export function relative(from: string, path: string): string {
  const [start, end] = [from.split("/").filter(Boolean), path.split("/").filter(Boolean)];
  let same = 0;
  while (same < start.length && same < end.length - 1 && start[same] === end[same]) same++;
  return `${"../".repeat(start.length - same) || "./"}${end.slice(same).join("/")}`;
}

/** True when `path` lies in `below` or below it. */
export function within(path: string, below: string): boolean {
  return below === "" || path === below || path.startsWith(`${below}/`);
}
