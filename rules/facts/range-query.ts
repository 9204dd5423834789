// Fact: a rule's expression looks at a series over a window. Tells functions, windows and matchers; judges nothing.

import { selectorsOf } from "../../engine/promql/selector.ts";
import { expressionsOf, placeOf, ruleWords } from "./rule-expression.ts";
import type { FactKind, Span } from "../../engine/types.ts";

/** Functions that compare samples inside a window: with one sample they give nothing. */
const functions = ["rate", "increase", "irate", "delta", "idelta", "deriv"] as const;

export interface RangeQuery {
  readonly function: (typeof functions)[number];
  readonly metric: string;
  /** The window (ms). */
  readonly ms: number;
  /** False when only the place of the whole expression is known, which cannot be edited. */
  readonly exact: boolean;
  /** Values of the label `job`: `=` and `=~` with plain alternatives. Undefined where the selector leaves it open or cannot be read. */
  readonly jobs?: readonly string[];
  /** The whole expression: its windows are judged and changed together. */
  readonly expression: Span;
}

export const rangeQuery: FactKind<RangeQuery> = {
  id: "range-query",
  title: "Window of a Prometheus query",
  yaml: {
    mentions: [ruleWords, ["rate", "increase", "delta", "deriv"]],
    *find(document) {
      for (const one of expressionsOf(document))
        for (const { metric, range, call, matchers } of selectorsOf(one.tree)) {
          const name = functions.find((each) => each === call);
          if (!name || !metric || range?.ms === undefined) continue;
          const { at, exact } = placeOf(one, range.node);
          const jobs = jobsOf(matchers.filter((each) => each.label === "job"));
          yield { at, value: { function: name, metric: metric.name, ms: range.ms, exact, expression: one.scalar.at, ...(jobs ? { jobs } : {}) } };
        }
    },
  },
};

function jobsOf(matchers: readonly { readonly op: string; readonly value: string | undefined }[]): readonly string[] | undefined {
  const [one, ...more] = matchers;
  if (one?.value === undefined || more.length > 0 || (one.op !== "=" && one.op !== "=~")) return undefined;
  const names = one.op === "=" ? [one.value] : one.value.replace(/^\((.*)\)$/, "$1").split("|");
  return one.op === "=" || names.every((name) => /^[\w/-]+$/.test(name)) ? names : undefined;
}
