// The published schema of pitlint.yaml as questions: which keys may stand at a place, what they mean, which values they take.

import { readFileSync } from "node:fs";

export interface SchemaNode {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | false;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** Reads the schema that is shipped with this installation. */
export function configSchema(): SchemaNode {
  return JSON.parse(readFileSync(new URL("../docs/pitlint.schema.json", import.meta.url), "utf8")) as SchemaNode;
}

/** The part of the schema at a path of keys, through the items of lists; undefined where no such key may stand. */
export function schemaAt(root: SchemaNode, keys: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  for (const key of keys) {
    const map: SchemaNode | undefined = node?.items ?? node;
    node = map && (own(map.properties, key) ?? (map.additionalProperties || undefined));
  }
  return node;
}

/** Values that the schema lists, for the value itself or for each item of a list. */
export function valuesOf(node: SchemaNode | undefined): readonly string[] {
  return node ? (node.enum ?? [...(node.anyOf ?? []).flatMap(valuesOf), ...valuesOf(node.items)]) : [];
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
