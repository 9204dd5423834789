// Question: how many connections do all replicas of all services open to one database at most? Counts what is known, so a sum that is too large is a proof.

import { databaseAddress, hostOf, poolOf, type DatabaseAddress } from "./database-address.ts";
import { databaseLimit, type DatabaseLimit } from "./database-limit.ts";
import { poolSize, type PoolSize } from "./pool-size.ts";
import { replicas } from "./replicas.ts";
import { isSetElsewhere } from "./set-elsewhere.ts";
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
  for (const one of facts.everywhere(poolSize)) {
    const pool = one.service === undefined ? undefined : sized(one, limit, facts);
    if (pool && (limit.value.engine === undefined || pool.value.engine === limit.value.engine) && "known" in pool.value.max && uses(pool, limit, facts)) services.set(pool.service!, [...(services.get(pool.service!) ?? []), pool]);
  }
  return [...services].map(([service, all]): Share => {
    // One URL is one pool: a second client is that of a script.
    const pools = all.filter((one, at) => one.value.library !== prisma || all.findIndex((other) => other.value.library === prisma) === at);
    const each = pools.reduce((sum, one) => sum + (one.value.max as Known<number>).known, 0);
    const set = facts.beside(pools[0]!, replicas).filter((one) => (limit.value.by === "stated" || isCompose(one) === (limit.value.by === "compose")) && (limit.value.by !== "compose" || one.at.file === limit.at.file) && sameUnit(one, limit));
    const most = set.sort((a, b) => b.value.known - a.value.known)[0];
    return { service, pools, each, total: each * (most?.value.known ?? 1), ...(most ? { replicas: most } : {}) };
  }).sort((a, b) => b.total - a.total || (a.service < b.service ? -1 : 1));
}

const isCompose = (one: Linked<unknown>) => one.of?.workload?.startsWith("compose/") === true;
const sameUnit = (a: Linked<unknown>, b: Linked<unknown>) => a.unit === undefined || b.unit === undefined || a.unit === b.unit;

const prisma = "@prisma/client";

/** The pool with what its URL says of it. */
function sized(pool: Linked<PoolSize>, limit: Linked<DatabaseLimit>, facts: Facts): Linked<PoolSize> | undefined {
  if (pool.value.engine !== undefined) return pool;
  const { address } = pool.value;
  const said = givenTo(pool, limit, facts).map((one) => one.value.pool);
  const [first] = said.length > 0 ? said : ["known" in address && typeof address.known === "string" ? poolOf(address.known) : undefined];
  const agree = first !== undefined && said.every((one) => one?.engine === first.engine && one.max === first.max);
  return agree ? { ...pool, value: { ...pool.value, engine: first.engine, max: { known: first.max, by: "text", from: [] } } } : undefined;
}

/** Addresses that manifests of the database's kind give the variable of a pool. */
function givenTo(pool: Linked<PoolSize>, { value, at }: Linked<DatabaseLimit>, facts: Facts): readonly Linked<DatabaseAddress>[] {
  const { variable } = pool.value;
  return variable === undefined ? [] : facts.beside(pool, databaseAddress).filter((one) => one.value.name === variable && (value.by === "stated" || one.value.by === value.by) && (value.by !== "compose" || one.at.file === at.file));
}

function uses(pool: Linked<PoolSize>, limit: Linked<DatabaseLimit>, facts: Facts): boolean {
  const { value, at } = limit;
  // One statement is one database, whichever services it holds for.
  if (value.by === "stated") return facts.everywhere(databaseLimit).some((one) => one.service === pool.service && one.at.file === at.file && one.at.start === at.start);
  const { address, variable } = pool.value;
  const given = givenTo(pool, limit, facts);
  if (given.length > 0) return given.every((one) => value.hosts.includes(one.value.host));
  if (!("known" in address) || typeof address.known !== "string") return false;
  // A default may be overridden; what a ConfigMap or a file gives the variable holds where that is read.
  if (variable !== undefined && (address.by !== "text" || isSetElsewhere(address, at.file))) return false;
  const host = hostOf(address.known);
  return host !== undefined && value.hosts.includes(host);
}
