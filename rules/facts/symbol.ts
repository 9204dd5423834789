// Question: do two places of manifests say the same name or the same labels? Where a template gives them, the same expression does.

import { lookup, pairs, text, type Found } from "../../engine/yaml/read.ts";
import type { Scalar, YamlDocument } from "../../engine/types.ts";

/** The text of a scalar, or what stands for it: its text with the expressions of a template. Undefined for what is neither. */
export function symbol(found: Found | undefined): string | undefined {
  if (!found || found.node.kind !== "scalar" || found.node.open !== undefined) return undefined;
  const { holes, value } = found.node;
  return holes ? JSON.stringify([String(value satisfies Scalar), ...holes.map(({ expression }) => plain(expression))]) : text(found);
}

export interface Labels {
  readonly own: Readonly<Record<string, string>>;
  /** Expressions that add labels. */
  readonly spliced: readonly string[];
}

/** The labels that a map shows; undefined when one of them stands for nothing that can be compared. More may be added where a template does. */
export function labelsOf(document: YamlDocument, found: Found | undefined): Labels | undefined {
  if (!found || found.node.open !== undefined) return undefined;
  const own: Record<string, string> = {};
  for (const { key, ...value } of pairs(document, found)) {
    const said = symbol(value);
    if (said === undefined) return undefined;
    own[key] = said;
  }
  return { own, spliced: (found.node.holes ?? []).map(({ expression }) => plain(expression)) };
}

/** Whether pods with these labels are surely selected. */
export function selects(selector: Labels, labels: Labels): boolean {
  const keys = Object.keys(selector.own);
  return keys.length + selector.spliced.length > 0 && keys.every((key) => labels.own[key] === selector.own[key]) && selector.spliced.every((one) => labels.spliced.includes(one));
}

/** The name of the object of a document. */
export function nameSymbol(document: YamlDocument): string | undefined {
  return symbol(lookup(document, document.root, "metadata", "name"));
}

/** Without what only places the text. */
const plain = (expression: string) => expression.replace(/(?<!\s)\s*\|\s*n?indent\s+\d+\s*$/, "").replace(/\s+/g, " ").trim();
