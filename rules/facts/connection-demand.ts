// Question: how many connections do all replicas of all services open to one database at most? Counts what is known, so a sum that is too large is a proof.

import { databaseAddress, hostOf } from "./database-address.ts";
import { databaseLimit, type DatabaseLimit } from "./database-limit.ts";
import { poolSize, type PoolSize } from "./pool-size.ts";
import { replicas } from "./replicas.ts";
import type { Facts, Known, Linked } from "../../engine/types.ts";

export interface Share {
  readonly service: string;
  readonly pools: readonly Linked<PoolSize>[];
  /** Connections of one replica. */
  readonly each: number;
  /** The most that a manifest sets; undefined: one. */
  readonly replicas?: Linked<Known<number>>;
  readonly total: number;
}

/** Shares of the services that are known to use the database, largest first. */
export function sharesOf(limit: Linked<DatabaseLimit>, facts: Facts): Share[] {
  const services = new Map<string, Linked<PoolSize>[]>();
  for (const pool of facts.everywhere(poolSize))
    if (pool.service !== undefined && (limit.value.engine === undefined || pool.value.engine === limit.value.engine) && "known" in pool.value.max && uses(pool, limit, facts)) services.set(pool.service, [...(services.get(pool.service) ?? []), pool]);
  return [...services].map(([service, pools]): Share => {
    const each = pools.reduce((sum, one) => sum + (one.value.max as Known<number>).known, 0);
    const set = facts.beside(pools[0]!, replicas).filter((one) => (limit.value.by === "stated" || isCompose(one) === (limit.value.by === "compose")) && (limit.value.by !== "compose" || one.at.file === limit.at.file) && sameUnit(one, limit));
    const most = set.sort((a, b) => b.value.known - a.value.known)[0];
    return { service, pools, each, total: each * (most?.value.known ?? 1), ...(most ? { replicas: most } : {}) };
  }).sort((a, b) => b.total - a.total || (a.service < b.service ? -1 : 1));
}

const isCompose = (one: Linked<unknown>) => one.of?.workload?.startsWith("compose/") === true;
const sameUnit = (a: Linked<unknown>, b: Linked<unknown>) => a.unit === undefined || b.unit === undefined || a.unit === b.unit;

function uses(pool: Linked<PoolSize>, { value, at }: Linked<DatabaseLimit>, facts: Facts): boolean {
  // One statement is one database, whichever services it holds for.
  if (value.by === "stated") return facts.everywhere(databaseLimit).some((one) => one.service === pool.service && one.at.file === at.file && one.at.start === at.start);
  const { address, variable } = pool.value;
  const given = variable === undefined ? [] : facts.beside(pool, databaseAddress).filter((one) => one.value.name === variable && one.value.by === value.by && (value.by !== "compose" || one.at.file === at.file));
  if (given.length > 0) return given.every((one) => value.hosts.includes(one.value.host));
  const host = variable === undefined && "known" in address && typeof address.known === "string" ? hostOf(address.known) : undefined;
  return host !== undefined && value.hosts.includes(host);
}
