// A query in the code of a transaction that does not take part in it: it stays when the transaction is rolled back, and may wait for it for ever.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { database, resolved, rowOf, type DatabaseUse } from "../facts/database.ts";
import { outsideQuery, type OutsideQuery } from "../facts/outside-query.ts";
import { poolHelper, transactionRunner } from "../facts/transaction-runner.ts";
import type { Facts, Linked, Rule } from "../../engine/types.ts";

export const queryOutsideTransaction: Rule = {
  id: "db/query-outside-transaction",
  title: "Query outside its transaction",
  why: `A transaction belongs to one connection. A query that goes to the pool, the client or a repository instead of the name the callback is given
runs on another connection: it commits at once and stays when the transaction is rolled back, does not see what the transaction wrote, and waits
for its locks. With a pool that is used up by such transactions each waits for a connection that only another could release.
"You must use the same client instance for all statements within a transaction": https://node-postgres.com/features/transactions.
"Always use the provided instance of entity manager": https://typeorm.io/docs/transactions.`,
  check: {
    ts: {
      reads: [outsideQuery, database, transactionRunner, poolHelper],
      *find(file, facts) {
        for (const one of facts.in(file.path, outsideQuery)) {
          const does = judged(one, facts);
          if (!does || (does === "read" && /replica|read|slave|follower/i.test(one.value.receiver))) continue;
          const { receiver, inner, edits } = one.value;
          const message = inner
            ? say`${short(receiver)} ${does === "write" ? "writes" : "queries"} outside the transaction: ${inner} takes part in it`
            : say`${short(receiver)} ${does === "write" ? "writes" : "queries"} outside the transaction`;
          const fixes = edits && inner ? [{ title: `Use ${inner}`, safe: false, edits }] : [];
          yield { at: one.at, message, ...(does === "read" ? { variant: "read" } : {}), fixes };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { Pool, type PoolClient } from "pg";
export class Store {
  constructor(private readonly pool: Pool) {}
  async inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query("BEGIN");
      const result = await work(client);
      await client.query("COMMIT");
      return result;
    } finally {
      client.release();
    }
  }
  create(name: string) {
    return this.inTransaction(async (client) => {
      return this.pool.query("INSERT INTO people (name) VALUES ($1)", [name]);
             ^^^^^^^^^^^^^^^ error: this.pool writes outside the transaction: client takes part in it
    });
  }
}
`,
    },
    {
      bad: files`
import { PrismaClient } from "@prisma/client";
const prisma = new PrismaClient();
export const order = (id: string) =>
  prisma.$transaction(async (tx) => {
    await tx.stock.update({ where: { id }, data: { left: { decrement: 1 } } });
    await prisma.order.create({ data: { id } });
          ^^^^^^^^^^^^^^^^^^^ error: prisma writes outside the transaction: tx takes part in it
  });
`,
      fixed: files`
import { PrismaClient } from "@prisma/client";
const prisma = new PrismaClient();
export const order = (id: string) =>
  prisma.$transaction(async (tx) => {
    await tx.stock.update({ where: { id }, data: { left: { decrement: 1 } } });
    await tx.order.create({ data: { id } });
  });
`,
    },
    {
      good: files`
import knex from "knex";
const db = knex({ client: "pg" });
export const order = (id: string) =>
  db.transaction(async (trx) => {
    await trx("stock").where({ id }).update({ left: db.raw("left - 1") });
    await db("orders").transacting(trx).insert({ id });
  });
`,
    },
  ],
};

/** What the query does to the database of the transaction; undefined when it is not proven to be outside. */
function judged(one: Linked<OutsideQuery>, facts: Facts): "write" | "read" | undefined {
  const { does, of, runner, helper, says, libraries } = one.value;
  const run = runner && facts.named(one.at.file, runner, transactionRunner);
  if (runner && !run) return undefined;
  const sender = helper && facts.named(one.at.file, helper, poolHelper);
  if (helper && !sender) return undefined;
  const asked = sender ? { home: sender, use: sender.value.pool } : of && { home: one, use: of };
  const found = asked && resolved(asked.home, asked.use, facts);
  if (!found) return of || helper ? undefined : does;
  const row = rowOf(found);
  if (found.single || (libraries.length && !libraries.includes(row.library.replace(/-.*/, "")))) return undefined;
  if (!run && !sender) return does;
  if (row.pool !== true || !row.acquire) return undefined;
  const [left, right] = [run && identity(run, run.value.pool, run.value.text, facts), identity(asked.home, asked.use, sender ? sender.value.text : one.value.receiver, facts)];
  if (left !== undefined && right !== undefined && left !== right) return undefined;
  if (!sender) return does;
  const kind = typeof sender.value.sends === "number" ? says?.[sender.value.sends] : sender.value.sends;
  return kind === "write" ? "write" : kind === "read" || kind === "other" ? "read" : undefined;
}

/** Which pool it is: where it is made, or the name it has in its file. */
function identity(home: Linked<unknown>, use: DatabaseUse | undefined, text: string | undefined, facts: Facts): string | undefined {
  if (!use) return undefined;
  if ("ref" in use) {
    const made = facts.named(home.at.file, use.ref, database);
    return made && `${made.at.file}:${made.at.start}`;
  }
  return use.maker !== undefined ? `${home.at.file}:${use.maker}` : text?.startsWith("this.") ? `${home.at.file} ${text}` : undefined;
}

const short = (text: string) => (/^[\w$.]{1,40}$/.test(text) ? text : "This query");
