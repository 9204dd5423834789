// The shapes a pitlint.yaml is made of: maps with known keys, lists, durations, paths. Says what is wrong with each, and where; knows no key itself.

import { nearest } from "./nearest.ts";
import { parseDuration } from "./quantity.ts";
import { items, pairs, text, type Found } from "./yaml/read.ts";
import type { Known, Span, YamlDocument } from "./types.ts";

export type Keys = Readonly<Record<string, (at: Found) => void>>;
export type ConfigReader = ReturnType<typeof configReader>;

/** Readers for the nodes of one file. Each returns what it understood and reports what it did not. */
export function configReader(document: YamlDocument, path: string, content: string, wrong: (at: Span, message: string) => void) {
  const what = ({ node }: Found) => (node.kind === "scalar" ? (node.value === null || node.value === "" ? "nothing" : `"${String(node.value)}"`) : node.kind === "alias" ? "an alias that nothing defines" : node.kind === "seq" ? "a list" : "a map");
  const stated = <T>(at: Found, known: T): Known<T> => ({ known, by: "stated", from: [{ ...at.node.at, file: path }] });
  const string = (at: Found): string | undefined => {
    // As written: the number 1.10 is 1.1, the version 1.10 is not.
    const said = at.node.kind === "scalar" && typeof at.node.value === "number" ? content.slice(at.node.at.start, at.node.at.end) : text(at);
    if (said === undefined || said.trim() === "") return void wrong(at.node.at, `expected text, got ${what(at)}`);
    return said;
  };
  const below = (at: Found, absolute: RegExp): string | undefined => {
    const said = string(at);
    if (said !== undefined && (absolute.test(said) || said.replace(/^!/, "").split(/[\\/]/).includes(".."))) return void wrong(at.node.at, `"${said}" leaves the folder of ${path}; expected a path below it`);
    return said;
  };
  /** Keys that are no text, and keys that stand there twice: the parser would keep the last without a word. */
  const checkKeys = (at: Found) => {
    const first = new Map<string, number>();
    for (const { key } of at.node.kind === "map" ? at.node.pairs : []) {
      if (key.kind === "map" || key.kind === "seq") wrong(key.at, `expected a key, got a ${key.kind === "seq" ? "list" : "map"}`);
      if (key.kind !== "scalar" || key.value === "<<") continue;
      const before = first.get(String(key.value));
      if (before === undefined) first.set(String(key.value), key.at.start);
      else wrong(key.at, `duplicate key "${String(key.value)}"; the first is on line ${content.slice(0, before).split(/\r\n|\r|\n/).length}`);
    }
  };
  return {
    string,
    stated,
    map(at: Found, keys: Keys): void {
      if (at.node.kind !== "map") return wrong(at.node.at, `expected a map with ${Object.keys(keys).join(", ")}; got ${what(at)}`);
      checkKeys(at);
      for (const one of pairs(document, at)) {
        const known = Object.hasOwn(keys, one.key) ? keys[one.key] : undefined;
        const near = known ? undefined : nearest(one.key, Object.keys(keys));
        if (known) known(one);
        else wrong(one.pair.key.at, `unknown key "${one.key}"; ${near ? `did you mean ${near}?` : `known keys are ${Object.keys(keys).join(", ")}`}`);
      }
    },
    each(at: Found, take: (name: string, value: Found) => void): void {
      if (at.node.kind !== "map") return wrong(at.node.at, `expected a map from names, got ${what(at)}`);
      checkKeys(at);
      for (const one of pairs(document, at))
        if (one.key === "__proto__") wrong(one.pair.key.at, `"__proto__" cannot be a name`);
        else take(one.key, one);
    },
    list(at: Found): readonly Found[] {
      if (at.node.kind !== "seq") return wrong(at.node.at, `expected a list, got ${what(at)}`), [];
      return items(document, at);
    },
    strings(at: Found, each: (one: Found) => string | undefined = string): string[] {
      return this.list(at).flatMap((one) => each(one) ?? []);
    },
    /** A list of text that holds something. */
    some(at: Found, each: (one: Found) => string | undefined): string[] {
      if (at.node.kind === "seq" && this.list(at).length === 0) wrong(at.node.at, "the list is empty; expected one or more of them, or leave it out");
      return this.strings(at, each);
    },
    /** `Deployment/orders`, as `pitlint services` shows it. */
    workload(at: Found): string | undefined {
      const said = string(at);
      if (said === undefined || /^[\w-]+\/\S+$/.test(said)) return said;
      return void wrong(at.node.at, `expected kind and name, such as Deployment/${/^[\w.-]+$/.test(said) ? said : "orders"}; got "${said}"`);
    },
    choice<T extends string>(at: Found, known: readonly T[]): T | undefined {
      const said = string(at);
      if (said === undefined || known.includes(said as T)) return said as T | undefined;
      return void wrong(at.node.at, `unknown value "${said}"; known values are ${known.join(", ")}`);
    },
    path: (at: Found) => below(at, /^(\/|[A-Za-z]:)/),
    /** A leading slash only anchors a gitignore pattern. */
    pattern(at: Found): string | undefined {
      const said = below(at, /^[A-Za-z]:[\\/]/);
      // Each further one multiplies the time for a path by its depth.
      if (said !== undefined && (said.match(/(?<!\*)\*\*+\//g) ?? []).length > 2) return void wrong(at.node.at, `"${said}" has more than two "**/", which takes too long in deep folders`);
      return said;
    },
    /** A whole number above zero, written as a number. */
    count(at: Found): Known<number> | undefined {
      const value = at.node.kind === "scalar" ? at.node.value : undefined;
      if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return stated(at, value);
      return void wrong(at.node.at, `expected a whole number above zero, got ${what(at)}`);
    },
    /** `1.27`, also `1.27.3`. */
    version(at: Found): Known<string> | undefined {
      const said = string(at);
      if (said === undefined || /^\d+(\.\d+){0,2}$/.test(said)) return said === undefined ? undefined : stated(at, said);
      return void wrong(at.node.at, `expected a version such as "1.27", got "${said}"`);
    },
    duration(at: Found): Known<number> | undefined {
      const said = string(at);
      const ms = said === undefined || /^\d+$/.test(said) ? undefined : parseDuration(said, "go");
      if (ms === 0) return void wrong(at.node.at, `expected a duration above zero; got "${said}"`);
      if (said !== undefined && ms === undefined) wrong(at.node.at, `expected a duration with its unit, such as 30s; got "${said}"`);
      return ms === undefined ? undefined : stated(at, ms);
    },
  };
}
