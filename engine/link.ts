// Second pass: references resolved, facts given their service and unit. Resolves on demand and says which files it still needs.

import { configFor } from "./config.ts";
import { deployedBy } from "./deployed.ts";
import { documentFacts, type DocumentFacts } from "./document-facts.ts";
import { factTable, type FactTable } from "./fact-table.ts";
import { answers, views } from "./fact-view.ts";
import { isOwn, ownPlace } from "./filled.ts";
import { kept, type Kept } from "./kept.ts";
import { languageOf } from "./plan.ts";
import { apply, isKnown } from "./value.ts";
import { resolver, type Resolve } from "./resolve.ts";
import type { Association } from "./service.ts";
import { packageFinder, packagesOf, type Workspace } from "./workspace.ts";
import { versions } from "./version.ts";
import { append, grouped } from "./grouped.ts";
import type { DocumentClass, Exported, Extract, Fact, FactKind, Facts, Known, Linked, Ref, Span, Value, YamlDocument } from "./types.ts";

export interface Index {
  readonly facts: Facts;
  /** What a rule that judges this document may ask: facts that hold in its deployment unit, and of its own file those of the document itself. */
  factsFor(document: YamlDocument): Facts;
  /** Whether a document is a template of no chart: nothing says what it becomes. */
  isLoose(document: YamlDocument): boolean;
  /** Documents that are judged: production YAML in the readings of their units. */
  readonly documents: readonly YamlDocument[];
  readonly association: Association;
  readonly resolve: Resolve;
  /** All facts of a kind, in the order of files. */
  list(kind: FactKind<any>): readonly Linked<any>[];
  /** Files that state a fact of a kind. */
  filesOf(kind: FactKind<any>): Iterable<string>;
  /** Files that a reference needs and that were not read yet. Grows while questions are asked. */
  readonly missing: ReadonlySet<string>;
  /** Lazy kinds that a check asked for, with the services it asked about. Grows while questions are asked. */
  readonly asked: ReadonlyMap<FactKind<any>, ReadonlySet<string>>;
  /** Files that a deferred kind was asked of and that were read without it. Grows while questions are asked. */
  readonly shallow: ReadonlySet<string>;
  /** Id of the service whose package a path lies in. */
  ownerOf(path: string): string;
}

/** What stays true of documents from link to link. */
export interface LinkMemory {
  readonly factsOf: DocumentFacts;
  readonly keep: Kept;
  /** Facts that name nothing of other files, as they were linked last. */
  readonly linkedOf: WeakMap<Fact<any>, Linked<any>>;
  /** Tables of such facts alone, by kind, with what they rest on. */
  readonly tables: Map<string, { readonly given: readonly unknown[]; readonly table: FactTable }>;
}

export const linkMemory = (): LinkMemory => ({ factsOf: documentFacts(), keep: kept(), linkedOf: new WeakMap(), tables: new Map() });

/** Links a workspace. Pure; nothing is resolved before it is asked for. `before` was asked for already. */
export function link(workspace: Workspace, { factsOf, keep, linkedOf, tables }: LinkMemory = linkMemory(), before?: Index["asked"]): Index {
  const { manifests, paths, configs } = workspace;
  // Workers finish in any order: facts are asked for in the order of paths.
  const extracts = new Map([...workspace.extracts].sort(([a], [b]) => (a < b ? -1 : 1)));
  const packages = keep(manifests, "packages", [], () => packagesOf(manifests));
  const resolve = keep(manifests, "resolve", [paths], () => resolver(paths, manifests));
  const asked = new Map<FactKind<any>, Set<string>>([...(before ?? [])].map(([kind, services]) => [kind, new Set(services)]));
  const shallow = new Set<string>();
  const packageOf = packageFinder(packages);
  const ownerOf = (path: string) => `package:${packageOf(path).folder}`;
  const others = [...extracts.values()].filter((one) => languageOf(one.path) !== "ts");
  const deployed = keep(manifests, "deployed", [paths, configs, packages, ...others], () => deployedBy(workspace, others, packages, keep));
  const { documents, association, isLoose, startsOf } = deployed;
  const missing = new Set(deployed.missing);
  const installed = keep(manifests, "versions", [packages], () => versions(manifests, packages));
  const byKind = new Map<string, FactTable>();
  const holders = holdersOf(extracts.values());
  const broken = new Set<string>();
  let deployers: ReadonlyMap<string, DocumentClass> | undefined;
  for (const one of extracts.values()) if (one.problems.some((problem) => problem.incomplete)) broken.add(ownerOf(one.path));
  const unread = grouped([...extracts.values()].filter((one) => !one.deep && one.documents.length === 0), (one) => ownerOf(one.path));

  const facts: Facts = {
    in: (file, kind) => table(kind).in(file),
    beside(fact, kind) {
      if (fact.service === undefined) return [];
      ask(kind, fact.service);
      return table(kind).of(fact.service).facts.filter((one) => one !== fact && together(fact, one) && comparable(one.value) && !isSetElsewhere(one, fact) && !isSetElsewhere(fact, one));
    },
    all(service, kind) {
      if (service !== undefined) ask(kind, service);
      if (kind.ts?.deferred && service !== undefined) {
        for (const one of unread.get(service) ?? []) shallow.add(one.path);
        unread.delete(service);
      }
      const { facts: found, open } = table(kind).of(service);
      return { facts: found, complete: workspace.settled && service !== undefined && !broken.has(service) && !open };
    },
    everywhere: (kind) => table(kind).list(),
    once: answers(),
    named(file, name, kind) {
      const ends = new Set<string>();
      const target = follow(file, name, ends);
      if (kind.ts?.deferred) for (const end of ends) if (extracts.get(end)?.deep === undefined) shallow.add(end);
      return target && table(kind).at(target.file, target.start);
    },
    version: (fact, pkg) => installed(fact.at.file, pkg),
    script(service, name) {
      const home = service === undefined ? undefined : packageOf(`${service.slice("package:".length)}/package.json`);
      const said = home && Object.hasOwn(home.scripts, name) ? home.scripts[name] : undefined;
      return typeof said === "string" ? said : undefined;
    },
  };
  const factsFor = views(facts, (document, kind) => table(kind).within(document), startsOf);
  return { facts, factsFor, isLoose, documents, association, resolve, missing, asked, shallow, ownerOf, list: (kind) => table(kind).list(), filesOf };

  /** A kind that source files alone state need not be linked for it. */
  function filesOf(kind: FactKind<any>): Iterable<string> {
    return kind.yaml || kind.link || kind.stated ? table(kind).files() : (holders.get(kind.id) ?? []).map((one) => one.path);
  }

  function ask(kind: FactKind<any>, service: string): void {
    if (kind.ts?.lazy === true) asked.set(kind, (asked.get(kind) ?? new Set()).add(service));
  }

  /** Compose and Kubernetes run a service beside each other: a variable that a manifest of one sets has that value there alone. */
  function isSetElsewhere({ value }: Linked<any>, { at }: Linked<unknown>): boolean {
    const here = value !== null && typeof value === "object" && "known" in value ? deployerOf(at.file) : undefined;
    return here !== undefined && (value as Known<unknown>).from.some((one) => (deployerOf(one.file) ?? here) !== here);
  }

  function deployerOf(file: string): "Compose" | "Kubernetes" | undefined {
    deployers ??= new Map(documents.map((one) => [one.path, one.class]));
    const of = /(^|\/)\.env$/.test(file) ? "compose" : deployers.get(file);
    return of === "compose" ? "Compose" : of === "k8s" || of === "helm-values" || of === "values-fragment" ? "Kubernetes" : undefined;
  }

  function table(kind: FactKind<any>): FactTable {
    const known = byKind.get(kind.id);
    if (known) return known;
    const stating = holders.get(kind.id) ?? [];
    const given = [deployed, packages, configs, ...stating.map((one) => one.facts[kind.id])];
    const last = kind.link ? undefined : tables.get(kind.id);
    const isSame = last !== undefined && last.given.length === given.length && last.given.every((one, at) => one === given[at]);
    const found = isSame ? last.table : factTable(startsOf);
    byKind.set(kind.id, found);
    if (!isSame && fill(found, kind, stating) && !kind.link) tables.set(kind.id, { given, table: found });
    return found;
  }

  /** Whether all that it is filled with names nothing of other files. */
  function fill(found: FactTable, kind: FactKind<any>, stating: readonly Extract[]): boolean {
    let isOwnWords = true;
    const put = (fact: Fact<any>, ...as: [path: string, service: string | undefined, at: () => Span, unit?: string]) => {
      found.put(linkedFact(fact, ...as));
      isOwnWords &&= linkedOf.has(fact);
    };
    for (const one of stating) {
      const service = ownerOf(one.path);
      for (const fact of one.facts[kind.id] as Fact<any>[]) put(fact, one.path, service, () => placed(fact.at, one.path));
    }
    if (kind.yaml)
      for (const document of documents)
        for (const fact of factsOf(document, kind))
          if (isOwn(document, fact.at)) put(fact, document.path, association.serviceOf(document, fact.of), () => placed(ownPlace(document, fact.at), document.path), document.unit);
    for (const stated of statements(kind)) found.put(stated);
    if (kind.link) for (const fact of kind.link.find(facts)) found.put(fact);
    return isOwnWords;
  }

  function linkedFact(fact: Fact<any>, path: string, service: string | undefined, at: () => Span, unit?: string): Linked<any> {
    const last = linkedOf.get(fact);
    if (last && last.service === service) return last;
    const made: Linked<any> = { ...fact, at: at(), value: linked(fact.value, path), ...(service === undefined ? {} : { service }), ...(unit === undefined ? {} : { unit }) };
    if (isOwnWord(fact.value)) linkedOf.set(fact, made);
    return made;
  }

  /** What pitlint.yaml states of a service, or of all services of its folder, is a fact like any other, with that file as its place. */
  function* statements(kind: FactKind<any>): Iterable<Linked<any>> {
    if (!kind.stated) return;
    for (const one of packages) {
      const config = configFor(configs, one.folder === "" ? "package.json" : `${one.folder}/package.json`);
      const value = kind.stated(association.stated(one.folder) ?? {}) ?? kind.stated(config);
      if (value && value.from[0]) yield { at: value.from[0], value, service: `package:${one.folder}` };
    }
  }

  function linked(value: any, file: string): any {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((one) => linked(one, file));
    if (isValue(value)) return settle(value, file, 0);
    if ("file" in value && "start" in value && "end" in value) return placed(value as Span, file);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === "ref" ? one : linked(one, file)]));
  }

  function settle(value: Value<unknown>, file: string, depth: number): Value<unknown> {
    if (depth > 30) return { unknown: "references go round" };
    if ("known" in value) return { ...value, from: value.from.map((one) => placed(one, file)) };
    if ("ref" in value) {
      const found = exported(file, value.ref, 0);
      return found && isValue(found.entry) ? settle(found.entry as Value<unknown>, found.file, depth + 1) : { unknown: `cannot follow ${value.ref.name}` };
    }
    if ("apply" in value) return apply(value.apply, value.to.map((one) => settle(one, file, depth + 1)), value.from.map((one) => placed(one, file)));
    if ("env" in value) {
      const set = association.environment(ownerOf(file), value.env);
      if (set) return set;
      const fallback = settle(value.or, file, depth + 1);
      return isKnown(fallback) ? { ...fallback, by: "env" } : { unknown: `environment variable ${value.env} is not known` };
    }
    return value;
  }

  /** `ends` collects the files where the way ended. */
  function exported(file: string, ref: Ref, depth: number, ends?: Set<string>): { entry: Exported; file: string } | undefined {
    if (depth > 12) return undefined;
    const target = ref.module === undefined ? file : resolve(file, ref.module);
    if (target === undefined) return undefined;
    const extract = extracts.get(target);
    if (!extract) return void missing.add(target);
    let entry: Exported | undefined = Object.hasOwn(extract.exports, ref.name) ? extract.exports[ref.name] : undefined;
    let keys = ref.keys ?? [];
    // A CommonJS module that is required whole: `exports.pool` is its `pool`.
    if (!entry && ref.name === "default" && keys[0] !== undefined && Object.hasOwn(extract.exports, keys[0])) [entry, keys] = [extract.exports[keys[0]], keys.slice(1)];
    let home = target;
    if (!entry)
      for (const module of extract.reexports) {
        const found = exported(target, { module, name: ref.name }, depth + 1, ends);
        if (found) return descend(found.entry, found.file, keys, depth + 1, ends);
      }
    if (entry && "ref" in entry) {
      const found = exported(target, entry.ref, depth + 1, ends);
      if (!found) return undefined;
      ({ entry, file: home } = found);
    }
    ends?.add(home);
    return entry && descend(entry, home, keys, depth, ends);
  }

  function descend(entry: Exported, file: string, keys: readonly string[], depth: number, ends?: Set<string>): { entry: Exported; file: string } | undefined {
    let at: Exported | undefined = entry;
    let home = file;
    for (const key of keys) {
      if (!at || !("members" in at) || !Object.hasOwn(at.members, key)) return undefined;
      at = at.members[key];
      if (at && "ref" in at) {
        const found = exported(home, at.ref, depth + 1, ends);
        if (!found) return undefined;
        ({ entry: at, file: home } = found);
      }
    }
    return at && { entry: at, file: home };
  }

  function follow(file: string, ref: Ref, ends: Set<string>): { file: string; start: number } | undefined {
    if (ref.start !== undefined) return ends.add(file), { file, start: ref.start };
    const found = exported(file, ref, 0, ends);
    return found && "fact" in found.entry ? { file: found.file, start: found.entry.fact[1] } : undefined;
  }
}

/** Files that hold facts of each kind. */
function holdersOf(extracts: Iterable<Extract>): ReadonlyMap<string, readonly Extract[]> {
  const holders = new Map<string, Extract[]>();
  for (const one of extracts) for (const kind of Object.keys(one.facts)) append(holders, kind, one);
  return holders;
}

/** Same service, same unit where both have one, no guard that contradicts. */
function together(a: Linked<unknown>, b: Linked<unknown>): boolean {
  if (a.service !== b.service || (a.unit !== undefined && b.unit !== undefined && a.unit !== b.unit)) return false;
  return !a.when?.some((guard) => b.when?.some((other) => other.expr === guard.expr && other.holds !== guard.holds));
}

/** Nothing in it stands for what another file says. */
function isOwnWord(value: any): boolean {
  if (value === null || typeof value !== "object") return true;
  if (!Array.isArray(value) && ("ref" in value || "apply" in value || "env" in value)) return false;
  return Object.values(value).every(isOwnWord);
}

const isValue = (value: object): boolean => "known" in value || "absent" in value || "unknown" in value || "apply" in value || "env" in value || ("ref" in value && "from" in value);
const comparable = (value: any): boolean => value === null || typeof value !== "object" || !isValue(value) || "known" in value;
const placed = (span: Span, file: string): Span => (span.file === "" ? { ...span, file } : span);
