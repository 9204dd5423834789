// Builds an overlay as Kustomize does: what it takes, what it generates, its components, then what it changes. Documents in, objects out; reads no file.
// The order is that of https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/target/kusttarget.go

import { items, lookup, scalar, text } from "../yaml/read.ts";
import { generatedBy, mergedData } from "./generate.ts";
import { jsonPatch, keysOf } from "./json-patch.ts";
import { patchesOf, pathsOf, settingsOf, type Patch, type Target } from "./kustomization.ts";
import { strategicMerge } from "./strategic-merge.ts";
import { below, changed, keyOf, opened, placed, said, unknown, withMember } from "./tree.ts";
import { isScaled, withAnnotations, withImage, withLabels, withNamespace, withReplicas } from "./transform.ts";
import type { Span, YamlDocument, YamlNode } from "../types.ts";

/** A document that puts something into an object: a patch, or a kustomization. */
export interface Part {
  readonly path: string;
  readonly index: number;
  readonly at: Span;
}

/** An object on its way through overlays. */
export interface Item {
  /** Where it comes from. */
  readonly document: YamlDocument;
  readonly kind: string;
  /** Names it has had; the first is the one that others call it by. */
  readonly names: string[];
  root: YamlNode;
  /** Every place names its file. */
  isPlaced: boolean;
  readonly parts: Part[];
  /** Where overlays say what they take away. */
  readonly removed: Span[];
}

/** What is known of the files of a workspace. */
export interface Files {
  /** The kustomization of a folder. */
  kustomization(folder: string): YamlDocument | undefined;
  /** The documents of a file. */
  documents(path: string): readonly YamlDocument[];
  /** Notes a patch that was applied to an object. */
  applied(patch: YamlDocument): void;
}

/** What a component changes that nobody includes. */
export interface Loose {
  readonly patches: readonly Patch[];
  /** Names of the workloads that it scales. */
  readonly scaled: readonly string[];
}

export function looseOf(component: YamlDocument): Loose {
  return { patches: patchesOf(component), scaled: settingsOf(component).replicas.map(({ name }) => name) };
}

/** Makes unknown what a component changes of objects: nobody says who includes it. */
export function loosen({ patches, scaled }: Loose, own: Item[], files: Files): void {
  for (const patch of patches) patchAll(patch, own, files, false);
  for (const name of scaled) for (const item of own) if (item.names.includes(name)) item.root = opened(item.root, ["spec", "replicas"]);
}

/** The objects of an overlay, and the kustomizations that make it. */
export function build(root: YamlDocument, files: Files): { readonly items: readonly Item[]; readonly kustomizations: ReadonlySet<YamlDocument> } {
  const kustomizations = new Set<YamlDocument>();
  const list: Item[] = [];
  run(root, list, []);
  return { items: list, kustomizations };

  /** Adds the objects of a kustomization to a list, and changes what is on it. */
  function run(one: YamlDocument, into: Item[], trail: readonly YamlDocument[]): void {
    if (trail.includes(one) || trail.length > 20) return;
    kustomizations.add(one);
    const isComponent = text(scalar(one, one.root, "kind")) === "Component";
    // A component changes what those have who include it; another kustomization only what it takes.
    const own: Item[] = isComponent ? into : [];
    for (const path of pathsOf(one, "resources", "bases")) {
      const next = files.kustomization(path);
      if (next && text(scalar(next, next.root, "kind")) !== "Component") run(next, own, [...trail, one]);
      else for (const document of files.documents(path)) own.push(...itemsOf(document));
    }
    generate(one, own);
    for (const path of pathsOf(one, "components")) {
      const next = files.kustomization(path);
      if (next) run(next, own, [...trail, one]);
    }
    transform(one, own);
    if (!isComponent) into.push(...own);
  }

  function generate(one: YamlDocument, own: Item[]): void {
    for (const made of generatedBy(one)) {
      const old = made.behavior === "create" ? undefined : own.find((item) => item.kind === made.kind && item.names.includes(made.name));
      const part = { path: one.path, index: one.index, at: made.at };
      if (old) place(old), (old.root = mergedData(old.root, made)), old.parts.push(part);
      else own.push({ document: { path: one.path, index: one.index, at: made.at, class: "k8s", root: made.root, errors: [] }, kind: made.kind, names: [made.name], root: made.root, isPlaced: true, parts: [], removed: [] });
    }
  }

  function transform(one: YamlDocument, own: Item[]): void {
    const settings = settingsOf(one);
    const patches = patchesOf(one);
    const self: Part = { path: one.path, index: one.index, at: one.at };
    for (const patch of patches) if (!patch.isLate) patchAll(patch, own, files, true);
    for (const item of own) {
      if (settings.namespace !== undefined) item.root = withNamespace(item.root, item.kind, settings.namespace);
      const name = item.names.at(-1);
      if (name !== undefined && !/^(?:Namespace|CustomResourceDefinition|APIService)$/.test(item.kind) && settings.namePrefix + settings.nameSuffix !== "") item.names.push(settings.namePrefix + name + settings.nameSuffix);
      for (const { of, fields, ...parts } of settings.labels) {
        item.root = withLabels(item.root, item.kind, of, parts);
        for (const field of fields) item.root = opened(item.root, field.split("/").flatMap((key) => (key.endsWith("[]") ? [key.slice(0, -2), "*"] : [key])));
      }
      if (settings.annotations) item.root = withAnnotations(item.root, item.kind, settings.annotations);
    }
    for (const patch of patches) if (patch.isLate) patchAll(patch, own, files, true);
    for (const item of own) {
      for (const { name, count } of settings.replicas) if (item.names.includes(name) && isScaled(item.root)) place(item), (item.root = withReplicas(item.root, count)), item.parts.push(self);
      for (const image of settings.images) item.root = withImage(item.root, image);
    }
    replace(one, own);
    // What a program of the team makes of objects, and what it puts in for variables, nobody can tell.
    if (lookup(one, one.root, "transformers")) for (const item of own) item.root = unknown(item.root);
    if (lookup(one, one.root, "vars")) for (const item of own) item.root = withoutVariables(item.root);
  }
}

/** `isSure` is false where nobody knows whether the patch is applied. */
function patchAll(patch: Patch, own: Item[], files: Files, isSure: boolean): void {
  const documents = patch.path === undefined ? patch.inline : files.documents(patch.path);
  // What a patch says that cannot be read, nobody knows.
  if (documents.length === 0 || documents.some((one) => one.errors.length > 0)) {
    for (const item of own) if (!patch.target || fits(item, patch.target) !== "no") item.root = unknown(item.root);
    return;
  }
  for (const document of documents) {
    const { root } = document;
    if (!root) continue;
    const meant = own.flatMap((item) => {
      const verdict = patch.target ? fits(item, patch.target) : isFor(item, root) ? "yes" : "no";
      return verdict === "no" ? [] : [{ item, verdict }];
    });
    // Most patches are for few of the objects, and a patch of a component may be tried on each.
    const tree = meant.length > 0 ? placed(document, { node: root, origin: "own" }) : undefined;
    for (const { item, verdict } of meant) {
      place(item);
      if (!tree || !item.isPlaced) item.root = unknown(item.root);
      else if (!isSure || verdict === "maybe") item.root = mixed(item.root, tree);
      else {
        files.applied(document);
        const next = patched(item, tree);
        if (next) item.root = next;
        else own.splice(own.indexOf(item), 1);
        item.parts.push({ path: document.path, index: document.index, at: document.at });
      }
    }
  }
}

function patched(item: Item, patch: YamlNode): YamlNode | undefined {
  if (patch.kind === "seq") return jsonPatch(item.root, patch.items, item.removed);
  return strategicMerge(item.root, identified(patch, item.root), { kind: item.kind, isBuiltin: isBuiltin(item.root), removed: item.removed });
}

/** The objects of a manifest; a list of objects is none of its own. */
export function itemsOf(document: YamlDocument): Item[] {
  const { root } = document;
  const kind = said(root, "kind");
  const name = said(root, "metadata", "name");
  if (document.class !== "k8s" || !root || kind === undefined || document.template) return [];
  return [{ document, kind, names: name === undefined ? [] : [name], root, isPlaced: false, parts: [], removed: [] }];
}

/** Copies an object so that every place names its file. One that cannot be copied stays as it is. */
function place(item: Item): void {
  if (item.isPlaced) return;
  // Places that transformers put in lie in the file of the object, too.
  const root = item.document.errors.length > 0 ? undefined : placed({ ...item.document, root: item.root }, { node: item.root, origin: "own" });
  if (root) (item.root = root), (item.isPlaced = true);
}

/** A patch keeps the object's name and kind; only its own name tells whom it is for. */
function identified(patch: YamlNode, root: YamlNode): YamlNode {
  if (patch.kind !== "map") return patch;
  const name = below(root, "metadata", "name");
  return { ...patch, pairs: patch.pairs.filter((pair) => !/^(?:kind|apiVersion)$/.test(keyOf(pair) ?? "")).map((pair) => {
    if (keyOf(pair) !== "metadata" || pair.value?.kind !== "map") return pair;
    return { ...pair, value: { ...pair.value, pairs: pair.value.pairs.filter((one) => !/^(?:name|namespace)$/.test(keyOf(one) ?? "") || (keyOf(one) === "name" && !name)) } };
  }) };
}

/** A tree with every place unknown that a patch may touch. */
function mixed(node: YamlNode, patch: YamlNode): YamlNode {
  if (patch.kind === "seq" && patch.items.every((one) => said(one, "path")?.startsWith("/"))) return patch.items.reduce((root, one) => opened(root, keysOf(said(one, "path"))!), node);
  // An object that may be left out is judged as it is where it is not.
  return said(patch, "$patch") === "delete" ? node : touched(node, identified(patch, node));
}

function touched(node: YamlNode, patch: YamlNode): YamlNode {
  if (node.kind === "map" && patch.kind === "map" && below(patch, "$patch") === undefined) {
    return patch.pairs.reduce<YamlNode>((map, { key, value }) => {
      const name = key.kind === "scalar" ? String(key.value) : "";
      return map.kind === "map" && value && below(map, name) ? withMember(map, name, (old) => touched(old, value)) : { ...map, open: changed };
    }, node);
  }
  if (node.kind === "seq" && patch.kind === "seq" && patch.items.every((one) => said(one, "name") !== undefined)) {
    const named = new Map(patch.items.map((one) => [said(one, "name"), one]));
    return { ...node, open: changed, items: node.items.map((item) => {
      const over = said(item, "name") === undefined ? undefined : named.get(said(item, "name"));
      return over ? touched(item, over) : item;
    }) };
  }
  return node.kind === "scalar" && patch.kind === "scalar" && node.value === patch.value ? node : unknown(node);
}

/** Whether a patch without a target is for an object: of its kind and of one of its names. */
function isFor(item: Item, patch: YamlNode): boolean {
  const name = said(patch, "metadata", "name");
  const [own, other] = [said(item.root, "metadata", "namespace"), said(patch, "metadata", "namespace")];
  return said(patch, "kind") === item.kind && name !== undefined && item.names.includes(name) && groupOf(said(patch, "apiVersion")) === groupOf(said(item.root, "apiVersion")) && (own === undefined || other === undefined || own === other);
}

const groupOf = (version: string | undefined): string => (version?.includes("/") ? version.slice(0, version.indexOf("/")) : "");

/** Custom resources have groups of other domains: their lists have no keys. Which former versions are known depends on who builds. */
function isBuiltin(root: YamlNode): boolean | undefined {
  const version = said(root, "apiVersion") ?? "";
  if (/^(?:v1|(?:apps|batch|autoscaling|policy)\/v\d+|[a-z.]+\.k8s\.io\/v\d+)$/.test(version)) return true;
  return /^(?:(?:apps|batch|autoscaling|policy|extensions)|[a-z.]+\.k8s\.io)\/v\d+(?:alpha|beta)\d+$/.test(version) ? undefined : false;
}

/** Whether a target means an object. */
function fits(item: Item, { kind, name, namespace, group, version, labels, more }: Target): "yes" | "no" | "maybe" {
  const apiVersion = said(item.root, "apiVersion") ?? "";
  const is = (pattern: string | undefined, values: readonly (string | undefined)[]) => {
    if (pattern === undefined) return true;
    try {
      return values.some((value) => value !== undefined && new RegExp(`^(?:${pattern})$`).test(value));
    } catch {
      return true;
    }
  };
  const isPlain = [kind, name, namespace, group, version].every((pattern) => pattern === undefined || (/^[\w.*|-]+$/.test(pattern) && pattern.split("*").length < 4));
  // Other patterns may take long, or mean something else in another dialect.
  if (!isPlain) return (kind === undefined || !/^\w+$/.test(kind) || kind === item.kind) ? "maybe" : "no";
  if (!is(kind, [item.kind]) || !is(name, item.names) || !is(group, [groupOf(apiVersion)]) || !is(version, [apiVersion.slice(apiVersion.indexOf("/") + 1)])) return "no";
  if (namespace !== undefined && !is(namespace, [said(item.root, "metadata", "namespace") ?? "default"])) return "no";
  const wanted = (labels ?? "").split(",").filter(Boolean).map((one) => /^([\w./-]+)\s*==?\s*([\w.-]*)$/.exec(one.trim()));
  if (wanted.some((one) => one && said(item.root, "metadata", "labels", one[1]!) !== one[2])) return "no";
  return more || wanted.includes(null) ? "maybe" : "yes";
}

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/ */
function replace(one: YamlDocument, own: readonly Item[]): void {
  for (const entry of items(one, lookup(one, one.root, "replacements"))) {
    if (lookup(one, entry, "path")) for (const item of own) item.root = unknown(item.root);
    for (const target of items(one, lookup(one, entry, "targets"))) {
      const [kind, name] = ["kind", "name"].map((key) => text(scalar(one, target, "select", key)));
      const paths = items(one, lookup(one, target, "fieldPaths")).flatMap((path) => text(scalar(one, path)) ?? []);
      for (const item of own)
        if ((kind === undefined || kind === item.kind) && (name === undefined || item.names.includes(name)))
          for (const path of paths) item.root = opened(item.root, path.split(".").map((key) => (/^\[.*\]$/.test(key) ? "*" : key)));
    }
  }
}

/** Values with a variable are unknown. */
function withoutVariables(node: YamlNode): YamlNode {
  if (node.kind === "map") return { ...node, pairs: node.pairs.map((pair) => (pair.value ? { ...pair, value: withoutVariables(pair.value) } : pair)) };
  if (node.kind === "seq") return { ...node, items: node.items.map(withoutVariables) };
  return node.kind === "scalar" && typeof node.value === "string" && node.value.includes("$(") ? unknown(node) : node;
}
