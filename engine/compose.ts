// Compose files as they run: variables of `.env` and their defaults put in, files that only change others laid over them. Reads no file.

import { parseEnv } from "node:util";
import { grouped } from "./grouped.ts";
import { kept, type Kept } from "./kept.ts";
import { folder, join } from "./resolve.ts";
import { coreReading } from "./yaml/legacy.ts";
import { lookup, pairs } from "./yaml/read.ts";
import { layerOf, plain, stacked } from "./yaml/values.ts";
import type { YamlDocument, YamlNode } from "./types.ts";

const BASE = /^(?:docker-)?compose\.ya?ml$/;
const OVER = /^(?:docker-)?compose[._-](.+)\.ya?ml$/;
/** Files for a developer's machine or for tests: what they set never runs for users. */
const TRIED = /(?:^|[._-])(?:dev|develop|development|local|debug|test|tests|ci|e2e|example|sample)(?=[._-]|$)/i;

/**
 * The documents with every compose file as it runs. A file that gives services of the base neither image nor build changes the base, and is
 * judged together with it: once as the part that the base says, once as its own. A base that others change is not judged alone.
 * https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/
 */
export function composeReadings(documents: readonly YamlDocument[], manifests: ReadonlyMap<string, string>, keep: Kept = kept()): readonly YamlDocument[] {
  const run = (document: YamlDocument) => keep(document, "run", [shellText(manifests, document.path)], () => interpolated(document, shellOf(manifests, document.path)));
  const composed = documents.map((document) => (document.class === "compose" ? run(document) : document));
  const files = composed.filter((document) => document.class === "compose" && document.index === 0 && document.template === undefined);
  const beside = grouped(files, (document) => folder(document.path));
  const bases = new Map(files.filter(({ path }) => BASE.test(nameOf(path))).map((document) => [folder(document.path), document]));
  const replaced = new Set<YamlDocument>();
  const merged: YamlDocument[] = [];
  for (const [home, base] of bases) {
    const partial = beside.get(home)!.filter((one) => OVER.test(nameOf(one.path)) && isPartial(one, base));
    for (const one of partial) replaced.add(one);
    const used = partial.filter(({ path }) => !TRIED.test(nameOf(path)));
    for (const over of used) {
      const pair = keep(over, "over its base", [base], () => mergedPair(base, over));
      if (pair.length > 0) replaced.add(base);
      merged.push(...pair);
    }
  }
  return [...composed.filter((document) => !replaced.has(document)), ...merged];
}

/** Compose files beside those that were read: what they change must be known too. */
export function* composeSiblings(documents: readonly YamlDocument[], paths: ReadonlySet<string>): Iterable<string> {
  const homes = new Set(documents.filter((document) => document.class === "compose").map(({ path }) => folder(path)));
  if (homes.size > 0) for (const path of paths) if ((BASE.test(nameOf(path)) || OVER.test(nameOf(path))) && homes.has(folder(path))) yield path;
}

/** Variables that a `.env` beside a compose file sets. */
export function shellOf(manifests: ReadonlyMap<string, string>, path: string): ReadonlyMap<string, string> {
  const text = shellText(manifests, path);
  return new Map(text === undefined ? [] : Object.entries(parseEnv(text)).map(([key, value]) => [key, value ?? ""]));
}

/** The `.env` beside a compose file. */
export const shellText = (manifests: ReadonlyMap<string, string>, path: string) => manifests.get(join(folder(path), ".env"));
const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

function isPartial(one: YamlDocument, base: YamlDocument): boolean {
  return pairs(one, lookup(one, one.root, "services")).some(({ key, ...service }) =>
    lookup(base, base.root, "services", key) !== undefined && !["image", "build", "extends"].some((part) => lookup(one, service, part)));
}

function mergedPair(base: YamlDocument, over: YamlDocument): YamlDocument[] {
  const layers = stacked([layerOf(over), layerOf(base)]);
  const root = layers?.length === 2 ? plain(layers, 0, "compose") : undefined;
  return root ? [base, over].map((document) => ({ ...document, root, unit: over.path, isMerged: true as const })) : [];
}

/** The document with its variables put in where they are known; the rest stays as it is, and so unknown. */
function interpolated(document: YamlDocument, shell: ReadonlyMap<string, string>): YamlDocument {
  // The depth is bounded by the guard.
  const put = (node: YamlNode | null): YamlNode | null => {
    if (node?.kind === "map") {
      const changed = node.pairs.map((pair) => {
        const value = put(pair.value);
        return value === pair.value ? pair : { ...pair, value };
      });
      return changed.every((pair, at) => pair === node.pairs[at]) ? node : { ...node, pairs: changed };
    }
    if (node?.kind === "seq") {
      const changed = node.items.map((item) => put(item) ?? item);
      return changed.every((item, at) => item === node.items[at]) ? node : { ...node, items: changed };
    }
    if (node?.kind !== "scalar" || typeof node.value !== "string" || !node.value.includes("$") || node.value.includes("$$")) return node;
    const text = interpolate(node.value, shell);
    if (text === undefined || text === node.value) return node;
    const { lines: _, ...rest } = node;
    return { ...rest, value: node.style === "plain" ? coreReading(text) : text };
  };
  const root = put(document.root);
  return root === document.root ? document : { ...document, root };
}

/** Compose interpolation: `${NAME}`, `${NAME:-default}`, `$NAME`. Undefined when a variable is not known. https://docs.docker.com/reference/compose-file/interpolation/ */
export function interpolate(written: string | undefined, shell: ReadonlyMap<string, string>): string | undefined {
  let open = false;
  let text = written;
  // A variable of .env may name another: a few rounds are enough, and end a cycle.
  for (let round = 0; text?.includes("$") && round < 4; round++)
    text = text.replace(/\$(?:\{(\w+)(?:(:?)([-?+])([^{}]*))?\}|(\w+))/g, (_, name: string | undefined, colon: string | undefined, sign: string | undefined, word: string | undefined, bare: string | undefined) => {
      const set = shell.get((name ?? bare)!);
      const isSet = set !== undefined && !(colon === ":" && set === "");
      if (sign === "+") return isSet ? word! : "";
      if (isSet) return set;
      if (sign === "-") return word!;
      open = true;
      return "";
    });
  return open || text?.includes("$") ? undefined : text;
}
