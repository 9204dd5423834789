// Manifests as Kustomize overlays build them: each object once for every overlay that takes it, with the places of its values in the files that state them. Reads no file.

import { build, itemsOf, loosen, looseOf, type Files, type Item } from "./kustomize/build.ts";
import { patchesOf, pathsOf } from "./kustomize/kustomization.ts";
import { opened, said, unmarked } from "./kustomize/tree.ts";
import { append, grouped } from "./grouped.ts";
import { kept, type Kept } from "./kept.ts";
import { folder } from "./resolve.ts";
import type { Built, YamlDocument, YamlNode } from "./types.ts";

const FILE = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
/** Overlays of one base that are judged: more are variants nobody reads findings of. */
const maxUnits = 8;

/** Files that tell what overlays make: kustomizations, once manifests were read, and the manifests and patches that these name. */
export function* kustomizeFiles(documents: readonly YamlDocument[], paths: ReadonlySet<string>, keep: Kept = kept()): Iterable<string> {
  if (!documents.some((document) => document.class === "k8s")) return;
  for (const path of paths) if (FILE.test(path)) yield path;
  for (const document of documents) {
    if (document.class !== "kustomization") continue;
    for (const path of keep(document, "files", [], () => [...pathsOf(document, "resources", "bases"), ...patchesOf(document).flatMap((one) => one.path ?? [])])) if (paths.has(path)) yield path;
  }
}

/**
 * The documents with every manifest that an overlay takes as it reads in the overlays that nobody takes in turn, and no longer by itself. An object that
 * several files make up has a reading for each: what stands in a patch is judged in the reading of the patch. Of a patch that no overlay applies only what
 * it says is known. A development stage is one by its path.
 */
export function kustomizeReadings(documents: readonly YamlDocument[], isDevelopment: (path: string) => boolean = () => false): readonly YamlDocument[] {
  const kustomizations = documents.filter(isKustomization);
  if (kustomizations.length === 0) return documents;
  const byPath = grouped(documents, (document) => document.path);
  const homes = new Map(kustomizations.map((document) => [folder(document.path), document]));
  const applied = new Set<YamlDocument>();
  // A folder whose kustomization nobody sees is taken as it lies there.
  const byFolder = grouped(documents.filter((document) => document.class === "k8s"), (document) => folder(document.path));
  const documentsOf = (path: string) => byPath.get(path) ?? (homes.has(path) ? [] : (byFolder.get(path) ?? []));
  const files: Files = { kustomization: (path) => homes.get(path), documents: documentsOf, applied: (patch) => void applied.add(patch) };
  const included = new Set(kustomizations.flatMap((one) => pathsOf(one, "components").flatMap((path) => homes.get(path) ?? [])));
  const isLoose = (one: YamlDocument) => isComponent(one) && !included.has(one);
  const loose = kustomizations.filter(isLoose).map(looseOf);
  const named = new Set(kustomizations.filter((one) => !isLoose(one)).flatMap((one) => pathsOf(one, "resources", "bases", "components").flatMap((path) => homes.get(path) ?? [])));
  const rank = (path: string) => (isDevelopment(path) ? 2 : /(?:^|[/._-])(?:prod|production|live)(?=[/._-]|$)/i.test(path) ? 0 : 1);
  const roots = kustomizations.filter((one) => !named.has(one) && !isComponent(one)).sort((a, b) => rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1));
  const units = new Map<YamlDocument, number>();
  const steady = new Set<YamlDocument>();
  const used = new Set<YamlDocument>();
  const readings: YamlDocument[] = [];
  for (const root of roots) {
    const { items, kustomizations: made } = build(root, files);
    const shared = items.filter(({ document }) => !document.path.startsWith(`${folder(root.path)}/`) && byPath.has(document.path) && !made.has(document));
    if (shared.length > 0 && shared.every(({ document }) => (units.get(document) ?? 0) >= maxUnits)) continue;
    for (const one of loose) loosen(one, items as Item[], files);
    for (const one of made) used.add(one);
    for (const item of distinct(items)) {
      units.set(item.document, (units.get(item.document) ?? 0) + 1);
      readings.push(...readingsOf(item, root.path, isDevelopment(root.path) && steady.has(item.document)));
      if (!isDevelopment(root.path)) steady.add(item.document);
    }
    // What an overlay deletes is not deployed by it.
    for (const one of made) for (const path of pathsOf(one, "resources", "bases")) for (const document of documentsOf(path)) if (document.class === "k8s" && !document.template) used.add(document);
  }
  const patchFiles = new Set(kustomizations.flatMap((one) => patchesOf(one).flatMap((patch) => patch.path ?? [])));
  const plain = documents.flatMap((document): YamlDocument[] => {
    if (used.has(document) || applied.has(document)) return [];
    const { root } = document;
    if (patchFiles.has(document.path) && root) return [{ ...document, root: withOpenMaps(root) }];
    if (loose.length === 0) return [document];
    const items = itemsOf(document);
    for (const one of loose) loosen(one, items, files);
    const changed = items.find((item) => item.root !== root);
    return changed ? [{ ...document, root: changed.root, ...(changed.isPlaced ? { isMerged: true as const } : {}) }] : [document];
  });
  return [...plain, ...readings].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

const isKustomization = ({ class: kind, path, root }: YamlDocument) => kind === "kustomization" && root?.kind === "map" && FILE.test(path) && (said(root, "apiVersion") ?? "kustomize.config.k8s.io/").startsWith("kustomize.config.k8s.io/");
const isComponent = ({ root }: YamlDocument) => said(root, "kind") === "Component";

/** The objects of a unit; of those that only a prefix of their names tells apart, nobody knows the name. */
function distinct(items: readonly Item[]): readonly Item[] {
  const known = new Map<string, Item[]>();
  for (const item of items) append(known, JSON.stringify([item.kind, item.names[0], said(item.root, "metadata", "namespace")]), item);
  for (const group of known.values()) if (group.length > 1) for (const item of group) item.root = opened(item.root, ["metadata", "name"]);
  return items;
}

function* readingsOf({ document, root, isPlaced, parts, removed }: Item, unit: string, isAside: boolean): Iterable<YamlDocument> {
  const place = ({ path, at }: { readonly path: string; readonly at: { readonly start: number; readonly end: number } }) => ({ file: path, start: at.start, end: at.end });
  const shared: Built = { parts: parts.map(place), removed, ...(removed.length > 0 ? { before: root } : {}), ...(isAside ? { isAside: true as const } : {}) };
  const shown = removed.length > 0 ? unmarked(root) : root;
  yield { ...document, root: shown, unit, built: shared, ...(isPlaced ? { isMerged: true as const } : {}) };
  const seen = new Set<string>();
  for (const part of isPlaced ? parts : []) {
    const key = `${part.path}\0${part.at.start}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield { path: part.path, index: part.index, at: { ...part.at, file: "" }, class: document.class, root: shown, errors: [], unit, isMerged: true, built: { ...shared, of: { path: document.path, index: document.index } } };
  }
}

function withOpenMaps(node: YamlNode): YamlNode {
  if (node.kind === "map") return { ...node, open: node.open ?? "a patch says only what it changes", pairs: node.pairs.map((pair) => (pair.value ? { ...pair, value: withOpenMaps(pair.value) } : pair)) };
  return node.kind === "seq" ? { ...node, open: node.open ?? "a patch says only what it changes", items: node.items.map(withOpenMaps) } : node;
}
