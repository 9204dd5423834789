// pitlint.yaml to configurations. Refuses what it does not know, with place and suggestion; a broken file gives problems and the defaults.

import { defaultConfig } from "./config.ts";
import { nearest } from "./nearest.ts";
import { parseDuration } from "./quantity.ts";
import { folder } from "./resolve.ts";
import { items, pairs, text, type Found } from "./yaml/read.ts";
import { parseYaml } from "./yaml/parse.ts";
import { isTemplate } from "./yaml/template.ts";
import type { Config, Known, Pack, Problem, Profile, Span, StatedService, YamlDocument } from "./types.ts";

/** Reads every pitlint.yaml of a workspace. */
export function readConfigs(files: readonly (readonly [path: string, text: string])[], packs: readonly Pack[]): { configs: readonly Config[]; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const configs = files.map(([path, content]) => readConfig(path, content, packs, problems));
  return { configs: configs.length ? configs : [defaultConfig], problems };
}

type Keys = Readonly<Record<string, (at: Found) => void>>;

function readConfig(path: string, content: string, packs: readonly Pack[], problems: Problem[]): Config {
  const { documents, problems: broken } = parseYaml(path, content);
  const wrong = (at: Span, message: string) => void problems.push({ kind: "config", file: path, at: { ...at, file: path }, message, incomplete: false });
  for (const one of broken) problems.push({ ...one, ...(one.at ? { at: { ...one.at, file: path } } : {}), kind: "config", file: path, incomplete: false });
  if (isTemplate(path, content)) wrong({ file: path, start: 0, end: 0 }, "is a template; expected YAML without {{ }} or {% %} outside quotes");
  const [document, second] = documents;
  if (second) wrong(second.at, "holds more than one document; expected one");
  const config = { ...defaultConfig, path, folder: folder(path), pins: {} as Record<string, string>, ignore: [] as string[], services: [] as StatedService[], wrappers: [] as string[], loggers: {} as Record<string, string> } as
    { -readonly [K in keyof Config]: Config[K] } & { pins: Record<string, string>; ignore: string[]; services: StatedService[]; wrappers: string[]; loggers: Record<string, string> };
  if (!document?.root || broken.length > 0) return Object.freeze(config);
  const read = reader(document, path, content, wrong);
  read.map({ node: document.root, origin: "own" }, {
    profile: (at) => (config.profile = read.choice(at, ["recommended", "strict"] as const) ?? ("recommended" as Profile)),
    packs: (at) => read.each(at, (name, version) => {
      const pack = packs.find((one) => one.name === name);
      const said = read.string(version);
      if (!pack) wrong(version.pair!.key.at, `unknown pack "${name}"; known packs are ${packs.map((one) => one.name).join(", ")}`);
      else if (said !== undefined && !pack.releases.some((one) => one.version === said || one.version.startsWith(`${said}.`))) wrong(version.node.at, `unknown version "${said}" of pack ${name}; known versions are ${pack.releases.map((one) => one.version).join(", ")}`);
      else if (said !== undefined) config.pins[name] = said;
    }),
    ignore: (at) => config.ignore.push(...read.strings(at, read.pattern)),
    wrappers: (at) => config.wrappers.push(...read.strings(at)),
    loggers: (at) => read.each(at, (name, library) => {
      const said = read.choice(library, ["pino", "winston", "bunyan", "console"] as const);
      if (said) config.loggers[name] = said;
    }),
    registry: (at) => read.map(at, { ttl: (ttl) => assign(config, "registryTtl", read.duration(ttl)) }),
    loadBalancer: (at) => read.map(at, { idleTimeout: (idle) => assign(config, "loadBalancerIdle", read.duration(idle)) }),
    services: (at) => read.each(at, (name, service) => {
      const stated = { name, workloads: [] as string[], images: [] as string[], names: [] as string[] } as { -readonly [K in keyof StatedService]: StatedService[K] } & { workloads: string[]; images: string[]; names: string[] };
      read.map(service, {
        source: (source) => assign(stated, "source", read.path(source)),
        workloads: (list) => stated.workloads.push(...read.strings(list)),
        images: (list) => stated.images.push(...read.strings(list)),
        names: (list) => stated.names.push(...read.strings(list)),
        registry: (inner) => read.map(inner, { ttl: (ttl) => assign(stated, "registryTtl", read.duration(ttl)) }),
        loadBalancer: (inner) => read.map(inner, { idleTimeout: (idle) => assign(stated, "loadBalancerIdle", read.duration(idle)) }),
      });
      config.services.push(stated);
    }),
  });
  return Object.freeze(config);
}

function assign<T, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) target[key] = value;
}

function reader(document: YamlDocument, path: string, content: string, wrong: (at: Span, message: string) => void) {
  const what = (at: Found) => (at.node.kind === "scalar" ? (at.node.value === null ? "nothing" : `"${String(at.node.value)}"`) : `a ${at.node.kind === "seq" ? "list" : at.node.kind}`);
  const string = (at: Found): string | undefined => {
    // As written: the number 1.10 is 1.1, the version 1.10 is not.
    const said = at.node.kind === "scalar" && typeof at.node.value === "number" ? content.slice(at.node.at.start, at.node.at.end) : text(at);
    if (said === undefined) wrong(at.node.at, `expected text, got ${what(at)}`);
    return said;
  };
  const below = (at: Found, absolute: RegExp): string | undefined => {
    const said = string(at);
    if (said !== undefined && (absolute.test(said) || said.replace(/^!/, "").split(/[\\/]/).includes(".."))) return void wrong(at.node.at, `"${said}" leaves the folder of ${path}; expected a path below it`);
    return said;
  };
  return {
    string,
    map(at: Found, keys: Keys): void {
      if (at.node.kind !== "map") return wrong(at.node.at, `expected a map with ${Object.keys(keys).join(", ")}; got ${what(at)}`);
      for (const { key } of at.node.pairs) if (key.kind === "map" || key.kind === "seq") wrong(key.at, `expected a key, got a ${key.kind === "seq" ? "list" : "map"}`);
      for (const one of pairs(document, at)) {
        const known = Object.hasOwn(keys, one.key) ? keys[one.key] : undefined;
        const near = known ? undefined : nearest(one.key, Object.keys(keys));
        if (known) known(one);
        else wrong(one.pair.key.at, `unknown key "${one.key}"; ${near ? `did you mean ${near}?` : `known keys are ${Object.keys(keys).join(", ")}`}`);
      }
    },
    each(at: Found, take: (name: string, value: Found) => void): void {
      if (at.node.kind !== "map") return wrong(at.node.at, `expected a map from names, got ${what(at)}`);
      for (const one of pairs(document, at))
        if (one.key === "__proto__") wrong(one.pair.key.at, `"__proto__" cannot be a name`);
        else take(one.key, one);
    },
    strings(at: Found, each: (one: Found) => string | undefined = string): string[] {
      if (at.node.kind !== "seq") return wrong(at.node.at, `expected a list, got ${what(at)}`), [];
      return items(document, at).flatMap((one) => each(one) ?? []);
    },
    choice<T extends string>(at: Found, known: readonly T[]): T | undefined {
      const said = string(at);
      if (said === undefined || known.includes(said as T)) return said as T | undefined;
      return void wrong(at.node.at, `unknown value "${said}"; known values are ${known.join(", ")}`);
    },
    path: (at: Found) => below(at, /^(\/|[A-Za-z]:)/),
    /** A leading slash only anchors a gitignore pattern. */
    pattern: (at: Found) => below(at, /^[A-Za-z]:[\\/]/),
    duration(at: Found): Known<number> | undefined {
      const said = string(at);
      const ms = said === undefined || /^\d+$/.test(said) ? undefined : parseDuration(said, "go");
      if (ms === 0) return void wrong(at.node.at, `expected a duration above zero; got "${said}"`);
      if (said !== undefined && ms === undefined) wrong(at.node.at, `expected a duration with its unit, such as 30s; got "${said}"`);
      return ms === undefined ? undefined : { known: ms, by: "stated", from: [{ ...at.node.at, file: path }] };
    },
  };
}
