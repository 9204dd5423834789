// A transaction in single statements that a pool spreads over its connections: nothing holds it together.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { database, resolved, rowOf } from "../facts/database.ts";
import { poolStatement } from "../facts/pool-statement.ts";
import { poolHelper } from "../facts/transaction-runner.ts";
import type { Rule } from "../../engine/types.ts";

export const poolTransaction: Rule = {
  id: "db/pool-transaction",
  title: "Transaction statements on a pool",
  why: `A pool gives each statement any connection that is idle. BEGIN, the writes and COMMIT then run on different connections: the writes commit one by
one, ROLLBACK undoes nothing, and a connection goes back into the pool with a transaction open. Of 40 concurrent rounds of BEGIN, INSERT, ROLLBACK
through pool.query, 13 to 19 rows stayed. "Do not use transactions with the pool.query method": https://node-postgres.com/features/transactions.
Prisma, knex, TypeORM and Sequelize send raw statements through their pools as well, and have transactions of their own.`,
  check: {
    ts: {
      reads: [poolStatement, database, poolHelper],
      *find(file, facts) {
        for (const one of facts.in(file.path, poolStatement)) {
          const { of, helper, callee, word, method, others, edits } = one.value;
          const direct = resolved(one, of, facts);
          const sender = direct || !helper ? undefined : facts.named(one.at.file, helper, poolHelper);
          const found = direct ?? (sender?.value.sends === 0 ? resolved(sender, sender.value.pool, facts) : undefined);
          if (!found || found.single) continue;
          const row = rowOf(found);
          if (!row.pool || !(sender || row.statements?.includes(method) || row.begins?.includes(method))) continue;
          const related = others.map((at) => ({ at, message: say`May run on another connection` }));
          const own = sender ? undefined : edits[row.library];
          const fixes = own ? [{ title: "Run the transaction on one connection", safe: false, edits: own }] : [];
          yield { at: one.at, message: say`${word} through ${callee}() may run on another connection than the next statement`, related, fixes };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { Pool } from "pg";
const pool = new Pool({ max: 20 });
export async function pay(from: string, to: string, amount: number) {
  await pool.query("BEGIN");
        ^^^^^^^^^^^^^^^^^^^ error: BEGIN through pool.query() may run on another connection than the next statement
  await pool.query("UPDATE accounts SET balance = balance - $1 WHERE id = $2", [amount, from]);
  await pool.query("UPDATE accounts SET balance = balance + $1 WHERE id = $2", [amount, to]);
  await pool.query("COMMIT");
}
`,
      fixed: files`
import { Pool } from "pg";
const pool = new Pool({ max: 20 });
export async function pay(from: string, to: string, amount: number) {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("UPDATE accounts SET balance = balance - $1 WHERE id = $2", [amount, from]);
    await client.query("UPDATE accounts SET balance = balance + $1 WHERE id = $2", [amount, to]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
`,
    },
    {
      good: files`
import { Pool } from "pg";
const pool = new Pool({ max: 20 });
export async function pay(from: string, amount: number) {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("UPDATE accounts SET balance = balance - $1 WHERE id = $2", [amount, from]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
`,
    },
  ],
};
