// JSON patches (RFC 6902) on trees. An operation whose path leads nowhere makes unknown what it may mean. Tree in, tree out.

import { isUnknown, listOf, member, opened, pairOf, said, taken, withValue, withoutKey } from "./tree.ts";
import type { Span, YamlNode } from "../types.ts";

/** The tree after all operations. Places that operations take something away at are added to `removed`. */
export function jsonPatch(root: YamlNode, operations: readonly YamlNode[], removed: Span[]): YamlNode {
  return operations.reduce((node, one) => {
    const keys = keysOf(said(one, "path"));
    const [op, value] = [said(one, "op"), member(one, "value")];
    if (!keys) return opened(node, []);
    if (op === "test") return node;
    if (op === "move" || op === "copy") return opened(opened(node, keys), keysOf(said(one, "from")) ?? []);
    const next = op === "remove" ? taking(node, keys) : (op === "add" || op === "replace") && value ? putting(node, keys, value, op === "add") : undefined;
    if (next && op === "remove") removed.push(one.at);
    return next ?? opened(node, keys.at(-1) === "-" ? keys.slice(0, -1) : keys);
  }, root);
}

/** The parts of a JSON pointer. */
export function keysOf(pointer: string | undefined): readonly string[] | undefined {
  if (pointer === undefined || (pointer !== "" && !pointer.startsWith("/"))) return undefined;
  return pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Undefined where the path leads nowhere. */
function along(node: YamlNode, keys: readonly string[], change: (holder: YamlNode, key: string) => YamlNode | undefined): YamlNode | undefined {
  const [key, ...rest] = keys;
  if (key === undefined || isUnknown(node)) return undefined;
  if (rest.length === 0) return change(node, key);
  const old = node.kind === "map" ? member(node, key) : node.kind === "seq" && isIndex(key) ? node.items[Number(key)] : undefined;
  const next = old && along(old, rest, change);
  if (!next) return undefined;
  return node.kind === "map" ? withValue(node, key, node.at, next) : node.kind === "seq" ? listOf(node, node.items.map((one, at) => (at === Number(key) ? next : one))) : undefined;
}

function putting(root: YamlNode, path: readonly string[], value: YamlNode, isNew: boolean): YamlNode | undefined {
  return along(root, path, (node, key) => {
    if (node.kind === "map") {
      const old = member(node, key);
      if (old === undefined) return isNew ? { ...node, pairs: [...node.pairs, pairOf(key, value.at, value)] } : undefined;
      return withValue(node, key, value.at, value);
    }
    if (node.kind !== "seq") return undefined;
    const at = key === "-" && isNew ? node.items.length : isIndex(key) ? Number(key) : Infinity;
    if (at > node.items.length - (isNew ? 0 : 1)) return undefined;
    return listOf(node, [...node.items.slice(0, at), value, ...node.items.slice(isNew ? at : at + 1)]);
  });
}

function taking(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  return along(root, path, (node, key) => {
    if (node.kind === "map") return member(node, key) === undefined ? undefined : { ...withoutKey(node, key), open: taken };
    if (node.kind !== "seq" || !isIndex(key) || !node.items[Number(key)]) return undefined;
    return { ...listOf(node, node.items.filter((_, at) => at !== Number(key))), open: taken };
  });
}

const isIndex = (key: string): boolean => /^(?:0|[1-9]\d*)$/.test(key);
