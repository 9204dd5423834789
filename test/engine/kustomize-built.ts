// Objects that the engine builds of overlays, as plain data, and their difference to what Kustomize builds.

import { kustomizeReadings } from "../../engine/kustomize.ts";
import { readYaml } from "../../engine/yaml/chart-template.ts";
import type { YamlNode } from "../../engine/types.ts";

export type Files = Readonly<Record<string, string>>;

/** What nobody can tell: equal to anything. */
const unknown = Symbol("unknown");

/** Objects by the kustomization that is built. */
export function builtBy(files: Files): Map<string, unknown[]> {
  const documents = Object.entries(files).filter(([path]) => /\.ya?ml$/.test(path)).flatMap(([path, text]) => readYaml(path, text).documents);
  const built = new Map<string, unknown[]>();
  for (const { built: by, unit, root } of kustomizeReadings(documents)) if (by && !by.of && root) built.set(unit!, [...(built.get(unit!) ?? []), dataOf(root)]);
  return built;
}

function dataOf(node: YamlNode): unknown {
  if (node.kind === "alias") return unknown;
  if (node.kind === "scalar") return node.open === undefined ? node.value : unknown;
  if (node.kind === "seq") return node.open === undefined ? node.items.map(dataOf) : unknown;
  const entries = node.pairs.map(({ key, value }) => [key.kind === "scalar" ? String(key.value) : "?", value ? dataOf(value) : null] as const);
  const map: Record<string | symbol, unknown> = Object.fromEntries(entries);
  if (node.open !== undefined) map[unknown] = true;
  return map;
}

/** An object as Kustomize prints it, names without what overlays of these tests put around them. */
export function logical(value: any): any {
  if (Array.isArray(value)) return value.map(logical);
  if (value !== null && typeof value === "object") {
    const map = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, logical(one)]));
    // A generated Secret is printed in its encoded form.
    if (map.kind === "Secret" && map.data) {
      map.stringData = Object.fromEntries(Object.entries(map.data).map(([key, one]) => [key, Buffer.from(String(one), "base64").toString()]));
      delete map.data;
      if (map.type === "Opaque") delete map.type;
    }
    return map;
  }
  return typeof value === "string" ? value.replace(/^(?:pre-|top-)+(?=\w)/, "").replace(/-[bcdfghkmt2-9]{10}$/, "").replace(/(?:-suf)+$/, "") : value;
}

/** Where two lists of objects differ, and how many places of the first are unknown. */
export function difference(own: readonly unknown[], said: readonly any[]): { readonly found: readonly string[]; readonly open: number } {
  const found: string[] = [];
  let open = 0;
  const id = (one: any) => `${String(one.kind)}/${String(one.metadata?.name)}`;
  const left = [...said];
  for (const one of own as any[]) {
    const at = left.findIndex((other) => id(other) === id(one));
    if (at < 0) found.push(`${id(one)} is not built`);
    else compare(one, left.splice(at, 1)[0], id(one));
  }
  found.push(...left.map((one) => `${id(one)} is missing`));
  return { found, open };

  function compare(a: any, b: any, path: string): void {
    if (a === unknown) return void open++;
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) found.push(`${path}: ${a.length} items, not ${b.length}`);
      else a.forEach((one, at) => compare(one, b[at], `${path}/${at}`));
    } else if (isMap(a) && isMap(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
        if (key in a && key in b) compare(a[key], b[key], `${path}/${key}`);
        else if (a[unknown]) open++;
        // An empty value and a value of nothing are printed in several ways.
        else if ((a[key] ?? b[key] ?? null) !== null) found.push(`${path}/${key}: ${key in a ? "too many" : "missing"}`);
      }
    } else if (a !== b && !(a === null && isMap(b) && Object.keys(b).length === 0)) found.push(`${path}: ${JSON.stringify(a)}, not ${JSON.stringify(b)}`);
  }
}

const isMap = (value: unknown): value is Record<string | symbol, unknown> => value !== null && typeof value === "object" && !Array.isArray(value);
