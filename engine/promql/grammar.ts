// The only place that touches the PromQL parser of Prometheus' own editor (https://www.npmjs.com/package/@prometheus-io/lezer-promql).
// Most workspaces hold no rule file, so it is loaded on the first expression and never by importing this file; in dist it is promql.cjs.

import { createRequire } from "node:module";

/** A node of the parser's tree. */
interface Visited {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly type: { readonly isError: boolean };
}

interface Grammar {
  readonly parser: { parse(text: string): { iterate(visit: { enter(node: Visited): void; leave(): void }): void } };
}

/**
 * Visits all nodes of an expression's tree in the order of the text. False when the expression nests too deeply:
 * the parser builds its tree by recursion, and what it throws then is the only sign.
 */
export function visit(expression: string, enter: (node: Visited) => void, leave: () => void): boolean {
  // Node caches modules, so the parser is loaded once.
  const { parser } = createRequire(import.meta.url)("@prometheus-io/lezer-promql") as Grammar;
  try {
    parser.parse(expression).iterate({ enter, leave });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
