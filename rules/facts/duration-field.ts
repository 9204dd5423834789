// Question: which fields of a document hold durations, who reads them, and how? Fields are rows of a table. States no fact itself.

import { embedded } from "../../engine/yaml/embedded.ts";
import { pairs, items, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import table from "../defaults/duration-fields.json" with { type: "json" };
import type { Mentions, Scalar, Span, YamlDocument } from "../../engine/types.ts";

export interface DurationField {
  readonly key: string;
  readonly value: Exclude<Scalar, null>;
  readonly at: Span;
  readonly reads: "seconds" | "go" | "prometheus" | "consul" | "compose" | "envoy" | "milliseconds";
  /** Seconds that are a multiple of this, from a thousand on, look like milliseconds. */
  readonly step?: number;
  /** Fewer milliseconds than this look like seconds. */
  readonly below?: number;
  /** Stands in a file inside the document: nodes cannot be edited. */
  readonly inner: boolean;
}

interface Row extends Pick<DurationField, "reads" | "step" | "below"> {
  readonly classes: readonly string[];
  readonly kind?: string;
  readonly keys: readonly string[];
  /** What the keys above look like, joined by dots; positions in lists left out. */
  readonly under: string;
  readonly source: string;
}

const rows = (table as readonly Row[]).map((row) => ({ ...row, above: new RegExp(row.under), kinds: new RegExp(row.kind ?? "") }));
/** `for` is in every text; rules of alerts have an expression. */
const words = [...new Set(rows.flatMap((row) => row.keys).map((key) => (key === "for" ? "expr" : key)))];

export const durationMentions: Mentions = [words];

export function* durationFields(document: YamlDocument): Iterable<DurationField> {
  yield* fieldsOf(document, false);
  if (document.class === "k8s") for (const inner of embedded(document, words)) yield* fieldsOf(inner, true);
}

function* fieldsOf(document: YamlDocument, inner: boolean): Iterable<DurationField> {
  const kind = text(scalar(document, document.root, "kind")) ?? "";
  const mine = rows.filter((row) => row.classes.includes(document.class) && row.kinds.test(kind));
  if (mine.length === 0 || !document.root) return;
  const keys = new Set(mine.flatMap((row) => row.keys));
  const open: { found: Found; path: string; depth: number }[] = [{ found: { node: document.root, origin: "own" }, path: "", depth: 0 }];
  for (let one = open.pop(); one; one = open.pop()) {
    const { path, depth } = one;
    if (depth > 24) continue;
    // In reverse, so that fields come in the order of the text.
    for (const item of items(document, one.found).reverse()) if (item.origin === "own") open.push({ found: item, path, depth: depth + 1 });
    for (const member of pairs(document, one.found).reverse()) {
      if (member.origin !== "own") continue;
      if (member.node.kind !== "scalar") open.push({ found: member, path: path === "" ? member.key : `${path}.${member.key}`, depth: depth + 1 });
      if (!keys.has(member.key) || !trusted(document, member.node.at)) continue;
      const row = mine.find((each) => each.keys.includes(member.key) && each.above.test(path));
      const value = row && scalar(document, member);
      if (!row || !value || !("known" in value) || value.known === null || /[$%<{]/.test(String(value.known))) continue;
      const { reads, step, below } = row;
      yield { key: member.key, value: value.known, at: member.node.at, reads, inner, ...(step === undefined ? {} : { step }), ...(below === undefined ? {} : { below }) };
    }
  }
}
