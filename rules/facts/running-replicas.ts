// Question: how many replicas run the process that a file belongs to? Several workloads may run one package, each a process of its own: what holds for all of them is known.

import { containerStart } from "./container-start.ts";
import { envProvision } from "./env-provision.ts";
import { replicas } from "./replicas.ts";
import { starts, wordsOf } from "./started-script.ts";
import type { FactKind, Facts, Known, Linked } from "../../engine/types.ts";

/** Kinds that a check reads to ask this. */
export const replicaReads: readonly FactKind<any>[] = [replicas, containerStart, envProvision];

/** More than one; undefined where one of the workloads that may run the file runs once. */
export function runningReplicas(one: Linked<unknown>, facts: Facts): Linked<Known<number>> | undefined {
  const stated: readonly Linked<Known<number>>[] = facts.beside(one, replicas);
  const found = [true, false].map((compose) => {
    const counts = stated.filter((each) => isCompose(each) === compose);
    const ids = new Set(facts.beside(one, envProvision).filter((each) => (each.value.by === "compose") === compose).map((each) => each.value.workload));
    if (ids.size <= 1) return most(counts);
    const started = facts.beside(one, containerStart).filter((each) => (each.value.by === "compose") === compose).map((each) => ({ id: each.of?.workload ?? "", words: wordsOf(each, facts) }));
    const these = started.filter(({ words }) => starts(words, one.at.file));
    if (these.length > 0) return most(counts.filter((each) => these.some(({ id }) => isOf(each, id))));
    // Beside workers with a command of their own, what the image starts by itself is the service.
    const plain = started.filter(({ words }) => words.length === 0).map(({ id }) => id);
    const each = (plain.length > 0 ? plain : [...ids]).map((id) => most(counts.filter((count) => isOf(count, id))));
    return each.every((count) => count !== undefined) ? each.sort((a, b) => a!.value.known - b!.value.known)[0] : undefined;
  });
  return most(found.filter((each) => each !== undefined));
}

const isCompose = ({ of }: Linked<unknown>) => of?.workload?.startsWith("compose/") === true;
const nameOf = (id: string) => id.slice(id.indexOf("/") + 1);

function isOf({ of }: Linked<unknown>, id: string): boolean {
  return of?.workload === undefined ? of?.names?.includes(nameOf(id)) === true : of.workload === id;
}

function most(counts: readonly Linked<Known<number>>[]): Linked<Known<number>> | undefined {
  return counts.filter(({ value }) => value.known > 1).toSorted((a, b) => b.value.known - a.value.known)[0];
}
