// An object emits 'error' and nobody listens: Node ends the process.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { heardReads, unheard } from "../facts/error-heard.ts";
import { atLeast } from "../facts/release.ts";
import { statsdClient } from "../facts/statsd-client.ts";
import type { Rule } from "../../engine/types.ts";

/** From this release hot-shots listens itself and drops the error: lib/transport.js of 14.3.1 and 15.0.0. */
const quietStatsd = "15.0.0";

export const errorEventUnhandled: Rule = {
  id: "lifecycle/error-event-unhandled",
  title: "Nobody listens to 'error' events",
  why: `Node throws an 'error' event that has no listener, from a place that no try/catch of the program is around: the process ends, and all its requests with it
(https://nodejs.org/api/events.html#error-events). A database that restarts, a broker that fails over or a killed connection is enough.
pg: "You probably want to add an event listener to the pool" (https://node-postgres.com/apis/pool#error).
redis: "You MUST listen to error events" (https://github.com/redis/node-redis#events). Both libraries connect again by themselves when somebody listens.
ioredis and bullmq print the error to the console instead, where no logger sees it.`,
  check: {
    ts: {
      reads: [...heardReads, statsdClient],
      *find(file, facts) {
        for (const { fact, row } of unheard(file.path, facts, undefined)) {
          const { shown, short, tool, edits } = fact.value;
          const variant = tool && row.variant === "process" ? "tool" : (row.variant ?? (short ? "short" : undefined));
          const ends = variant === "printed" ? "is only printed" : "ends the process";
          const message = say`This ${row.object!} has no 'error' listener: ${row.fails!} ${ends}`;
          yield { at: shown, message, ...(variant ? { variant } : {}), ...(edits ? { fixes: [{ title: "Listen to its errors", safe: true, edits }] } : {}) };
        }
        for (const fact of facts.in(file.path, statsdClient)) {
          const { edits } = fact.value;
          const fixes = edits ? [{ title: "Handle errors of the StatsD socket", safe: true, edits }] : [];
          const quiet = atLeast(facts.version(fact, "hot-shots"), quietStatsd);
          const message = quiet ? say`StatsD client without errorHandler: socket errors are dropped unseen` : say`StatsD client without errorHandler: a broken socket ends the process`;
          yield { at: fact.at, message, variant: quiet ? "printed" : "statsd", fixes };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { Pool } from "pg";
export const pool = new Pool({ max: 20 });
                    ^^^^^^^^^^^^^^^^^^^^^ error: This pg Pool has no 'error' listener: a broken idle connection ends the process
`,
      fixed: files`
import { Pool } from "pg";
export const pool = new Pool({ max: 20 });
pool.on("error", (error) => console.error("pg Pool error", error));
`,
    },
    {
      bad: files`
import { createClient } from "redis";
export class Lock {
  private client = createClient();
  private subscriber = this.client.duplicate();
                       ^^^^^^^^^^^^^^^^^^^^^^^ error: This redis client has no 'error' listener: a lost connection ends the process
  constructor() {
    this.client.on("error", (error) => console.error("redis", error));
  }
}
`,
    },
    {
      good: files`
//- db.ts
import { Pool } from "pg";
export const pool = new Pool({ max: 20 });
//- main.ts
import { pool } from "./db";
pool.on("error", (error) => console.error("pg", error));
`,
    },
  ],
};
