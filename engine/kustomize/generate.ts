// ConfigMaps and Secrets that a kustomization generates. They keep the name that others call them by; the hash behind it means nothing here. Reads no file.
// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/

import { folder, join } from "../resolve.ts";
import { items, lookup, scalar, text, type Found } from "../yaml/read.ts";
import { changed, pairOf, textAt } from "./tree.ts";
import type { Span, YamlDocument, YamlMap, YamlNode, YamlPair } from "../types.ts";

export interface Generated {
  readonly kind: string;
  readonly name: string;
  readonly behavior: string;
  /** The entry of the kustomization. */
  readonly at: Span;
  readonly root: YamlMap;
  readonly data: YamlMap;
}

/** What a kustomization generates. Of files and of variables that cannot be read, the values are unknown. */
export function generatedBy(document: YamlDocument): readonly Generated[] {
  return (["configMapGenerator", "secretGenerator"] as const).flatMap((list) => items(document, lookup(document, document.root, list)).flatMap((one): Generated[] => {
    const name = text(scalar(document, one, "name"));
    if (name === undefined) return [];
    const at: Span = { ...one.node.at, file: document.path };
    const kind = list === "configMapGenerator" ? "ConfigMap" : "Secret";
    const data = dataOf(document, one, at);
    const map = (...pairs: YamlPair[]): YamlMap => ({ kind: "map", at, flow: false, pairs });
    const namespace = text(scalar(document, one, "namespace"));
    const named = lookup(document, one, "name")!.node.at;
    const metadata = map(pairOf("name", at, textAt({ ...named, file: document.path }, name)), ...(namespace === undefined ? [] : [pairOf("namespace", at, textAt(at, namespace))]));
    const root = map(pairOf("apiVersion", at, textAt(at, "v1")), pairOf("kind", at, textAt(at, kind)), pairOf("metadata", at, metadata), pairOf(kind === "Secret" ? "stringData" : "data", at, data));
    return [{ kind, name, behavior: text(scalar(document, one, "behavior")) ?? "create", at, root, data }];
  }));
}

function dataOf(document: YamlDocument, one: Found, at: Span): YamlMap {
  const literals = items(document, lookup(document, one, "literals")).flatMap((entry): YamlPair[] => {
    const written = text(scalar(document, entry));
    const equals = written?.indexOf("=") ?? -1;
    return written === undefined || equals < 1 ? [] : [literal({ ...entry.node.at, file: document.path }, written, equals)];
  });
  const files = items(document, lookup(document, one, "files")).flatMap((entry): YamlPair[] => {
    const written = text(scalar(document, entry));
    if (written === undefined) return [];
    const place = { ...entry.node.at, file: document.path };
    const key = written.includes("=") ? written.slice(0, written.indexOf("=")) : written.slice(written.lastIndexOf("/") + 1);
    return [pairOf(key, place, { ...textAt(place, null), open: "the content of a file" })];
  });
  const isOpen = ["envs", "env"].some((key) => lookup(document, one, key) !== undefined);
  return { kind: "map", at, flow: false, pairs: [...files, ...literals], ...(isOpen ? { open: changed } : {}) };
}

/** `KEY=value`: each part in its own place where the text shows both as they are. */
function literal(place: Span, written: string, equals: number): YamlPair {
  const quote = (place.end - place.start - written.length) / 2;
  const isPlain = quote === 0 || quote === 1;
  const value = written.slice(equals + 1).replace(/^(["'])([^]*)\1$/, "$2");
  const middle = place.start + quote + equals;
  const at = isPlain ? { ...place, start: middle + 1, end: place.end - quote } : place;
  const key = isPlain ? { ...place, start: place.start + quote, end: middle } : place;
  return pairOf(written.slice(0, equals), key, { ...textAt(at, value), style: "single", ...(isPlain ? {} : { open: "spelled in another way" }) });
}

/** A generated map with what an overlay adds to it, or puts in its place. */
export function mergedData(root: YamlNode, over: Generated): YamlNode {
  if (root.kind !== "map") return root;
  return { ...root, pairs: root.pairs.map((pair) => {
    const { value } = pair;
    if (value?.kind !== "map" || pair.key.kind !== "scalar" || !/^(?:data|stringData)$/.test(String(pair.key.value))) return pair;
    if (over.behavior === "replace") return { ...pair, value: over.data };
    const keys = new Set(over.data.pairs.map(({ key }) => (key.kind === "scalar" ? key.value : null)));
    const open = value.open ?? over.data.open;
    return { ...pair, value: { ...value, ...(open === undefined ? {} : { open }), pairs: [...value.pairs.filter(({ key }) => key.kind !== "scalar" || !keys.has(key.value)), ...over.data.pairs] } };
  }) };
}

/** Files that generators read and that may be read here. */
export function* generatorFiles(document: YamlDocument): Iterable<string> {
  for (const list of ["configMapGenerator", "secretGenerator"])
    for (const one of items(document, lookup(document, document.root, list)))
      for (const entry of items(document, lookup(document, one, "files"))) {
        const written = text(scalar(document, entry));
        if (written !== undefined) yield join(folder(document.path), written.slice(written.indexOf("=") + 1));
      }
}
