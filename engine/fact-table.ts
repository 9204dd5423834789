// Linked facts of one kind, found by file, place, document and service. Every index is made once, when it is first asked for; links nothing itself.

import { append } from "./grouped.ts";
import type { Linked, YamlDocument } from "./types.ts";

export interface FactTable {
  put(fact: Linked<any>): void;
  /** All facts, file by file. */
  list(): readonly Linked<any>[];
  /** Files that state one. */
  files(): Iterable<string>;
  in(file: string): readonly Linked<any>[];
  /** Facts of a file that start in one of its documents: a file of a thousand documents is asked about each of them. */
  within(document: YamlDocument): readonly Linked<any>[];
  /** The first fact that starts at an offset of a file. */
  at(file: string, start: number): Linked<any> | undefined;
  of(service: string | undefined): Owned;
}

/** The facts of one service. */
export interface Owned {
  readonly facts: readonly Linked<any>[];
  /** Some value is unknown. */
  readonly open: boolean;
}

/** Where the documents of each file start, ascending. */
export type Starts = (path: string) => readonly number[];

/** An empty table. Indexes are dropped when a fact is added. */
export function factTable(startsOf: Starts): FactTable {
  const files = new Map<string, Linked<any>[]>();
  let all: readonly Linked<any>[] | undefined;
  const services = new Map<string | undefined, { facts: Linked<any>[]; open: boolean }>();
  const parts = new Map<string, ReadonlyMap<number, readonly Linked<any>[]>>();
  const places = new Map<string, ReadonlyMap<number, Linked<any>>>();
  const list = () => (all ??= [...files.values()].flat());
  return {
    list,
    put(fact) {
      const { file } = fact.at;
      append(files, file, fact);
      all = undefined;
      services.clear();
      parts.delete(file);
      places.delete(file);
    },
    files: () => files.keys(),
    in: (file) => files.get(file) ?? [],
    within({ path, at }) {
      const facts = files.get(path) ?? [];
      const starts = startsOf(path);
      if (starts.length < 2 || facts.length === 0) return facts;
      if (!parts.has(path)) parts.set(path, byDocument(facts, starts));
      return parts.get(path)!.get(at.start) ?? [];
    },
    at(file, start) {
      if (!places.has(file)) {
        const found = new Map<number, Linked<any>>();
        for (const one of files.get(file) ?? []) if (!found.has(one.at.start)) found.set(one.at.start, one);
        places.set(file, found);
      }
      return places.get(file)!.get(start);
    },
    of(service) {
      if (services.size === 0)
        for (const one of list()) {
          const owned = services.get(one.service) ?? { facts: [], open: false };
          services.set(one.service, owned);
          owned.facts.push(one);
          if (isOpen(one.value)) owned.open = true;
        }
      return services.get(service) ?? none;
    },
  };
}

const none: Owned = { facts: [], open: false };
const isOpen = (value: any): boolean => value !== null && typeof value === "object" && "unknown" in value;

/** Facts by the start of the last document that begins before them. */
function byDocument(facts: readonly Linked<any>[], starts: readonly number[]): ReadonlyMap<number, readonly Linked<any>[]> {
  const parts = new Map<number, Linked<any>[]>();
  for (const one of facts) {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= one.at.start) low = middle;
      else high = middle - 1;
    }
    append(parts, starts[low]!, one);
  }
  return parts;
}
