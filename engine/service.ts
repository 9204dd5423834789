// Which service does a file speak about? Links packages to workloads on evidence, and says why where it does not. Ties link nothing.

import { shellOf, shellText } from "./compose.ts";
import { envReader } from "./env-source.ts";
import { grouped, indexed } from "./grouped.ts";
import { imageBuilds, type ImageBuild } from "./image-build.ts";
import type { Kept } from "./kept.ts";
import { imageVariables } from "./image-variable.ts";
import { folder, join, within } from "./resolve.ts";
import { imageBase, workloadsOf, type Workload } from "./workload.ts";
import type { Config, Link, StatedService, Subject, Value, YamlDocument } from "./types.ts";
import { packageFinder, type Package } from "./workspace.ts";

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
  /** Documents that may say from which folder an image is built. */
  readonly builders: readonly YamlDocument[];
  readonly manifests: ReadonlyMap<string, string>;
  readonly keep: Kept;
}

/** Id of a package's service. */
export const serviceId = (folder: string): string => `package:${folder}`;

/** Associates every workload with at most one package. Evidence E5 to E1, strongest first; a conflict at one level links nothing. */
export function associate({ packages, paths, configs, documents, builders, manifests, keep }: Input): Association {
  const packageOf = packageFinder(packages);
  const holding = keep(paths, "with source", [packages], () => withSource(packageOf, paths));
  const sources = packages.filter((one) => holding.has(one));
  const dockerfiles = [...manifests.keys()].filter((path) => /(^|\/)Dockerfile[^/]*$/.test(path)).map(folder);
  const byFolder = new Map(sources.map((one) => [one.folder, one]));
  // What workloads say of a package: its name or its folder's, as written and in weak form.
  const bySaid = indexed(sources, (one) => [one.name, baseOf(one.folder)]);
  const byWeak = indexed(sources, (one) => [one.name, baseOf(one.folder)].map(weakForm));
  const rank = new Map(sources.map((one, at) => [one, at]));
  const workloads = documents.filter((document) => !document.built?.of).flatMap((document) => keep(document, "workloads", [shellText(manifests, document.path)], () => workloadsOf(document, shellOf(manifests, document.path))));
  const onlyHome = lonelyHomes();
  const builds = keep(packages, "image builds", builders, () => imageBuilds(builders));
  const stated = configs.flatMap((config) => config.services.map((service) => ({ config, service }))).map((one, order): StatedPlace => ({ ...one, order }));
  const statedWorkloads = indexed(stated, ({ service }) => service.workloads);
  const statedImages = indexed(stated, ({ service }) => service.images.map(imageBase));
  const statedNames = indexed(stated, ({ service }) => [service.name, ...service.names]);
  const statedOf = new Map(stated.toReversed().flatMap(({ config, service }) => (service.source === undefined ? [] : [[rooted(config, service.source), service] as const])));
  const links: Link[] = [];
  const linked = new Set<string>();
  const reasons = new Map<string, string>();
  const owner = new Map<Workload, string>();

  for (const one of workloads) {
    const found = byEvidence(one);
    if ("folder" in found) attach(one, found.folder, found.evidence);
    else if (!reasons.has(targetOf(one))) reasons.set(targetOf(one), found.reason);
  }
  transitive();
  onlyOne();

  const names = new Map<string, Set<string>>();
  for (const [one, folder] of owner) for (const name of one.names) names.set(name, (names.get(name) ?? new Set()).add(folder));
  const byName = (name: string) => only([...(names.get(name) ?? [])]);
  const unlinked = [...reasons].map(([name, reason]) => ({ name, reason }));
  const running = new Set(links.map((one) => one.source));
  for (const one of sources) if (!running.has(one.folder)) unlinked.push({ name: `package ${one.folder || "."}`, reason: "no workload is linked to it" });
  const byPlace = new Map([...grouped(workloads, ({ document, id }) => `${placeOf(document)}\0${id}`)].map(([place, at]) => [place, only([...new Set(at.map((one) => owner.get(one)))])]));
  const byOwner = grouped(owner, ([, folder]) => serviceId(folder));
  const first = new Set(workloads.map((one) => one.names[0]).filter(Boolean));
  const foreign = sources.length === 1 && workloads.some(isForeign);
  const environments = new Map<string, Value<unknown> | undefined>();
  const taken = envReader(documents, manifests);
  const imageSets = imageVariables(manifests, (path) => serviceId(packageOf(path).folder));

  return {
    links, unlinked,
    serviceOf(document, subject) {
      const direct = subject?.workload ? byPlace.get(`${placeOf(document)}\0${subject.workload}`) : undefined;
      if (direct !== undefined) return serviceId(direct);
      for (const name of subject?.names ?? []) {
        const folder = statedByName(name, document) ?? byName(name);
        if (folder !== undefined) return serviceId(folder);
      }
      const image = subject?.image ? imageBase(subject.image) : undefined;
      const made = image === undefined ? undefined : madeFrom(image);
      if (made) return serviceId(made.folder);
      const built = image === undefined ? [] : (bySaid.get(image) ?? []).filter((source) => source.name === image || source.folder !== "");
      if (built.length > 0) return built.length === 1 ? serviceId(built[0]!.folder) : undefined;
      const folder = contained(document.path) ?? (sources.length === 1 && lonely(subject) && (image === undefined || weakForm(image) === weakForm(sources[0]!.name)) ? sources[0]!.folder : undefined);
      return folder === undefined ? undefined : serviceId(folder);
    },
    environment(service, name) {
      const key = JSON.stringify([service, name]);
      if (!environments.has(key)) environments.set(key, environmentOf(service, name));
      return environments.get(key);
    },
    stated: (folder) => statedOf.get(folder),
  };

  function environmentOf(service: string, name: string): Value<unknown> | undefined {
    const values: Value<unknown>[] = [];
    for (const [one] of byOwner.get(service) ?? []) {
      const set = setBy(one, name);
      // The place lies in the manifest, not in the file that asks.
      if (set) values.push("known" in set ? { ...set, from: set.from.map((at) => (at.file === "" ? { ...at, file: one.document.path } : at)) } : set);
    }
    // What a manifest sets wins over the image's own.
    if (values.length === 0 && imageSets(service, name)) return { unknown: `environment variable ${name} is set by a Dockerfile` };
    const [first] = values;
    if (!first) return undefined;
    const agree = "known" in first && values.every((one) => "known" in one && one.known === first.known);
    return agree ? first : { unknown: `environment variable ${name} differs between manifests` };
  }

  /** The list of the manifest wins over what it takes in, and of that the last. */
  function setBy(one: Workload, name: string): Value<unknown> | undefined {
    const listed = one.env.get(name);
    if (listed && "known" in listed) return listed;
    for (const source of one.sources.toReversed()) {
      if ((source.only !== undefined) !== (listed !== undefined)) continue;
      const given = taken(one.document, source, name);
      if (given) return given;
    }
    return listed ?? (one.envIsOpen ? { unknown: `a template may set ${name}` } : undefined);
  }

  function byEvidence(one: Workload): { folder: string; evidence: string } | { reason: string } {
    for (const { config, service } of stating(one))
      if (service.source !== undefined && within(one.document.path, config.folder)) {
        const folder = rooted(config, service.source);
        return byFolder.has(folder) ? { folder, evidence: `E5: ${config.path} states it` } : { reason: `${config.path} names the source ${service.source}, which is no package with source files` };
      }
    if (one.build !== undefined) {
      // A build of the whole repository says nothing about which of its packages runs.
      if (byFolder.has(one.build) && !(one.build === "" && sources.length > 1)) return { folder: one.build, evidence: `E4: ${one.evidence ?? "build context"} ${one.build || "."}` };
    }
    const made = one.image === undefined ? undefined : madeFrom(one.image);
    if (made) return { folder: made.folder, evidence: `E4: ${made.by} ${made.folder || "."}` };
    if (one.image !== undefined) {
      // The root of several packages carries the product's name, and so may an image that runs one of them.
      const strict = (bySaid.get(one.image) ?? []).filter((source) => source.folder !== "" || sources.length === 1);
      if (strict.length === 1) return { folder: strict[0]!.folder, evidence: `E3: image ${one.image} is the package's name` };
      if (strict.length > 1) return { reason: `image ${one.image} names several packages: ${strict.map((source) => source.folder || ".").join(", ")}` };
    }
    const fits = (name: string, source: Package) => weakForm(name) === weakForm(baseOf(source.folder)) || weakForm(name) === weakForm(source.name);
    const weak = [...new Set([...one.said, ...one.names].flatMap((name) => byWeak.get(weakForm(name)) ?? []))].filter((source) => source.folder !== "").sort((a, b) => rank.get(a)! - rank.get(b)!);
    if (weak.length > 1) return { reason: `its names fit several packages: ${weak.map((source) => source.folder).join(", ")}` };
    const [match] = weak;
    if (match && contained(one.document.path) === match.folder) return { folder: match.folder, evidence: `E2+E1: a name and the folder fit ${match.folder}` };
    const independent = match ? one.said.filter((name) => fits(name, match)) : [];
    if (match && independent.length >= 2) return { folder: match.folder, evidence: `E2: ${independent.join(" and ")} fit ${match.folder}` };
    const home = contained(one.document.path);
    if (home !== undefined && onlyHome.get(`${home}\0${one.kind}`) === 1) return { folder: home, evidence: `E1: the only ${one.kind} below ${home}` };
    return { reason: match ? `only one name fits ${match.folder}: one weak signal links nothing` : "no package fits its image, names or build" };
  }

  /** The one package that an image is built from elsewhere than in a manifest. */
  function madeFrom(image: string): ImageBuild | undefined {
    const found = only(builds.get(image) ?? []);
    return found && byFolder.has(found.folder) && !(found.folder === "" && sources.length > 1) ? found : undefined;
  }

  function attach(one: Workload, folder: string, evidence: string): void {
    owner.set(one, folder);
    const target = targetOf(one);
    const key = JSON.stringify([folder, target]);
    // A template stands for one workload in every unit of its chart.
    if (linked.has(key)) return;
    linked.add(key);
    links.push({ service: byFolder.get(folder)?.name || baseOf(folder) || "root", source: folder, target, evidence });
  }

  /** A workload whose image another, linked workload builds or runs is the same service; so is a registration under a linked workload's name. */
  function transitive(): void {
    const images = new Map<string, Peers>();
    const names = new Map<string, Peers>();
    let order = 0;
    const add = (map: Map<string, Peers>, said: string, one: Workload, folder: string) => {
      const peers = map.get(said) ?? { first: one, order, homes: new Set<string>() };
      map.set(said, peers);
      peers.homes.add(folder);
    };
    const remember = (one: Workload, folder: string) => {
      order++;
      if (one.image !== undefined) add(images, one.image, one, folder);
      for (const name of one.names) add(names, name, one, folder);
    };
    for (const [one, folder] of owner) remember(one, folder);
    for (const one of workloads) {
      if (owner.has(one)) continue;
      const found = [one.image === undefined ? undefined : images.get(one.image), one.kind === "registration" ? names.get(one.names[0]!) : undefined].filter((each) => each !== undefined).sort((a, b) => a.order - b.order);
      const folder = found.every(({ homes }) => homes.size === 1) ? only([...new Set(found.flatMap(({ homes }) => [...homes]))]) : undefined;
      if (folder === undefined) continue;
      reasons.delete(targetOf(one));
      attach(one, folder, `E4: same ${one.kind === "registration" ? "name" : "image"} as ${found[0]!.first.id}`);
      remember(one, folder);
    }
  }

  /** A repository with exactly one package and one workload needs no evidence. */
  function onlyOne(): void {
    if (sources.length !== 1 || workloads.length === 0) return;
    if (new Set(workloads.map((one) => one.names[0] ?? one.image ?? "")).size > 1 || workloads.some(isForeign)) return;
    for (const one of workloads) if (!owner.has(one)) reasons.delete(targetOf(one)), attach(one, sources[0]!.folder, "the only package and the only workload");
  }

  /** It runs what others publish, or what a folder beside the package builds, in whatever language. */
  function isForeign({ image, names }: Workload): boolean {
    if (image !== undefined && published.test(image)) return true;
    return dockerfiles.some((home) => (baseOf(home) === image || names.includes(baseOf(home))) && !within(home, sources[0]!.folder) && !within(sources[0]!.folder, home));
  }

  function statedByName(name: string, document: YamlDocument): string | undefined {
    const found = (statedNames.get(name) ?? []).filter(({ config, service }) => within(document.path, config.folder) && service.source !== undefined);
    const nearest = found.sort((a, b) => b.config.folder.length - a.config.folder.length)[0];
    return nearest && rooted(nearest.config, nearest.service.source!);
  }

  /** With one package in the repository, a subject that names at most the one known workload can only mean it. */
  function lonely(subject: Subject | undefined): boolean {
    const said = subject?.names ?? [];
    return first.size === 0 || (!foreign && first.size === 1 && (said.length === 0 || said.some((name) => first.has(name))));
  }

  function contained(path: string): string | undefined {
    const home = packageOf(path);
    return home.folder !== "" && holding.has(home) ? home.folder : undefined;
  }

  /** How many workloads of a kind, as they are written, lie below each package. */
  function lonelyHomes(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const one of written(workloads)) {
      const key = `${contained(one.document.path)}\0${one.kind}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  /** What the team states of services that a workload may be, in the order in which it is stated. */
  function stating(one: Workload): readonly StatedPlace[] {
    const found = [...(statedWorkloads.get(one.id) ?? []), ...(one.image === undefined ? [] : (statedImages.get(one.image) ?? [])), ...one.names.flatMap((name) => statedNames.get(name) ?? [])];
    return [...new Set(found)].sort((a, b) => a.order - b.order);
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

interface StatedPlace {
  readonly config: Config;
  readonly service: StatedService;
  readonly order: number;
}

/** Linked workloads that share an image or a name. */
interface Peers {
  readonly first: Workload;
  readonly order: number;
  readonly homes: Set<string>;
}

const published = /^(postgres(ql)?|postgis|mysql|mariadb|mongo(db)?|redis|valkey|memcached|rabbitmq|kafka|cp-kafka|zookeeper|nats|consul|vault|etcd|elasticsearch|opensearch|kibana|nginx|httpd|haproxy|traefik|grafana|prometheus|loki|tempo|jaeger|keycloak|minio|localstack|busybox|php|python|golang)$/;

const targetOf = (one: Workload) => `${one.id} (${one.document.path})`;
const placeOf = ({ path, index, built }: YamlDocument) => `${built?.of?.path ?? path}\0${built?.of?.index ?? index}`;
const rooted = (config: Config, source: string) => [config.folder, source.replace(/^\.\/|\/$/g, "")].filter((part) => part && part !== ".").join("/");
const baseOf = (folder: string) => folder.slice(folder.lastIndexOf("/") + 1);
const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** Packages that hold source of their own. Every folder is looked up once, however many files and packages there are. */
function withSource(packageOf: (path: string) => Package, paths: ReadonlySet<string>): ReadonlySet<Package> {
  const folders = new Set<string>();
  for (const path of paths) if (/\.[cm]?[jt]sx?$/.test(path)) folders.add(folder(path));
  return new Set([...folders].map((one) => packageOf(join(one, "x"))));
}

/** Name without the affixes that deployments add: `order-service` and `rs-order` are `order`. */
export function weakForm(name: string): string {
  return name.toLowerCase().replace(/^@[^/]*\//, "").replace(/^(svc|rs)-/, "").replace(/-?(service|svc|api|server|app)$/, "").replace(/[-_]/g, "");
}
