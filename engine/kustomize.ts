// What Kustomize overlays change in the manifests they take: a place that a patch touches is open, and so silent. Builds no overlay; reads no file.

import { append, grouped } from "./grouped.ts";
import { kept, type Kept } from "./kept.ts";
import { folder, join } from "./resolve.ts";
import { items, lookup, pairs, scalar, text, type Found } from "./yaml/read.ts";
import type { YamlDocument, YamlNode, YamlPair } from "./types.ts";

const FILE = /(?:^|\/)kustomization\.ya?ml$/;
const WHY = "a Kustomize overlay changes it";

/** Files that tell what overlays change: kustomizations, once manifests were read, and the patches that these name. */
export function* kustomizeFiles(documents: readonly YamlDocument[], paths: ReadonlySet<string>, keep: Kept = kept()): Iterable<string> {
  if (!documents.some((document) => document.class === "k8s")) return;
  for (const path of paths) if (FILE.test(path)) yield path;
  for (const document of documents) if (document.class === "kustomization") for (const { path } of patchesOf(document, keep)) if (path !== undefined && paths.has(path)) yield path;
}

/** The documents with every place open that some overlay patches. Of a patch itself only what it says is known. */
export function kustomizeReadings(documents: readonly YamlDocument[], keep: Kept = kept()): readonly YamlDocument[] {
  const kustomizations = documents.filter((document) => document.class === "kustomization" && document.root);
  if (kustomizations.length === 0) return documents;
  const byPath = grouped(documents, (document) => document.path);
  const homes = new Map(kustomizations.filter(({ path }) => FILE.test(path)).map((document) => [folder(document.path), document]));
  const changed = new Map<YamlDocument, Change[]>();
  const patchFiles = new Set<string>();
  for (const one of kustomizations) {
    const patches = patchesOf(one, keep);
    const counted = keep(one, "counts", [], () => counts(one));
    const changes = patches.flatMap((patch) => (patch.path === undefined ? patch.documents : byPath.get(patch.path) ?? []).map((document) => ({ document, target: patch.target })));
    for (const { path } of patches) if (path !== undefined) patchFiles.add(path);
    if (changes.length === 0 && counted.length === 0) continue;
    // What a component changes, those say who include it.
    const isComponent = text(scalar(one, one.root, "kind")) === "Component";
    const taken = isComponent ? documents.filter((document) => document.class === "k8s") : [...reached(one, homes, byPath, keep)];
    for (const document of taken) {
      for (const { document: change, target } of changes) if (document.root && isMeant(identity(document), identity(change), target)) append(changed, document, change);
      for (const name of counted) if (document.root && identity(document).name === name) append(changed, document, name);
    }
  }
  return documents.map((document) => {
    const changes = changed.get(document) ?? [];
    const isPatch = patchFiles.has(document.path) && document.root !== null;
    return changes.length === 0 && !isPatch ? document : keep(document, "patched", [isPatch, ...changes], () => patched(document, changes, isPatch));
  });

  function identity(document: YamlDocument): Identity {
    return keep(document, "identity", [], () => ({ kind: text(scalar(document, document.root, "kind")), name: text(scalar(document, document.root, "metadata", "name")) }));
  }
}

/** What is laid over a document, or the name of a workload whose replicas are set. */
type Change = YamlDocument | string;

interface Identity {
  readonly kind: string | undefined;
  readonly name: string | undefined;
}

function patched(document: YamlDocument, changes: readonly Change[], isPatch: boolean): YamlDocument {
  let { root } = document;
  for (const change of changes) if (root) root = typeof change === "string" ? opened(root, ["spec", "replicas"]) : touched(root, change);
  if (isPatch && root) root = withOpenMaps(root);
  return root === document.root ? document : { ...document, root };
}

interface Target {
  readonly kind?: string;
  readonly name?: string;
}

interface Patch {
  /** File of the patch; without it the patch stands in the kustomization. */
  readonly path?: string;
  readonly documents: readonly YamlDocument[];
  readonly target?: Target;
}

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ */
function patchesOf(document: YamlDocument, keep: Kept): readonly Patch[] {
  return keep(document, "patches", [], () => statedPatches(document));
}

function statedPatches(document: YamlDocument): readonly Patch[] {
  const home = folder(document.path);
  const found: Patch[] = [];
  const add = (written: string | undefined, inline: Found | undefined, target: Target | undefined) => {
    const documents = inline && (document.inline ?? []).flatMap((one) => (one.start === inline.node.at.start ? one.documents : []));
    if (written !== undefined || documents) found.push({ ...(written === undefined ? {} : { path: join(home, written) }), documents: documents ?? [], ...(target ? { target } : {}) });
  };
  for (const list of ["patches", "patchesJson6902"])
    for (const one of items(document, lookup(document, document.root, list))) {
      const [kind, name] = ["kind", "name"].map((key) => text(scalar(document, one, "target", key)));
      const target = lookup(document, one, "target") && { ...(kind === undefined ? {} : { kind }), ...(name === undefined ? {} : { name }) };
      add(text(scalar(document, one, "path")), lookup(document, one, "patch"), target);
    }
  for (const one of items(document, lookup(document, document.root, "patchesStrategicMerge"))) {
    const said = text(scalar(document, one));
    if (said !== undefined) add(said.includes("\n") ? undefined : said, one, undefined);
  }
  return found;
}

/** Names of the workloads whose replicas a kustomization sets. */
function counts(document: YamlDocument): readonly string[] {
  return items(document, lookup(document, document.root, "replicas")).flatMap((one) => text(scalar(document, one, "name")) ?? []);
}

/** Manifests that a kustomization takes, directly or through others. */
function reached(from: YamlDocument, homes: ReadonlyMap<string, YamlDocument>, byPath: ReadonlyMap<string, readonly YamlDocument[]>, keep: Kept): Set<YamlDocument> {
  const found = new Set<YamlDocument>();
  const seen = new Set<YamlDocument>();
  const open = [from];
  for (let one = open.pop(); one; one = open.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    for (const path of keep(one, "takes", [], () => takenBy(one))) {
      const below = homes.get(path);
      if (below) open.push(below);
      for (const document of byPath.get(path) ?? []) if (document.class === "k8s") found.add(document);
    }
  }
  return found;
}

/** Paths that a kustomization names: files, and folders of others. */
function takenBy(one: YamlDocument): readonly string[] {
  return ["resources", "bases", "components"].flatMap((list) => items(one, lookup(one, one.root, list)).map((entry) => join(folder(one.path), text(scalar(one, entry)) ?? "")));
}

/** Whether a patch is for a document: by its target, whose names are patterns, else by the kind and name that it bears itself. */
function isMeant(own: Identity, said: Identity, target: Target | undefined): boolean {
  const { kind, name } = target ?? said;
  const matches = (pattern: string | undefined, value: string | undefined) => pattern === undefined || value === undefined || pattern === value || (target !== undefined && /[^\w-]/.test(pattern));
  return matches(kind, own.kind) && matches(name, own.name);
}

/** A tree with the places open that a patch touches. */
function touched(root: YamlNode, change: YamlDocument): YamlNode {
  if (change.root?.kind !== "seq") return change.root ? laidOver(root, change, { node: change.root, origin: "own" }) : root;
  return items(change, change.root).reduce((node, one) => {
    const path = text(scalar(change, one, "path"));
    return path === undefined ? node : opened(node, path.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~")));
  }, root);
}

/** A strategic merge patch: maps are merged, lists of named items too, everything else is replaced. */
function laidOver(node: YamlNode, change: YamlDocument, patch: Found): YamlNode {
  if (node.kind === "map" && patch.node.kind === "map") {
    const said = new Map(pairs(change, patch).map((entry) => [entry.key, entry]));
    if (said.has("$patch")) return { ...node, open: WHY };
    const own = new Set(node.pairs.map(keyOf));
    const next = node.pairs.map((pair): YamlPair => {
      const over = said.get(keyOf(pair) ?? "");
      return over && pair.value ? { ...pair, value: laidOver(pair.value, change, over) } : pair;
    });
    return { ...node, pairs: next, ...([...said.keys()].some((key) => !own.has(key)) ? { open: WHY } : {}) };
  }
  if (node.kind === "seq" && patch.node.kind === "seq") {
    const named = new Map(items(change, patch).map((item) => [text(scalar(change, item, "name")), item]));
    return { ...node, open: WHY, items: node.items.map((item) => {
      const over = named.get(item.kind === "map" ? nameIn(item.pairs) : undefined);
      return over ? laidOver(item, change, over) : item;
    }) };
  }
  return isEqual(node, patch.node) ? node : { ...node, open: WHY };
}

/** A tree with the place of a path open; where the path leads nowhere, the last place that it leads to. */
function opened(node: YamlNode, keys: readonly string[]): YamlNode {
  const [key, ...rest] = keys;
  if (key === undefined) return { ...node, open: WHY };
  if (node.kind === "map" && node.pairs.some((pair) => keyOf(pair) === key && pair.value)) return { ...node, pairs: node.pairs.map((pair) => (keyOf(pair) === key && pair.value ? { ...pair, value: opened(pair.value, rest) } : pair)) };
  if (node.kind === "seq" && /^\d+$/.test(key) && node.items[Number(key)]) return { ...node, items: node.items.map((item, at) => (at === Number(key) ? opened(item, rest) : item)) };
  return { ...node, open: WHY };
}

function withOpenMaps(node: YamlNode): YamlNode {
  if (node.kind === "map") return { ...node, open: node.open ?? "a patch says only what it changes", pairs: node.pairs.map((pair) => (pair.value ? { ...pair, value: withOpenMaps(pair.value) } : pair)) };
  return node.kind === "seq" ? { ...node, open: node.open ?? "a patch says only what it changes", items: node.items.map(withOpenMaps) } : node;
}

const isEqual = (a: YamlNode, b: YamlNode) => a.kind === "scalar" && b.kind === "scalar" && a.value === b.value;
const keyOf = ({ key }: YamlPair): string | undefined => (key.kind === "scalar" ? String(key.value) : undefined);
const nameIn = (members: readonly YamlPair[]): string | undefined => members.flatMap((pair) => (keyOf(pair) === "name" && pair.value?.kind === "scalar" ? [String(pair.value.value)] : []))[0];
