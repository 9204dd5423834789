// Question: which pods do the affinity terms and spread constraints of a pod look at? Reads one pod; the labels of other workloads are a fact.

import { objectId, podOf } from "../../engine/workload.ts";
import { absentProvable, items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { FactKind, Span, YamlDocument } from "../../engine/types.ts";
import { podLabels } from "./running-pod.ts";

export interface Condition {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
  /** What a finding marks: the value of `matchLabels`, the whole expression. */
  readonly at: Span;
  /** The scalars of key and only value, where both may be edited. */
  readonly edit?: { readonly key: Span; readonly value: Span };
}

export interface PodSelector {
  readonly kind: "Affinity" | "Anti-affinity" | "Spread constraint";
  /** All of them must hold. */
  readonly conditions: readonly Condition[];
}

/** Labels of the pods of a workload. */
export const workloadLabels: FactKind<{ readonly id: string; readonly labels: Readonly<Record<string, string>> }> = {
  id: "workload-labels",
  title: "Labels of a workload's pods",
  yaml: {
    mentions: [["labels"], ["containers"]],
    *find(document) {
      const template = document.class === "k8s" ? podOf(document) : undefined;
      const labels = template && podLabels(document, template);
      const id = objectId(document);
      if (template && labels && id !== undefined) yield { at: template.node.at, value: { id, labels: Object.fromEntries(labels) } };
    },
  },
};

/** The selectors that are known as a whole; those of other namespaces are left out. */
export function podSelectors(document: YamlDocument, spec: Found): PodSelector[] {
  const found: PodSelector[] = [];
  const add = (kind: PodSelector["kind"], term: Found | undefined) => {
    if (!term || !absentProvable(document, term) || lookup(document, term, "namespaces") || lookup(document, term, "namespaceSelector")) return;
    const conditions = conditionsOf(document, lookup(document, term, "labelSelector"));
    if (conditions && conditions.length > 0) found.push({ kind, conditions });
  };
  for (const [kind, key] of [["Affinity", "podAffinity"], ["Anti-affinity", "podAntiAffinity"]] as const) {
    const terms = lookup(document, spec, "affinity", key);
    for (const one of items(document, lookup(document, terms, "requiredDuringSchedulingIgnoredDuringExecution"))) add(kind, one);
    for (const one of items(document, lookup(document, terms, "preferredDuringSchedulingIgnoredDuringExecution"))) add(kind, lookup(document, one, "podAffinityTerm"));
  }
  for (const one of items(document, lookup(document, spec, "topologySpreadConstraints"))) add("Spread constraint", one);
  return found;
}

/** Undefined when a part is not known. */
function conditionsOf(document: YamlDocument, selector: Found | undefined): Condition[] | undefined {
  if (!selector || !absentProvable(document, selector) || !trusted(document, selector.node.at)) return undefined;
  const labels = lookup(document, selector, "matchLabels");
  const conditions: Condition[] = [];
  if (labels && !absentProvable(document, labels)) return undefined;
  for (const { key, ...entry } of pairs(document, labels)) {
    const value = text(scalar(document, entry));
    if (value === undefined) return undefined;
    conditions.push({ key, operator: "In", values: [value], at: entry.node.at, ...(entry.origin === "own" ? { edit: { key: entry.pair.key.at, value: entry.node.at } } : {}) });
  }
  for (const one of items(document, lookup(document, selector, "matchExpressions"))) {
    const key = lookup(document, one, "key");
    const operator = text(scalar(document, one, "operator"));
    const listed = items(document, lookup(document, one, "values"));
    const values = listed.map((each) => text(scalar(document, each)));
    const name = text(scalar(document, one, "key"));
    if (!key || name === undefined || values.includes(undefined) || (operator !== "In" && operator !== "NotIn" && operator !== "Exists" && operator !== "DoesNotExist")) return undefined;
    const editable = operator === "In" && listed.length === 1 && one.origin === "own" && key.origin === "own" && listed[0]!.origin === "own";
    conditions.push({ key: name, operator, values: values.filter((each) => each !== undefined), at: one.node.at, ...(editable ? { edit: { key: key.node.at, value: listed[0]!.node.at } } : {}) });
  }
  return conditions;
}

/** Whether a pod with these labels meets a condition. */
export function meets(labels: ReadonlyMap<string, string>, { key, operator, values }: Condition): boolean {
  const own = labels.get(key);
  switch (operator) {
    case "In": return own !== undefined && values.includes(own);
    case "NotIn": return own === undefined || !values.includes(own);
    case "Exists": return own !== undefined;
    case "DoesNotExist": return own === undefined;
  }
}
