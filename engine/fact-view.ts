// What a rule may ask while it judges one document: the facts of its deployment unit, and of its own file those of the document. Links nothing.

import { grouped } from "./grouped.ts";
import type { FactKind, Facts, Linked, YamlDocument } from "./types.ts";
import type { Starts } from "./fact-table.ts";

/** Where the documents of each file start. */
export function startsIn(documents: readonly YamlDocument[]): Starts {
  const starts = new Map([...grouped(documents, (one) => one.path)].map(([path, list]) => [path, [...new Set(list.map((one) => one.at.start))].sort((a, b) => a - b)]));
  return (path) => starts.get(path) ?? [];
}

/** Views of all facts, one for each unit and one for each document of a file that holds several. */
export function views(facts: Facts, within: (document: YamlDocument, kind: FactKind<any>) => readonly Linked<any>[], startsOf: Starts): (document: YamlDocument) => Facts {
  const units = new Map<string, Facts>();
  const documents = new Map<YamlDocument, Facts>();
  return (document) => {
    const { path, unit } = document;
    const shared = unit === undefined ? facts : (units.get(unit) ?? inUnit(facts, unit));
    if (unit !== undefined) units.set(unit, shared);
    if (startsOf(path).length < 2) return shared;
    const view = documents.get(document) ?? { ...shared, in: (file, kind) => (file === path ? within(document, kind).filter((one) => holdsIn(one, unit)) : shared.in(file, kind)) };
    documents.set(document, view);
    return view;
  };
}

function inUnit(facts: Facts, unit: string): Facts {
  const holds = (list: readonly Linked<any>[]) => list.filter((one) => holdsIn(one, unit));
  const everywhere = new Map<string, readonly Linked<any>[]>();
  return {
    ...facts, once: answers(), in: (file, kind) => holds(facts.in(file, kind)),
    everywhere(kind) {
      const found = everywhere.get(kind.id) ?? holds(facts.everywhere(kind));
      everywhere.set(kind.id, found);
      return found;
    },
    all(service, kind) {
      const { facts: found, complete } = facts.all(service, kind);
      return { facts: holds(found), complete };
    },
  };
}

/** Facts of every unit hold in each; a document of no unit is judged with all. */
const holdsIn = (one: Linked<unknown>, unit: string | undefined) => unit === undefined || one.unit === undefined || one.unit === unit;

/** A memory for `Facts.once`. */
export function answers(): Facts["once"] {
  const known = new Map<unknown, Map<string | undefined, unknown>>();
  return <T>(question: unknown, about: string | undefined, compute: () => T): T => {
    const said = known.get(question) ?? new Map<string | undefined, unknown>();
    known.set(question, said);
    if (!said.has(about)) said.set(about, compute());
    return said.get(about) as T;
  };
}
