// Question: which label of a pod did a selector mean that misses it? Only a near miss is answered: what looks for other pods is left alone.

import { nearest } from "../../engine/nearest.ts";
import { weakForm } from "../../engine/service.ts";
import type { Condition, PodSelector } from "./affinity-selector.ts";

export interface Label {
  readonly key: string;
  readonly value: string;
}

/** Keys whose values many workloads share: an equal value says nothing. */
const shared = /^(true|false|yes|no|enabled|v?\d[\w.]*|prod|production|staging|dev|default|backend|frontend|linux|Helm|helm)$/;

export function nearLabel(labels: ReadonlyMap<string, string>, { key, operator, values }: Condition, kind: PodSelector["kind"]): Label | undefined {
  const own = labels.get(key);
  if (operator === "Exists") {
    const near = nearest(key, [...labels.keys()]);
    return near === undefined || shortWord(key) ? undefined : { key: near, value: labels.get(near)! };
  }
  if (operator !== "In") return undefined;
  // The same key: a constraint that spreads replicas means its own pods; affinity may well mean others, unless the names are close.
  if (own !== undefined) return kind === "Spread constraint" || values.some((one) => isClose(one, own)) ? { key, value: own } : undefined;
  for (const [other, value] of labels) if (values.includes(value) && !shared.test(value)) return { key: other, value };
  // Key and value mixed up: `prometheus In [main]` for `app: prometheus`.
  for (const [other, value] of labels) if (value === key) return { key: other, value };
  return undefined;
}

function isClose(said: string, own: string): boolean {
  return weakForm(said) === weakForm(own) || (!shortWord(said) && nearest(said, [own]) !== undefined);
}

/** Two edits turn a short word into any other. */
const shortWord = (word: string) => word.length < 5;
