// Question: which variables do all manifests of one kind give a service together, and which of them is a slip of the pen?

import { configKeys } from "./config-keys.ts";
import { envProvision, type EnvProvision } from "./env-provision.ts";
import type { EnvRead } from "./env-read.ts";
import type { Facts, Linked, Span } from "../../engine/types.ts";

export interface Environment {
  /** The first workload, for a message. */
  readonly workload: string;
  readonly at: Span;
  readonly names: ReadonlyMap<string, Span>;
  /** Nothing else can set a variable, and something does set some. */
  readonly complete: boolean;
}

/** What Kubernetes and what Compose give the service. A service may be deployed several times, with other variables each: one that any of them has counts. */
export function environments(fact: Linked<unknown>, facts: Facts): Environment[] {
  const all = facts.beside(fact, envProvision);
  return (["k8s", "compose"] as const).flatMap((by) => {
    const mine = all.filter((one) => one.value.by === by);
    const [first] = mine;
    if (!first) return [];
    const names = new Map<string, Span>();
    let complete = true;
    for (const { value } of mine) {
      for (const one of value.names) names.set(one.name, one.at);
      if (value.open || !addSources(value, fact, facts, names)) complete = false;
    }
    return [{ workload: first.value.workload, at: first.at, names, complete: complete && names.size > 0 }];
  });
}

/** False when a ConfigMap or Secret is not in the repository, or may hold more than it shows. */
function addSources({ sources }: EnvProvision, fact: Linked<unknown>, facts: Facts, names: Map<string, Span>): boolean {
  const known = [...facts.all(fact.service, configKeys).facts, ...facts.all(undefined, configKeys).facts];
  return sources.every(({ name, prefix }) => {
    const found = known.filter((one) => one.value.name === name);
    for (const one of found) for (const key of one.value.keys) names.set(prefix + key, one.at);
    return found.length > 0 && found.every((one) => !one.value.open);
  });
}

/** A variable that is set, read by nobody, and nearly named so. */
export function slipOf(name: string, { names }: Environment, reads: readonly Linked<EnvRead>[]): { name: string; at: Span; edit: boolean } | undefined {
  const read = new Set(reads.map((one) => one.value.name));
  const near = [...names].filter(([other]) => !read.has(other) && name.length >= 6 && close(name, other));
  const [only] = near;
  return only && near.length === 1 ? { name: only[0], at: only[1], edit: only[1].end - only[1].start === only[0].length } : undefined;
}

/** One letter too many, too few, other, or two exchanged. */
function close(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1) || (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2));
}
