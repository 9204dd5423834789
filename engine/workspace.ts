// Immutable snapshot of what is known of a workspace: extracts, manifests, configuration. `change` shares all that stayed the same.

import { configFor } from "./config.ts";
import { browserFrameworks } from "./gate.ts";
import { folder, parseJson } from "./resolve.ts";
import type { Config, Extract } from "./types.ts";
import type { FileContext } from "./typescript/parse.ts";

export interface Workspace {
  /** Extracts of the files that were read, by path. */
  readonly extracts: ReadonlyMap<string, Extract>;
  /** Texts of package.json, lockfiles and tsconfig files, by path. */
  readonly manifests: ReadonlyMap<string, string>;
  /** Every source and YAML path that exists, read or not. */
  readonly paths: ReadonlySet<string>;
  /** One per pitlint.yaml; the built-in defaults stand for folders that none governs. */
  readonly configs: readonly Config[];
  /** Text of a file that was read; undefined when it is gone. */
  readonly text: (path: string) => string | undefined;
  /** False while files are still being read. */
  readonly settled: boolean;
}

export interface Package {
  /** Folder, "" for the root. */
  readonly folder: string;
  /** Name in package.json without its scope; the folder's name when there is none. */
  readonly name: string;
  /** Declared dependencies and their ranges. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly tool: boolean;
  /** Commands by name, as package.json has them. */
  readonly scripts: Readonly<Record<string, unknown>>;
  /** It is published for other packages to import, and is started by none of its scripts. */
  readonly library: boolean;
}

/** Packages of the workspace, innermost folders first. A workspace without package.json is one package. */
export function packagesOf(manifests: ReadonlyMap<string, string>): readonly Package[] {
  const found: Package[] = [];
  for (const [path, text] of manifests) {
    if (!/(^|\/)package\.json$/.test(path)) continue;
    const read = (parseJson(text) ?? {}) as { name?: unknown; dependencies?: Record<string, string>; devDependencies?: Record<string, string>; peerDependencies?: Record<string, string>; optionalDependencies?: Record<string, string>; bin?: unknown } & Publication;
    const home = folder(path);
    const name = typeof read.name === "string" ? read.name.replace(/^@[^/]*\//, "") : home.slice(home.lastIndexOf("/") + 1);
    found.push({ folder: home, name, dependencies: { ...read.peerDependencies, ...read.devDependencies, ...read.optionalDependencies, ...read.dependencies }, tool: read.bin !== undefined, library: isLibrary(read), scripts: read.scripts ?? {} });
  }
  if (!found.some((one) => one.folder === "")) found.push({ folder: "", name: "", dependencies: {}, tool: false, library: false, scripts: {} });
  return found.sort((a, b) => b.folder.length - a.folder.length || (a.folder < b.folder ? -1 : 1));
}

interface Publication {
  readonly private?: unknown;
  readonly scripts?: Readonly<Record<string, unknown>>;
  readonly types?: unknown;
  readonly typings?: unknown;
  readonly module?: unknown;
  readonly exports?: unknown;
  readonly publishConfig?: unknown;
  readonly files?: unknown;
}

const isLibrary = (one: Publication) =>
  one.private !== true && one.scripts?.start === undefined && [one.types, one.typings, one.module, one.exports, one.publishConfig, one.files].some((field) => field !== undefined);

/** Workspaces of fewer files are read without asking what they declare. */
const large = 500;

/** Which of the needed packages a workspace declares; undefined where it is small or declares nothing. */
export function declaredIn(packages: readonly Package[], needed: ReadonlySet<string>, files: number): readonly string[] | undefined {
  const names = new Set(packages.flatMap((one) => Object.keys(one.dependencies)));
  return files < large || names.size === 0 ? undefined : [...needed].filter((one) => names.has(one)).sort();
}

/** Tells which package a path belongs to. Each folder is looked up once, however many packages there are. */
export function packageFinder(packages: readonly Package[]): (path: string) => Package {
  const homes = new Map(packages.map((one) => [one.folder, one]));
  return (path) => {
    const passed: string[] = [];
    let place = folder(path);
    for (; !homes.has(place); place = folder(place)) passed.push(place);
    const home = homes.get(place)!;
    for (const one of passed) homes.set(one, home);
    return home;
  };
}

/** Path below the nearest pitlint.yaml, else below the root: what path gates look at. */
export function belowConfig(configs: readonly Config[], path: string): string {
  const config = configFor(configs, path);
  return config.path !== undefined && config.folder !== "" ? path.slice(config.folder.length + 1) : path;
}

/** Contexts for extraction. */
export function contextFor(configs: readonly Config[], packages: readonly Package[], declared?: readonly string[]): (path: string) => FileContext {
  const packageOf = packageFinder(packages);
  // Files of a folder have all but their names in common.
  const folders = new Map<string, Folder>();
  return (path) => {
    const place = folder(path);
    let known = folders.get(place);
    if (!known) {
      const config = configFor(configs, path);
      const home = packageOf(path);
      known = {
        above: path.length - belowConfig(configs, path).length,
        shared: {
          browserPackage: browserFrameworks.some((one) => one in home.dependencies),
          tool: home.tool,
          ...(home.library ? { library: true as const } : {}),
          wrappers: config.wrappers,
          loggers: config.loggers,
          ...(declared ? { declared } : {}),
        },
      };
      folders.set(place, known);
    }
    return { below: path.slice(known.above), ...known.shared };
  };
}

interface Folder {
  /** Length of what stands in front of the path below the nearest pitlint.yaml. */
  readonly above: number;
  readonly shared: Omit<FileContext, "below">;
}
