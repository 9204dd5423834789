// Which source files are the public face of a package? Read from its package.json; a private package without `main` or `exports` has none.

import { folder, join, parseJson } from "../resolve.ts";

const extensions = [".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs"];

/** Entry points of the package a file belongs to, as source paths. Without any package.json there is no package and no entry point. */
export function entryFiles(file: string, paths: ReadonlySet<string>, textOf: (path: string) => string | undefined): readonly string[] {
  for (let home = folder(file); ; home = folder(home)) {
    const text = textOf(join(home, "package.json"));
    if (text !== undefined) return entriesOf(home, parseJson(text), paths);
    if (home === "") return [];
  }
}

function entriesOf(home: string, manifest: unknown, paths: ReadonlySet<string>): readonly string[] {
  const { main, module, types, typings, exports: map, private: isPrivate } = (manifest ?? {}) as Record<string, unknown>;
  const targets = [main, module, types, typings].filter((one): one is string => typeof one === "string");
  const open: unknown[] = [map];
  for (let one = open.pop(); one !== undefined || open.length > 0; one = open.pop()) {
    if (typeof one === "string") targets.push(one);
    else if (one !== null && typeof one === "object") open.push(...Object.values(one));
  }
  if (targets.length === 0 && isPrivate === true) return [];
  const found = targets.flatMap((one) => sources(home, one, paths));
  return found.length > 0 ? [...new Set(found)] : ["index", "src/index"].flatMap((one) => sources(home, one, paths));
}

/** The sources of a built file: `dist/index.js` comes from `src/index.ts`. */
function sources(home: string, target: string, paths: ReadonlySet<string>): string[] {
  const stem = join(target).replace(/(\.d)?\.[cm]?[jt]sx?$/, "");
  const stems = [stem, stem.replace(/^(dist|lib|build|out|esm|cjs)\/((esm|cjs)\/)?/, "src/"), stem.replace(/^(dist|lib|build|out)\//, "")];
  return [...new Set(stems)].flatMap((one) => extensions.map((extension) => join(home, one + extension))).filter((path) => paths.has(path));
}
