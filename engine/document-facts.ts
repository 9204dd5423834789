// Facts of a YAML document, found once: a keystroke in TypeScript does not walk every manifest again. Documents are never changed, so the document itself is the key.

import type { Fact, FactKind, YamlDocument } from "./types.ts";

export type DocumentFacts = (document: YamlDocument, kind: FactKind<any>) => readonly Fact<any>[];

export function documentFacts(): DocumentFacts {
  const known = new WeakMap<YamlDocument, Map<FactKind<any>, readonly Fact<any>[]>>();
  return (document, kind) => {
    const kinds = known.get(document) ?? new Map<FactKind<any>, readonly Fact<any>[]>();
    known.set(document, kinds);
    const found = kinds.get(kind) ?? [...kind.yaml!.find(document)];
    kinds.set(kind, found);
    return found;
  };
}
