// The liveness endpoint asks a dependency: when that is slow or down, Kubernetes restarts every pod at once.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { database } from "../facts/database.ts";
import { dependencyOf, dependencyWork } from "../facts/dependency-work.ts";
import { mount } from "../facts/mount.ts";
import { livenessOf } from "../facts/liveness.ts";
import { probe } from "../facts/probe.ts";
import { remoteClient } from "../facts/remote-client.ts";
import { route } from "../facts/route.ts";
import { routeHandler } from "../facts/route-handler.ts";
import { pathsOf } from "../facts/route-path.ts";
import { router } from "../facts/router.ts";
import { servedPaths } from "../facts/served-path.ts";
import type { Rule } from "../../engine/types.ts";

export const livenessChecksDependencies: Rule = {
  id: "lifecycle/liveness-checks-dependencies",
  title: "Liveness endpoint asks a dependency",
  why: `A liveness probe that fails restarts the container. When the endpoint asks the database, one slow minute of it restarts every pod of every service that
asks it, and all of them come back at once with cold caches and new connections. Restarting mends nothing that is broken elsewhere: that is what
readiness is for. "Liveness probes ... incorrect implementation can lead to cascading failures":
https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/.`,
  check: {
    // Reports nothing: that a probe asks a service is what lets its routes be read.
    yaml: {
      mentions: probe.yaml!.mentions,
      reads: [probe, route, mount, router],
      find(document, facts) {
        for (const one of facts.in(document.path, probe)) if (one.service !== undefined && one.value.role === "liveness") servedPaths(facts, one.service);
        return [];
      },
    },
    ts: {
      mentions: [["livez", "iveness", "/live", "/alive"]],
      reads: [routeHandler, dependencyWork, database, remoteClient, probe, route, mount, router],
      *find(file, facts) {
        for (const one of facts.in(file.path, routeHandler)) {
          if (one.value.steps.length === 0) continue;
          const paths = pathsOf(one, facts);
          const asked = livenessOf(one, paths, facts);
          if (!asked) continue;
          const found = dependencyOf(file.path, one.value.steps, facts);
          if (!found) continue;
          const here = found.file === file.path;
          yield {
            at: here ? found.at : one.at,
            message: asked.probe ? say`The liveness probe of ${asked.path} waits for ${found.what}: its outage restarts every pod` : say`${asked.path} waits for ${found.what}: its outage restarts every pod`,
            ...(asked.probe ? {} : { variant: "named" }),
            related: [
              ...(asked.probe ? [{ at: asked.probe.at, message: say`The liveness probe asks here`, mirror: true as const }] : []),
              ...(here ? [] : [{ at: { ...found.at, file: found.file }, message: say`It is asked here` }]),
            ],
            ...(asked.probe?.value.node && asked.instead ? { fixes: [{ title: `Probe ${asked.instead}`, safe: false, edits: [{ yaml: asked.probe.value.node, set: asked.instead }] }] } : {}),
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/app.ts
import express from "express";
import { Pool } from "pg";
const pool = new Pool();
const app = express();
app.get("/health", async (_req, res) => {
  await pool.query("select 1");
        ^^^^^^^^^^ warning: The liveness probe of /health waits for pool.query: its outage restarts every pod
  res.send("ok");
});
app.listen(3000);
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      containers:
        - name: orders
          image: acme/orders
          livenessProbe:
            httpGet: { path: /health, port: 3000 }
`,
    },
    {
      good: files`
//- src/app.ts
import express from "express";
import { Pool } from "pg";
const pool = new Pool();
const app = express();
app.get("/livez", (_req, res) => { res.send("ok"); });
app.get("/readyz", async (_req, res) => {
  await pool.query("select 1");
  res.send("ok");
});
app.listen(3000);
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      containers:
        - name: orders
          image: acme/orders
          livenessProbe:
            httpGet: { path: /livez, port: 3000 }
          readinessProbe:
            httpGet: { path: /readyz, port: 3000 }
`,
    },
  ],
};
