// Which service does a file speak about? Links packages to workloads on evidence, and says why where it does not. Ties link nothing.

import { shellOf } from "./compose.ts";
import { folder, join, within } from "./resolve.ts";
import { imageBase, workloadsOf, type Workload } from "./workload.ts";
import type { Config, Link, StatedService, Subject, Value, YamlDocument } from "./types.ts";
import { packageOf, type Package } from "./workspace.ts";

export interface Association {
  /** Id of the service a YAML subject belongs to; undefined when nothing links it. */
  serviceOf(document: YamlDocument, subject?: Subject): string | undefined;
  /** Value that manifests give an environment variable of a service; undefined when none sets it, unknown when they disagree. */
  environment(service: string, name: string): Value<unknown> | undefined;
  /** What the team states of the service of a package folder. */
  stated(folder: string): StatedService | undefined;
  readonly links: readonly Link[];
  readonly unlinked: readonly { readonly name: string; readonly reason: string }[];
}

interface Input {
  readonly packages: readonly Package[];
  readonly paths: ReadonlySet<string>;
  readonly configs: readonly Config[];
  readonly documents: readonly YamlDocument[];
  readonly manifests: ReadonlyMap<string, string>;
}

/** Id of a package's service. */
export const serviceId = (folder: string): string => `package:${folder}`;

/** Associates every workload with at most one package. Evidence E5 to E1, strongest first; a conflict at one level links nothing. */
export function associate({ packages, paths, configs, documents, manifests }: Input): Association {
  const holding = withSource(packages, paths);
  const sources = packages.filter((one) => holding.has(one));
  const workloads = documents.flatMap((document) => workloadsOf(document, shellOf(manifests, document.path)));
  const once = written(workloads);
  const stated = configs.flatMap((config) => config.services.map((service) => ({ config, service })));
  const links: Link[] = [];
  const unlinked: { name: string; reason: string }[] = [];
  const owner = new Map<Workload, string>();

  for (const one of workloads) {
    const found = byEvidence(one);
    if ("folder" in found) attach(one, found.folder, found.evidence);
    else if (!unlinked.some(({ name }) => name === `${one.id} (${one.document.path})`)) unlinked.push({ name: `${one.id} (${one.document.path})`, reason: found.reason });
  }
  transitive();
  onlyOne();

  const names = new Map<string, Set<string>>();
  for (const [one, folder] of owner) for (const name of one.names) names.set(name, (names.get(name) ?? new Set()).add(folder));
  const byName = (name: string) => only([...(names.get(name) ?? [])]);
  for (const one of sources) if (!links.some((link) => link.source === one.folder)) unlinked.push({ name: `package ${one.folder || "."}`, reason: "no workload is linked to it" });

  return {
    links, unlinked,
    serviceOf(document, subject) {
      const mine = workloads.filter((one) => one.document === document || (one.document.path === document.path && one.document.index === document.index));
      const exact = subject?.workload ? mine.filter((one) => one.id === subject.workload) : [];
      const direct = only([...new Set(exact.map((one) => owner.get(one)))]);
      if (direct !== undefined) return serviceId(direct);
      for (const name of subject?.names ?? []) {
        const folder = statedByName(name, document) ?? byName(name);
        if (folder !== undefined) return serviceId(folder);
      }
      const image = subject?.image ? imageBase(subject.image) : undefined;
      const built = sources.filter((source) => image !== undefined && (source.name === image || (source.folder !== "" && baseOf(source.folder) === image)));
      if (built.length > 0) return built.length === 1 ? serviceId(built[0]!.folder) : undefined;
      const folder = contained(document.path) ?? (sources.length === 1 && lonely(subject) && (image === undefined || weakForm(image) === weakForm(sources[0]!.name)) ? sources[0]!.folder : undefined);
      return folder === undefined ? undefined : serviceId(folder);
    },
    environment(service, name) {
      const values: Value<unknown>[] = [];
      for (const [one, folder] of owner) {
        if (serviceId(folder) !== service) continue;
        const set = one.env.get(name);
        // The place lies in the manifest, not in the file that asks.
        if (!set && one.envIsOpen) values.push({ unknown: `a template may set ${name}` });
        if (set) values.push("known" in set ? { ...set, from: set.from.map((at) => (at.file === "" ? { ...at, file: one.document.path } : at)) } : set);
      }
      // What a manifest sets wins over the image's own.
      if (values.length === 0 && imageSets(service, name)) return { unknown: `environment variable ${name} is set by a Dockerfile` };
      const [first] = values;
      if (!first) return undefined;
      const agree = "known" in first && values.every((one) => "known" in one && one.known === first.known);
      return agree ? first : { unknown: `environment variable ${name} differs between manifests` };
    },
    stated: (folder) => stated.find(({ config, service }) => service.source !== undefined && rooted(config, service.source) === folder)?.service,
  };

  /** A Dockerfile of the package, or one that no package holds for itself, sets the variable in some stage. */
  function imageSets(service: string, name: string): boolean {
    for (const [path, text] of manifests) {
      const home = /(^|\/)Dockerfile[^/]*$/.test(path) ? packageOf(packages, path).folder : undefined;
      if (home !== undefined && (serviceId(home) === service || home === "") && text.split(/\r?\n/).some((line) => setsVariable(line, name))) return true;
    }
    return false;
  }

  function byEvidence(one: Workload): { folder: string; evidence: string } | { reason: string } {
    for (const { config, service } of stated)
      if (service.source !== undefined && within(one.document.path, config.folder) && states(service, one)) {
        const folder = rooted(config, service.source);
        return sources.some((source) => source.folder === folder) ? { folder, evidence: `E5: ${config.path} states it` } : { reason: `${config.path} names the source ${service.source}, which is no package with source files` };
      }
    if (one.build !== undefined) {
      const built = sources.filter((source) => source.folder === one.build);
      // A build of the whole repository says nothing about which of its packages runs.
      if (built.length === 1 && !(one.build === "" && sources.length > 1)) return { folder: one.build, evidence: `E4: ${one.evidence ?? "build context"} ${one.build || "."}` };
    }
    if (one.image !== undefined) {
      // The root of several packages carries the product's name, and so may an image that runs one of them.
      const strict = sources.filter((source) => (source.folder !== "" || sources.length === 1) && (source.name === one.image || baseOf(source.folder) === one.image));
      if (strict.length === 1) return { folder: strict[0]!.folder, evidence: `E3: image ${one.image} is the package's name` };
      if (strict.length > 1) return { reason: `image ${one.image} names several packages: ${strict.map((source) => source.folder || ".").join(", ")}` };
    }
    const fits = (name: string, source: Package) => weakForm(name) === weakForm(baseOf(source.folder)) || weakForm(name) === weakForm(source.name);
    const weak = sources.filter((source) => source.folder !== "" && [...one.said, ...one.names].some((name) => fits(name, source)));
    if (weak.length > 1) return { reason: `its names fit several packages: ${weak.map((source) => source.folder).join(", ")}` };
    const [match] = weak;
    if (match && contained(one.document.path) === match.folder) return { folder: match.folder, evidence: `E2+E1: a name and the folder fit ${match.folder}` };
    const independent = match ? one.said.filter((name) => fits(name, match)) : [];
    if (match && independent.length >= 2) return { folder: match.folder, evidence: `E2: ${independent.join(" and ")} fit ${match.folder}` };
    const home = contained(one.document.path);
    if (home !== undefined && once.filter((other) => contained(other.document.path) === home && other.kind === one.kind).length === 1) return { folder: home, evidence: `E1: the only ${one.kind} below ${home}` };
    return { reason: match ? `only one name fits ${match.folder}: one weak signal links nothing` : "no package fits its image, names or build" };
  }

  function attach(one: Workload, folder: string, evidence: string): void {
    owner.set(one, folder);
    const target = `${one.id} (${one.document.path})`;
    // A template stands for one workload in every unit of its chart.
    if (links.some((link) => link.source === folder && link.target === target)) return;
    links.push({ service: sources.find((source) => source.folder === folder)?.name || baseOf(folder) || "root", source: folder, target, evidence });
  }

  /** A workload whose image another, linked workload builds or runs is the same service; so is a registration under a linked workload's name. */
  function transitive(): void {
    for (const one of workloads) {
      if (owner.has(one)) continue;
      const peers = [...owner].filter(([other]) => (one.image !== undefined && other.image === one.image) || (one.kind === "registration" && other.names.includes(one.names[0]!)));
      const folder = only([...new Set(peers.map(([, home]) => home))]);
      if (folder === undefined) continue;
      drop(one);
      attach(one, folder, `E4: same ${one.kind === "registration" ? "name" : "image"} as ${peers[0]![0].id}`);
    }
  }

  /** A repository with exactly one package and one workload needs no evidence. */
  function onlyOne(): void {
    if (sources.length !== 1 || workloads.length === 0) return;
    if (new Set(workloads.map((one) => one.names[0] ?? one.image ?? "")).size > 1) return;
    for (const one of workloads) if (!owner.has(one)) drop(one), attach(one, sources[0]!.folder, "the only package and the only workload");
  }

  function drop(one: Workload): void {
    const at = unlinked.findIndex((entry) => entry.name === `${one.id} (${one.document.path})`);
    if (at >= 0) unlinked.splice(at, 1);
  }

  function statedByName(name: string, document: YamlDocument): string | undefined {
    const found = stated.filter(({ config, service }) => within(document.path, config.folder) && service.source !== undefined && (service.name === name || service.names.includes(name)));
    const nearest = found.sort((a, b) => b.config.folder.length - a.config.folder.length)[0];
    return nearest && rooted(nearest.config, nearest.service.source!);
  }

  /** With one package in the repository, a subject that names at most the one known workload can only mean it. */
  function lonely(subject: Subject | undefined): boolean {
    const known = new Set(workloads.map((one) => one.names[0]).filter(Boolean));
    const said = subject?.names ?? [];
    return known.size === 0 || (known.size === 1 && (said.length === 0 || said.some((name) => known.has(name))));
  }

  function contained(path: string): string | undefined {
    const home = packages.find((one) => within(path, one.folder));
    return home && home.folder !== "" && sources.includes(home) ? home.folder : undefined;
  }
}

/** Workloads as they are written: a template stands for one in every unit of its chart, and counts once. */
function written(workloads: readonly Workload[]): readonly Workload[] {
  const units = new Map<string, string | undefined>();
  return workloads.filter(({ document: { path, index, unit } }) => {
    const key = `${path}\0${index}`;
    if (!units.has(key)) units.set(key, unit);
    return units.get(key) === unit;
  });
}

function states(service: StatedService, one: Workload): boolean {
  return service.workloads.includes(one.id) || (one.image !== undefined && service.images.some((image) => imageBase(image) === one.image)) || one.names.some((name) => name === service.name || service.names.includes(name));
}

/** `ENV NAME=value`, `ENV NAME value`, also among others and on lines that continue an `ENV`. */
function setsVariable(line: string, name: string): boolean {
  return new RegExp(`^\\s*(ENV\\s+(.*\\s)?)?${name.replace(/\W/g, "\\$&")}(=|\\s+\\S)`, "i").test(line);
}

const rooted = (config: Config, source: string) => [config.folder, source.replace(/^\.\/|\/$/g, "")].filter((part) => part && part !== ".").join("/");
const baseOf = (folder: string) => folder.slice(folder.lastIndexOf("/") + 1);
const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** Packages that hold source of their own. Every folder is looked up once, however many files and packages there are. */
function withSource(packages: readonly Package[], paths: ReadonlySet<string>): ReadonlySet<Package> {
  const folders = new Set<string>();
  for (const path of paths) if (/\.[cm]?[jt]sx?$/.test(path)) folders.add(folder(path));
  return new Set([...folders].map((one) => packageOf(packages, join(one, "x"))));
}

/** Name without the affixes that deployments add: `order-service` and `rs-order` are `order`. */
export function weakForm(name: string): string {
  return name.toLowerCase().replace(/^@[^/]*\//, "").replace(/^(svc|rs)-/, "").replace(/-?(service|svc|api|server|app)$/, "").replace(/[-_]/g, "");
}
