// State that one process keeps for all requests, in a service that runs several: half of the requests do not find it.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { processState, type ProcessState } from "../facts/process-state.ts";
import { replicaReads, runningReplicas } from "../facts/running-replicas.ts";
import { stickySession } from "../facts/sticky-session.ts";
import type { Linked, Message, Rule } from "../../engine/types.ts";

export const processLocalState: Rule = {
  id: "state/process-local-state",
  title: "State of one process in a service with replicas",
  why: `A map in memory is not shared between replicas: a session that one replica stored is unknown to the next, a webhook that one has seen is
processed again by another, and a limit that counts per process lets through as many times more as there are replicas. It works in every test with one.
express-session says that its MemoryStore is for development only: https://www.npmjs.com/package/express-session#compatible-session-stores.
express-rate-limit: https://express-rate-limit.mintlify.app/reference/stores.`,
  check: {
    ts: {
      reads: [processState, ...replicaReads, stickySession],
      *find(file, facts) {
        for (const one of facts.in(file.path, processState)) {
          const most = runningReplicas(one, facts);
          if (!most || most.of?.workload?.startsWith("StatefulSet/") || facts.beside(one, stickySession).length > 0) continue;
          yield {
            at: one.at,
            message: message(one, most.value.known),
            ...(one.value.keeps === "state" ? {} : { variant: one.value.keeps }),
            related: [{ at: most.value.from[0] ?? most.at, message: say`${most.value.known} replicas are set here` }],
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/webhook.ts
import express from "express";
import { settle } from "./ledger";
const app = express();
const processed = new Set<string>();
      ^^^^^^^^^ warning: processed lives in one process, but the service runs 3 replicas
app.post("/webhook", async (req, res) => {
  if (processed.has(req.body.id)) return res.sendStatus(200);
  processed.add(req.body.id);
  await settle(req.body);
  res.sendStatus(200);
});
app.listen(3000);
//- k8s/payments.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: payments }
spec:
  replicas: 3
  template: { spec: { containers: [{ name: payments, image: acme/payments }] } }
`,
    },
    {
      bad: files`
//- src/app.ts
import express from "express";
import { rateLimit } from "express-rate-limit";
export const app = express();
app.use(rateLimit({ windowMs: 60_000, limit: 100 }));
        ^^^^^^^^^ warning: express-rate-limit counts in one process: 4 replicas let through 4 times the limit
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: 4
  template: { spec: { containers: [{ name: orders, image: acme/orders }] } }
`,
    },
    {
      good: files`
//- src/app.ts
import express from "express";
import session from "express-session";
import { store } from "./redis-store";
export const app = express();
app.use(session({ secret: process.env.SECRET!, store, resave: false, saveUninitialized: false }));
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: 4
  template: { spec: { containers: [{ name: orders, image: acme/orders }] } }
`,
    },
  ],
};

function message({ value }: Linked<ProcessState>, count: number): Message {
  if (value.keeps === "sessions") return say`${value.name} keeps sessions in one process, but the service runs ${count} replicas`;
  if (value.keeps === "limits") return say`${value.name} counts in one process: ${count} replicas let through ${count} times the limit`;
  return say`${value.name} lives in one process, but the service runs ${count} replicas`;
}
