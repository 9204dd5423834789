// A pool or client that waits for a connection, or for a statement, without a limit: one slow table stops every caller.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { databaseWait, type DatabaseWait, type Missing } from "../facts/database-wait.ts";
import { statementTimeout } from "../facts/statement-timeout.ts";
import type { Facts, Fix, Linked, Message, Rule, Value } from "../../engine/types.ts";

export const unboundedWait: Rule = {
  id: "db/unbounded-wait",
  title: "Database client waits without a limit",
  why: `A pool whose connections are all taken queues its callers, and most libraries let them wait for ever: pg without connectionTimeoutMillis, mysql2
with its unlimited queue, mongodb with waitQueueTimeoutMS 0. A statement that waits for a lock runs without limit as well: statement_timeout is off
by default in pg and PostgreSQL. One locked table then takes all connections, and requests pile up behind them until the process is killed.
https://node-postgres.com/apis/pool, https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT.`,
  check: {
    ts: {
      reads: [databaseWait, statementTimeout],
      *find(file, facts) {
        for (const one of facts.in(file.path, databaseWait)) {
          const missing = one.value.missing.filter((limit) => !setElsewhere(limit, one, facts));
          if (missing.length === 0) continue;
          const off = missing.some((limit) => limit.off);
          const variant = !off && isOpen(one.value) ? "env" : off ? undefined : one.value.variant;
          yield { at: one.at, message: message(one.value, missing), ...(variant ? { variant } : {}), fixes: fixes(one.value, missing) };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { Pool } from "pg";
export const pool = new Pool({ host: "db", max: 20 });
                    ^^^^^^^^ warning: new Pool sets no connectionTimeoutMillis and no statement_timeout: pg waits forever by default
`,
      fixed: files`
import { Pool } from "pg";
export const pool = new Pool({ host: "db", max: 20, connectionTimeoutMillis: 2_000, statement_timeout: 10_000, idle_in_transaction_session_timeout: 30_000 });
`,
    },
    {
      bad: files`
import { MongoClient } from "mongodb";
export const client = new MongoClient("mongodb://db/orders", { maxPoolSize: 20 });
                      ^^^^^^^^^^^^^^^ new MongoClient sets no waitQueueTimeoutMS: mongodb waits forever by default
`,
      fixed: files`
import { MongoClient } from "mongodb";
export const client = new MongoClient("mongodb://db/orders", { maxPoolSize: 20, waitQueueTimeoutMS: 2_000 });
`,
    },
    {
      good: files`
import { Pool } from "pg";
export const pool = new Pool({ connectionString: "postgres://db/orders?statement_timeout=5000", connectionTimeoutMillis: 2_000 });
`,
    },
  ],
};

/** The URL, the environment or the database sets the limit. */
function setElsewhere(limit: Missing, one: Linked<DatabaseWait>, facts: Facts): boolean {
  const { url, settings } = one.value;
  const text = textOf(url);
  if (text !== undefined && limit.url.some((name) => new RegExp(`[?&]${name}=[^&]`).test(text) || (limit.session && /statement_timeout/.test(text)))) return true;
  if (!limit.session) return false;
  return /statement_timeout/.test(textOf(settings) ?? "") || facts.beside(one, statementTimeout).length > 0 || facts.all(undefined, statementTimeout).facts.length > 0;
}

const textOf = (value: Value<unknown> | undefined) => (value && "known" in value && typeof value.known === "string" && value.by !== "env" ? value.known : undefined);

/** The URL is not in the text: it may say more than we see. */
function isOpen({ url, bare }: DatabaseWait): boolean {
  return bare || (url !== undefined && textOf(url) === undefined);
}

function message({ what, library }: DatabaseWait, missing: readonly Missing[]): Message {
  const off = missing.filter((limit) => limit.off);
  if (off.length) return say`${what} has ${off.map((limit) => limit.name).join(" and ")} switched off and waits forever`;
  const names = missing.map((limit) => limit.name).join(" and no ");
  const waits = missing.find((limit) => limit.waits !== undefined)?.waits;
  return waits === undefined ? say`${what} sets no ${names}: ${library} waits forever by default` : say`${what} sets no ${names}: ${library} waits ${duration(waits)} by default`;
}

function fixes({ slot }: DatabaseWait, missing: readonly Missing[]): Fix[] {
  const added = missing.filter((limit) => !limit.off);
  const texts = added.flatMap((limit) => limit.adds?.split(", ") ?? [undefined]);
  if (texts.some((text) => text === undefined) || (texts.length > 0 && !slot)) return [];
  const edits = missing.flatMap(({ off }) => (off ? [{ at: off.at, text: off.text }] : []));
  if (slot && texts.length) edits.push({ at: slot.at, text: slot.before + texts.join(separator(slot.before)) + slot.after });
  return [{ title: "Limit the wait", safe: false, edits }];
}

/** Neighbours on lines of their own keep that layout. */
function separator(before: string): string {
  const gap = /\r?\n[ \t]*$/.exec(before);
  return gap ? `,${gap[0]}` : ", ";
}
