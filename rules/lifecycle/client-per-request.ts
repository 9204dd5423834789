// A client that owns connections is made for each request, instead of once for all of them.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { kafkaClient } from "../facts/kafka-client.ts";
import { clientFunction, requestCall, requestClient, requestHandler, type RequestClient } from "../facts/request-client.ts";
import type { Facts, Linked, Rule } from "../../engine/types.ts";

export const clientPerRequest: Rule = {
  id: "lifecycle/client-per-request",
  title: "Client is made for every request",
  why: `Clients of databases, brokers, caches and gRPC services are made to be shared: they hold connections, and often a pool of them. One per request costs a
TCP, TLS and login handshake each time, and what is not closed stays open: a pool of ten times the request rate is more than any server takes.
node-postgres: "a handshake which can take 20-30 milliseconds" (https://node-postgres.com/features/pooling). Prisma: each PrismaClient creates its
own pool (https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections). gRPC: "Always re-use stubs and channels
when possible" (https://grpc.io/docs/guides/performance/). Make it at module level, or where the application starts.`,
  check: {
    ts: {
      reads: [requestClient, clientFunction, requestCall, requestHandler, kafkaClient],
      *find(file, facts) {
        let calls: ReadonlyMap<string, Caller> | undefined;
        for (const fact of facts.in(file.path, requestClient)) {
          const { object, costs, edits, of } = fact.value;
          if (of && !facts.named(file.path, of, kafkaClient)) continue;
          const caller = fact.value.unit === undefined ? (calls ??= callers(fact.service, facts)).get(`${file.path}:${fact.at.start}`) : undefined;
          const unit = fact.value.unit ?? caller?.fact.value.unit;
          if (unit === undefined) continue;
          const variant = variantOf(fact.value, caller?.given ?? fact.value.given);
          const related = caller ? [{ at: caller.fact.at, message: say`Called for every ${unit}` }] : [];
          const fixes = edits ? [{ title: "Make it once, at module level", safe: false, edits }] : [];
          yield { at: fact.at, message: say`New ${object} for every ${unit}: each ${costs}`, ...(variant ? { variant } : {}), related, fixes };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { PrismaClient } from "@prisma/client";
import express from "express";
const app = express();

app.get("/items", async (req, res) => {
  const db = new PrismaClient();
             ^^^^^^^^^^^^^^^^^^ error: New PrismaClient for every request: each opens its own connections
  res.json(await db.item.findMany());
});
`,
      fixed: files`
import { PrismaClient } from "@prisma/client";
import express from "express";
const app = express();

const db = new PrismaClient();
app.get("/items", async (req, res) => {
  res.json(await db.item.findMany());
});
`,
    },
    {
      bad: files`
//- db.ts
import { Client } from "pg";
export async function query(sql: string) {
  const client = new Client(process.env.DATABASE_URL);
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: New pg Client for every request: each pays for a handshake first
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
//- routes.ts
import { Router } from "express";
import { query } from "./db";
export const routes = Router();
routes.get("/items", async (req, res) => res.json(await query("SELECT * FROM items")));
`,
    },
    {
      good: files`
import { MongoClient } from "mongodb";
import express from "express";
const app = express();
let client: MongoClient | undefined;
async function items() {
  client ??= await new MongoClient(process.env.MONGO_URL!).connect();
  return client.db().collection("items");
}
app.get("/items", async (req, res) => res.json(await (await items()).find().toArray()));
`,
    },
  ],
};

interface Caller {
  readonly fact: Linked<{ readonly unit: string }>;
  readonly given: boolean;
}

/** Which clients are made by functions that another module calls per request: by place, with that call. */
function callers(service: string | undefined, facts: Facts): ReadonlyMap<string, Caller> {
  const found = new Map<string, Caller>();
  for (const call of [...facts.all(service, requestCall).facts, ...facts.all(service, requestHandler).facts]) {
    const fn = facts.named(call.at.file, call.value.to, clientFunction);
    for (const { start, given } of fn?.value.makes ?? []) {
      const key = `${fn!.at.file}:${start}`;
      const input = given && call.value.given;
      const known = found.get(key);
      if (!known || (known.given && !input)) found.set(key, { fact: call, given: input });
    }
  }
  return found;
}

function variantOf({ variant, ended, own }: RequestClient, given: boolean): string | undefined {
  if (own) return "own";
  if (given) return "given";
  return ended ? (variant ? "brief" : "closed") : variant;
}
