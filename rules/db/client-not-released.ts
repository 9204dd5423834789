// A connection that is taken from a pool and not given back on every path: each such path makes the pool one smaller.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { clientCheckout, type ClientCheckout } from "../facts/client-checkout.ts";
import { database, resolved, rowOf } from "../facts/database.ts";
import type { Message, Related, Rule } from "../../engine/types.ts";

export const clientNotReleased: Rule = {
  id: "db/client-not-released",
  title: "Checked-out connection is not released",
  why: `A pool lends its connections, ten by default, and gets back only what is released. A path that skips the release keeps one for ever; after ten
of them every query waits, without a limit by default, while the database is idle. "You must call the releaseCallback or client.release when you
are finished with a client", best in a finally block: https://node-postgres.com/apis/pool#releasing-clients. The same holds for connections of mysql2,
query runners of TypeORM, sessions of MongoDB, and for transactions of knex and Sequelize that are neither committed nor rolled back.`,
  check: {
    ts: {
      reads: [clientCheckout, database],
      *find(file, facts) {
        for (const one of facts.in(file.path, clientCheckout)) {
          const { of, leak, acquire, taken, throws, edits } = one.value;
          const found = resolved(one, of, facts);
          if (!found || rowOf(found).acquire !== acquire) continue;
          const related: Related[] = [];
          if (taken.start !== one.at.start) related.push({ at: taken, message: say`Taken here` });
          if (throws && throws.start !== one.at.start) related.push({ at: throws, message: say`Throws here` });
          const variant = leak === "never" || leak === "exit" ? (leak === "exit" ? "path" : undefined) : leak === "open" ? "throw" : leak;
          const fixes = edits ? [{ title: `Release ${one.value.name} in finally`, safe: false, edits: edits }] : [];
          yield { at: one.at, message: message(one.value, rowOf(found).transaction === true), ...(variant ? { variant } : {}), related, fixes };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { Pool } from "pg";
const pool = new Pool({ max: 20 });
export async function order(id: string) {
  const client = await pool.connect();
  const { rows } = await client.query("SELECT * FROM orders WHERE id = $1", [id]);
  client.release();
  ^^^^^^^^^^^^^^^^ warning: client.release() is skipped when client.query() throws
  return rows[0];
}
`,
      fixed: files`
import { Pool } from "pg";
const pool = new Pool({ max: 20 });
export async function order(id: string) {
  const client = await pool.connect();
  try {
    const { rows } = await client.query("SELECT * FROM orders WHERE id = $1", [id]);
    return rows[0];
  } finally {
    client.release();
  }
}
`,
    },
    {
      bad: files`
import type { Pool } from "pg";
export async function watch(pool: Pool) {
  const client = await pool.connect();
                       ^^^^^^^^^^^^^^ error: client is checked out, and client.release() is never called
  client.on("error", (error) => console.error(error));
}
`,
    },
    {
      good: files`
import type { Pool, PoolClient } from "pg";
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}
`,
    },
  ],
};

function message({ leak, name, release, thrower }: ClientCheckout, transaction: boolean): Message {
  if (transaction) {
    if (leak === "never") return say`${name} is begun, and neither committed nor rolled back`;
    if (leak === "exit") return say`This path leaves ${name} neither committed nor rolled back`;
    return thrower ? say`${name} stays open when ${thrower}() throws: nothing rolls it back` : say`${name} stays open when the work before it throws: nothing rolls it back`;
  }
  if (leak === "never") return say`${name} is checked out, and ${release}() is never called`;
  if (leak === "exit") return say`This path leaves ${name} checked out: ${release}() is not reached`;
  if (leak === "before-try") return thrower ? say`${name} stays checked out when ${thrower}() throws before the try` : say`${name} stays checked out when this throws before the try`;
  return thrower ? say`${release}() is skipped when ${thrower}() throws` : say`${release}() is skipped when the work before it throws`;
}
