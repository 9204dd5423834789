// pitlint.yaml to configurations. Refuses what it does not know, with place and suggestion; a broken file gives problems and the defaults.

import { defaultConfig, inherited, type Stated } from "./config.ts";
import { configReader, type ConfigReader, type Keys } from "./config-reader.ts";
import { nearest } from "./nearest.ts";
import { folder } from "./resolve.ts";
import { parseYaml } from "./yaml/parse.ts";
import type { Found } from "./yaml/read.ts";
import { isTemplate } from "./yaml/template.ts";
import type { Config, Environment, Pack, PathGrade, Problem, Span, StatedService, Statements } from "./types.ts";

/** Reads every pitlint.yaml of a workspace. */
export function readConfigs(files: readonly (readonly [path: string, text: string])[], packs: readonly Pack[]): { configs: readonly Config[]; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const homes = new Map<string, string>();
  const stated = files.flatMap(([path, content]) => {
    const beside = homes.get(folder(path));
    if (beside !== undefined) return problems.push(problem(path, `stands beside ${beside}, which is read; keep one of them`)), [];
    homes.set(folder(path), path);
    return [readConfig(path, content, packs, problems)];
  });
  return { configs: stated.length ? inherited(stated) : [defaultConfig], problems };
}

const problem = (file: string, message: string, at?: Span): Problem => ({ kind: "config", file, ...(at ? { at: { ...at, file } } : {}), message, incomplete: false });

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function readConfig(path: string, content: string, packs: readonly Pack[], problems: Problem[]): Stated {
  const { documents, problems: broken } = parseYaml(path, content);
  const wrong = (at: Span, message: string) => void problems.push(problem(path, message, at));
  for (const one of broken) problems.push(problem(path, one.message, one.at));
  if (isTemplate(path, content)) wrong({ file: path, start: 0, end: 0 }, "is a template; expected YAML without {{ }} or {% %} outside quotes");
  const [document, second] = documents;
  if (second) wrong(second.at, "holds more than one document; expected one");
  const stated: Writable<Stated> = { path, folder: folder(path) };
  if (!document?.root || broken.length > 0) return stated;
  const read = configReader(document, path, content, wrong);
  read.map({ node: document.root, origin: "own" }, {
    profile: (at) => assign(stated, "profile", read.choice(at, ["recommended", "strict"] as const)),
    packs: (at) => (stated.pins = pins(at, packs, read, wrong)),
    ignore: (at) => (stated.ignore = read.strings(at, read.pattern)),
    grades: (at) => (stated.grades = read.list(at).flatMap((one) => grades(one, stated, packs, read, wrong))),
    environments: (at) => (stated.environments = environments(at, stated.folder, read)),
    wrappers: (at) => (stated.wrappers = read.strings(at)),
    loggers: (at) => {
      const loggers: Record<string, string> = {};
      read.each(at, (name, library) => assign(loggers, name, read.choice(library, ["pino", "winston", "bunyan", "console"] as const)));
      stated.loggers = loggers;
    },
    ...statements(stated, read),
    istio: (at) => read.map(at, { version: (version) => assign(stated, "istioVersion", read.version(version)) }),
    services: (at) => {
      const services: StatedService[] = [];
      read.each(at, (name, service) => services.push(serviceAt(name, service, path, read)));
      stated.services = services;
    },
  });
  return stated;
}

/** What can be said of all services, and of one. */
function statements(stated: Writable<Statements>, read: ConfigReader): Keys {
  return {
    registry: (at) => read.map(at, { ttl: (ttl) => assign(stated, "registryTtl", read.duration(ttl)) }),
    loadBalancer: (at) => read.map(at, { idleTimeout: (idle) => assign(stated, "loadBalancerIdle", read.duration(idle)) }),
    database: (at) => read.map(at, { maxConnections: (max) => assign(stated, "databaseMax", read.count(max)) }),
  };
}

function serviceAt(name: string, at: Found, file: string, read: ConfigReader): StatedService {
  const stated: Writable<StatedService> = { name, workloads: [], images: [], names: [] };
  read.map(at, {
    source: (source) => {
      const said = read.path(source);
      if (said !== undefined) Object.assign(stated, { source: said, sourceAt: { ...source.node.at, file } });
    },
    workloads: (list) => (stated.workloads = read.strings(list, read.workload)),
    images: (list) => (stated.images = read.strings(list)),
    names: (list) => (stated.names = read.strings(list)),
    ...statements(stated, read),
  });
  return stated;
}

function pins(at: Found, packs: readonly Pack[], read: ConfigReader, wrong: (at: Span, message: string) => void): Record<string, string> {
  const pins: Record<string, string> = {};
  read.each(at, (name, version) => {
    const pack = packs.find((one) => one.name === name);
    const said = read.string(version);
    if (!pack) wrong(version.pair!.key.at, `unknown pack "${name}"; known packs are ${packs.map((one) => one.name).join(", ")}`);
    else if (said !== undefined && !pack.releases.some((one) => one.version === said || one.version.startsWith(`${said}.`))) wrong(version.node.at, `unknown version "${said}" of pack ${name}; known versions are ${pack.releases.map((one) => one.version).join(", ")}`);
    else if (said !== undefined) pins[name] = said;
  });
  return pins;
}

function grades(at: Found, { path, folder: home }: Stated, packs: readonly Pack[], read: ConfigReader, wrong: (at: Span, message: string) => void): PathGrade[] {
  const ids = [...new Set(packs.flatMap((pack) => pack.releases.flatMap((release) => release.grades.map(([rule]) => rule.id))))];
  const known = new Set([...ids, ...ids.map((id) => `${id.slice(0, id.indexOf("/"))}/*`)]);
  let paths: readonly string[] = [];
  const found: PathGrade["grades"][number][] = [];
  let says = false;
  read.map(at, {
    paths: (list) => (paths = read.strings(list, read.pattern)),
    rules: (map) => {
      says = true;
      read.each(map, (rule, value) => {
        const near = known.has(rule) ? undefined : nearest(rule, [...known]);
        if (!known.has(rule)) return wrong(value.pair!.key.at, `unknown rule "${rule}"; ${near ? `did you mean ${near}?` : "pitlint rules lists them"}`);
        const grade = read.choice(value, ["error", "warning", "info", "hint", "off"] as const);
        if (grade) found.push({ rule, grade, at: { ...value.pair!.key.at, end: value.node.at.end } });
      });
    },
  });
  if (!says && at.node.kind === "map") wrong(at.node.at, 'names no rules; expected rules: { "timeout/http-call-without-timeout": info }');
  return found.length ? [{ folder: home, paths, grades: found.map((one) => ({ ...one, at: { ...one.at, file: path } })) }] : [];
}

function environments(at: Found, home: string, read: ConfigReader): Environment[] {
  const found: Environment[] = [];
  read.each(at, (name, list) => found.push({ folder: home, name, paths: read.some(list, read.pattern) }));
  return found.filter((one) => one.paths.length > 0);
}

function assign<T, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) target[key] = value;
}
