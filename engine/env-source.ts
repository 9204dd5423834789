// What sets a container's variables beside the list in its manifest: ConfigMaps, Secrets and files. What the workspace does not hold is unknown, never absent.

import { parseEnv } from "node:util";
import { grouped } from "./grouped.ts";
import { folder, join } from "./resolve.ts";
import { isTogether } from "./unit.ts";
import { isOpen, items, lookup, pairs, scalar, text, type Found, type From } from "./yaml/read.ts";
import type { Value, YamlDocument } from "./types.ts";

export interface EnvSource {
  /** `template` and `base` are never in the workspace: a part that only rendering tells, a service that another extends. */
  readonly of: "ConfigMap" | "Secret" | "file" | "template" | "base";
  /** Of the object; the path of a file. */
  readonly name: string;
  /** Put before each of its keys. */
  readonly prefix: string;
  /** It gives this variable only, from this key. */
  readonly only?: { readonly variable: string; readonly key: string };
}

/** Sources of a container, later ones win. */
export function podSources(document: YamlDocument, container: Found): readonly EnvSource[] {
  const from = lookup(document, container, "envFrom");
  const open: EnvSource[] = isOpen(document, from) ? [{ of: "template", name: "envFrom", prefix: "" }] : [];
  const whole = items(document, from).map((one) => named(document, one, "configMapRef", "secretRef", said(document, one, "prefix") ?? ""));
  const single = items(document, lookup(document, container, "env")).flatMap((one): EnvSource[] => {
    const variable = said(document, one, "name");
    const place = lookup(document, one, "valueFrom");
    const key = said(document, lookup(document, place, "configMapKeyRef") ?? lookup(document, place, "secretKeyRef"), "key");
    return variable === undefined || key === undefined ? [] : [{ ...named(document, place, "configMapKeyRef", "secretKeyRef", ""), only: { variable, key } }];
  });
  return [...open, ...whole, ...single];
}

function named(document: YamlDocument, from: From, map: string, secret: string, prefix: string): EnvSource {
  const name = said(document, from, map, "name") ?? said(document, from, secret, "name");
  return name === undefined ? { of: "template", name: "a reference", prefix } : { of: lookup(document, from, map) ? "ConfigMap" : "Secret", name, prefix };
}

/** Sources of a Compose service. */
export function composeSources(document: YamlDocument, service: Found): readonly EnvSource[] {
  const given = lookup(document, service, "env_file");
  const files = given?.node.kind === "seq" ? items(document, given) : given ? [given] : [];
  const base: EnvSource[] = lookup(document, service, "extends") ? [{ of: "base", name: "extends", prefix: "" }] : [];
  return [...base, ...files.map((one): EnvSource => {
    const path = said(document, one) ?? said(document, one, "path");
    return path === undefined ? { of: "template", name: "env_file", prefix: "" } : { of: "file", name: join(folder(document.path), path), prefix: "" };
  })];
}

/** What a source gives a variable: undefined where it certainly gives none. */
export type EnvReader = (document: YamlDocument, source: EnvSource, variable: string) => Value<unknown> | undefined;

export function envReader(documents: readonly YamlDocument[], manifests: ReadonlyMap<string, string>): EnvReader {
  let objects: ReadonlyMap<string, readonly YamlDocument[]> | undefined;
  const files = new Map<string, ReturnType<typeof parseEnv>>();
  const parsed = (name: string, lines: string) => files.get(name) ?? (files.set(name, parseEnv(lines)), files.get(name)!);
  return (document, { of, name, prefix, only }, variable) => {
    if (only ? only.variable !== variable : !variable.startsWith(prefix)) return undefined;
    const key = only?.key ?? variable.slice(prefix.length);
    const unknown = { unknown: `${variable} may be set by ${of === "template" || of === "base" ? name : `${of} ${name}`}` };
    if (of === "file") {
      const lines = manifests.get(name);
      const set = lines === undefined ? undefined : parsed(name, lines)[key];
      return lines === undefined ? unknown : set === undefined ? undefined : { known: set, by: "text", from: [{ file: name, ...placeIn(lines, key, set) }] };
    }
    objects ??= grouped(documents.filter((one) => one.class === "k8s" && /^(ConfigMap|Secret)$/.test(said(one, one.root, "kind") ?? "")), (one) => `${said(one, one.root, "kind")} ${said(one, one.root, "metadata", "name")}`);
    const all = objects.get(`${of} ${name}`) ?? [];
    const near = all.filter((one) => isTogether(document, one));
    const values = (near.length > 0 ? near : all).map((one) => inObject(one, key));
    const [first] = values;
    const agree = values.length > 0 && values.every((one) => (first === undefined ? one === undefined : one !== undefined && "known" in one && "known" in first && one.known === first.known));
    return agree ? first : unknown;
  };
}

/** Where a file of variables gives one its value; the end of the file where that is not to be told. */
function placeIn(lines: string, key: string, set: string): { readonly start: number; readonly end: number } {
  const match = [...lines.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*["'`]?/gm)].findLast((one) => one[1] === key);
  const start = match === undefined ? lines.length : match.index + match[0].length;
  return lines.startsWith(set, start) ? { start, end: start + set.length } : { start: lines.length, end: lines.length };
}

function inObject(object: YamlDocument, key: string): Value<unknown> | undefined {
  const isSecret = said(object, object.root, "kind") === "Secret";
  const value = scalar(object, object.root, isSecret ? "stringData" : "data", key);
  if ("known" in value) return { known: String(value.known), by: "text", from: value.from.map((at) => (at.file === "" ? { ...at, file: object.path } : at)) };
  const hidden = isSecret && pairs(object, lookup(object, object.root, "data")).some((one) => one.key === key);
  const shown = isSecret ? ["stringData", "data"] : ["data"];
  const isWhole = shown.some((one) => lookup(object, object.root, one)) && shown.every((one) => !lookup(object, object.root, one) || "absent" in scalar(object, object.root, one, key));
  return isWhole && !hidden ? undefined : { unknown: `${key} is not readable` };
}

const said = (document: YamlDocument, from: From, ...keys: string[]) => text(scalar(document, from, ...keys));
