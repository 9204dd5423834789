// Every replica opens a pool of its own: together they ask the database for more connections than it takes.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { sharesOf, type Share } from "../facts/connection-demand.ts";
import { databaseAddress } from "../facts/database-address.ts";
import { databaseLimit, type DatabaseLimit } from "../facts/database-limit.ts";
import { poolSize } from "../facts/pool-size.ts";
import { replicas } from "../facts/replicas.ts";
import type { Finding, Known, Linked, Rule } from "../../engine/types.ts";

export const poolTimesReplicas: Rule = {
  id: "db/pool-times-replicas",
  title: "Pools of all replicas exceed the database's connections",
  why: `A pool's limit holds for one process. Scaled out, or during a rollout when old and new pods run side by side, the pools together reach the
database's max_connections, and it refuses whoever comes next with "too many clients already": first the new pods, then migrations and the person
who wants to look at it. PostgreSQL takes 100 by default and keeps 3 for superusers:
https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS.`,
  check: {
    yaml: {
      mentions: replicas.yaml!.mentions,
      reads: [replicas, databaseLimit, databaseAddress, poolSize],
      *find(document, facts) {
        const mine = facts.in(document.path, replicas).filter((one) => one.at.start >= document.at.start && one.at.end <= document.at.end);
        if (mine.length === 0) return;
        for (const stated of facts.everywhere(databaseLimit)) {
          // What a team states holds in every unit: only what is deployed with this document counts.
          const limit = stated.value.by === "stated" && document.unit !== undefined ? { ...stated, unit: document.unit } : stated;
          const shares = sharesOf(limit, facts);
          const sum = shares.reduce((all, one) => all + one.total, 0);
          const room = limit.value.limit.known - (limit.value.engine === "postgres" ? reserved : 0);
          const [most] = shares.filter((one) => one.replicas);
          const at = mine.find((one) => most?.replicas && one.at.file === most.replicas.at.file && one.at.start === most.replicas.at.start);
          if (most?.replicas && at && sum > room) yield finding(most.replicas, most, sum, shares, limit, room);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/db.ts
import { Pool } from "pg";
export const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 30 });
//- compose.yaml
services:
  orders:
    build: .
    environment: { DATABASE_URL: "postgres://orders@db:5432/orders" }
    deploy:
      replicas: 4
                ^ warning: 4 replicas open up to 30 connections each, but db takes 100
  db:
    image: postgres:17
`,
      fixed: files`
//- src/db.ts
import { Pool } from "pg";
export const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 22 });
//- compose.yaml
services:
  orders:
    build: .
    environment: { DATABASE_URL: "postgres://orders@db:5432/orders" }
    deploy:
      replicas: 4
  db:
    image: postgres:17
`,
    },
    {
      good: files`
//- src/db.ts
import { Pool } from "pg";
export const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 30 });
//- compose.yaml
services:
  orders:
    build: .
    environment: { DATABASE_URL: "postgres://orders@db:5432/orders" }
    deploy: { replicas: 4 }
  db:
    image: postgres:17
    command: postgres -c max_connections=200
`,
    },
  ],
};

/** Connections that PostgreSQL keeps for superusers. */
const reserved = 3;

function finding(at: Linked<Known<number>>, most: Share, sum: number, shares: readonly Share[], limit: Linked<DatabaseLimit>, room: number): Finding {
  const host = limit.value.hosts[0] ?? "the database";
  const total = shares.reduce((all, one) => all + (one.replicas?.value.known ?? 1), 0);
  const pool = most.pools[0]!;
  const max = pool.value.max as Known<number>;
  // What one pool may open so that all of the same size fit, with room for migrations and people.
  const each = Math.floor((room - 7) / total);
  const writable = shares.length === 1 && most.pools.length === 1 && max.by === "text" && max.from[0] && each > 0 && each < max.known;
  return {
    at: at.at,
    message: shares.length === 1 ? say`${at.value.known} replicas open up to ${most.each} connections each, but ${host} takes ${limit.value.limit.known}` : say`${at.value.known} replicas with ${most.each} connections each, and others: ${sum}, but ${host} takes ${limit.value.limit.known}`,
    related: [...shares.flatMap((one) => one.pools.map((each) => ({ at: each.at, message: say`This pool opens up to ${(each.value.max as Known<number>).known} in each replica` }))), { at: limit.at, message: say`${host} takes ${limit.value.limit.known} connections` }],
    ...(writable ? { fixes: [{ title: `Limit the pool to ${each}`, safe: false, edits: [{ at: max.from[0]!, text: String(each) }] }] } : {}),
  };
}
