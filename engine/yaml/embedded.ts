// Files that stand inside a document as block literals: ConfigMap data, values that a chart writes to a file. Gives them as documents whose places are those of the outer file.

import type { YamlDocument, YamlNode, YamlScalar } from "../types.ts";
import { parseYaml } from "./parse.ts";
import { nodesOf } from "./place.ts";

/**
 * The documents in the block literals of a document that mention one of these words. All offsets are those of the outer file, so findings and
 * edits of text fit; edits by node (`yaml`) do not reach into a literal. None from a literal with a syntax error, or that a template fills.
 */
export function* embedded(document: YamlDocument, words: readonly string[]): Generator<YamlDocument> {
  if (document.class === "other" || document.errors.length > 0) return;
  for (const node of nodesOf(document.root)) {
    if (node.kind !== "map") continue;
    for (const { key, value } of node.pairs) {
      if (value?.kind !== "scalar" || value.style !== "literal" || !value.lines || value.holes || value.open !== undefined || typeof value.value !== "string") continue;
      const text = value.value;
      if (!words.some((word) => text.includes(word))) continue;
      const name = key.kind === "scalar" && /\.ya?ml$/.test(String(key.value)) ? String(key.value) : "embedded.yaml";
      yield* documentsIn(document, name, value as Literal);
    }
  }
}

export type Literal = YamlScalar & { readonly value: string; readonly lines: readonly number[] };

/** The documents of one block literal, with places of the outer file. None when it has a syntax error. */
export function* documentsIn(outer: YamlDocument, name: string, literal: Literal): Generator<YamlDocument> {
  const { documents } = parseYaml(name, literal.value);
  if (documents.some((one) => one.errors.length > 0)) return;
  const starts = lineStarts(literal.value);
  for (const document of documents) {
    if (!document.root) continue;
    const move = (offset: number) => moved(literal, starts, offset);
    relocate(document.root, move);
    yield { ...document, path: outer.path, index: outer.index, at: { file: "", start: move(document.at.start), end: move(document.at.end) }, ...(outer.unit === undefined ? {} : { unit: outer.unit }) };
  }
}

function lineStarts(value: string): number[] {
  const starts = [0];
  for (let at = value.indexOf("\n"); at >= 0; at = value.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function moved({ lines, at }: Literal, starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  const line = lines[low];
  return line === undefined ? at.end : line + offset - starts[low]!;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] extends object ? Draft<T[K]> : T[K] };

/** The tree was made for this call: nobody else sees it change. */
function relocate(root: YamlNode, move: (offset: number) => number): void {
  for (const one of [...nodesOf(root)]) {
    const node = one as Draft<YamlNode>;
    (node.at.start = move(node.at.start)), (node.at.end = move(node.at.end));
    if (node.kind === "alias" && node.target !== undefined) node.target = move(node.target);
    if (node.kind === "scalar" && node.lines) node.lines = node.lines.map(move);
    if (node.kind === "seq") node.dashes = node.dashes.map(move);
    if (node.kind === "map") for (const pair of node.pairs) (pair.start = move(pair.start)), (pair.colon = move(pair.colon));
  }
}
