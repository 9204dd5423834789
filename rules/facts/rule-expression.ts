// Question: which PromQL do Prometheus rules of a document hold? In rule files, PrometheusRule objects, chart values and the files inside ConfigMaps.

import { parsePromql, textOf, type PromNode, type PromQl } from "../../engine/promql/parse.ts";
import { placeIn } from "../../engine/promql/place.ts";
import { embedded } from "../../engine/yaml/embedded.ts";
import { nodesOf } from "../../engine/yaml/place.ts";
import { items, lookup, scalar, text, type Found } from "../../engine/yaml/read.ts";
import type { Span, YamlDocument, YamlScalar } from "../../engine/types.ts";

export interface RuleExpression {
  readonly document: YamlDocument;
  /** The map that holds the rule. */
  readonly rule: Found;
  /** Offset of the list of rules that it stands in: rules of one group share it. */
  readonly group: number;
  readonly alert?: string;
  readonly record?: string;
  readonly scalar: YamlScalar;
  readonly tree: PromQl;
}

/** Words that every document with rules has. */
export const ruleWords = ["expr"];

/** The rules of a document whose expression can be read. */
export function* expressionsOf(document: YamlDocument): Generator<RuleExpression> {
  for (const one of [document, ...embedded(document, ruleWords)])
    for (const node of nodesOf(one.root)) {
      if (node.kind !== "seq") continue;
      for (const rule of items(one, node)) {
        // What a template takes from values is judged in the values.
        const found = rule.origin === "own" && rule.node.at.file === "" ? lookup(one, rule, "expr") : undefined;
        const alert = nameAt(one, rule, "alert");
        const record = nameAt(one, rule, "record");
        if (found?.node.kind !== "scalar" || found.origin !== "own" || (alert === undefined) === (record === undefined)) continue;
        const value = expressionIn(one, found.node);
        const tree = value === undefined ? undefined : parsePromql(value);
        if (tree) yield { document: one, rule, group: node.at.start, ...(alert === undefined ? {} : { alert }), ...(record === undefined ? {} : { record }), scalar: found.node, tree };
      }
    }
}

/** Undefined without the key; "" for a name that a template gives. */
function nameAt(document: YamlDocument, rule: Found, key: string): string | undefined {
  const found = lookup(document, rule, key);
  return found && (text(found) ?? "");
}

/** The text of an expression. Of one that a template fills in part, the rest is PromQL all the same. */
function expressionIn(document: YamlDocument, node: YamlScalar): string | undefined {
  const value = scalar(document, node);
  if ("known" in value) return typeof value.known === "string" ? value.known : undefined;
  return node.holes && node.open === undefined && document.errors.length === 0 && typeof node.value === "string" ? node.value : undefined;
}

/** The place of a part of the expression; the whole scalar where the part has none of its own. */
export function placeOf(expression: RuleExpression, node: PromNode): { readonly at: Span; readonly exact: boolean } {
  const at = placeIn(expression.scalar, node.start, node.end);
  return at ? { at, exact: true } : { at: expression.scalar.at, exact: false };
}

/** A number as written: `0.5`, `1e3`; undefined for anything else. */
export function numberOf(tree: PromQl, node: PromNode): number | undefined {
  const value = node.name === "NumberDurationLiteral" ? Number(textOf(tree, node)) : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}
