// The probe asks for a path that the service does not answer: the pod is restarted, or never becomes ready.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { nearest } from "../../engine/nearest.ts";
import { containerStart } from "../facts/container-start.ts";
import { probe } from "../facts/probe.ts";
import { mount } from "../facts/mount.ts";
import { route } from "../facts/route.ts";
import { router } from "../facts/router.ts";
import { servedPaths, serves, type ServedPath } from "../facts/served-path.ts";
import { isOtherProcess } from "../facts/started-script.ts";
import type { Rule } from "../../engine/types.ts";

export const probePathNotServed: Rule = {
  id: "k8s/probe-path-not-served",
  title: "Probe asks for a path that nobody serves",
  why: `A liveness probe that gets 404 restarts a healthy container after a few periods, again and again; a readiness probe that gets 404 keeps the pod
out of the Service for ever, so that a rollout never finishes.
https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-a-liveness-http-request.`,
  check: {
    yaml: {
      mentions: probe.yaml!.mentions,
      reads: [probe, route, mount, router, containerStart],
      *find(document, facts) {
        for (const one of facts.in(document.path, probe)) {
          if (one.at.start < document.at.start || one.at.start > document.at.end || one.service === undefined) continue;
          const asked = "known" in one.value.path ? one.value.path.known : undefined;
          if (typeof asked !== "string" || !asked.startsWith("/")) continue;
          const path = asked.replace(/[?#][^]*/, "").replace(/(?<=.)\/$/, "");
          const kind = one.value.role === "health" ? "check" : "probe";
          const table = servedPaths(facts, one.service);
          if (!table?.some((candidate) => candidate.seen) || isOtherProcess(one, table.map(({ fact }) => fact.at.file), facts)) continue;
          // Its files are routes of their own.
          if (byFiles.some((name) => facts.version(table[0]!.fact, name) !== undefined)) continue;
          const answers = table.filter((candidate) => serves(candidate, path));
          if (answers.some((candidate) => isGet(candidate))) continue;
          const exact = table.filter((candidate) => candidate.seen && !candidate.open && isGet(candidate) && !/[:*{(]/.test(candidate.path)).map((candidate) => candidate.path);
          const near = exact.find((candidate) => candidate.endsWith(path)) ?? nearest(path, exact);
          const other = answers[0] ?? table.find((candidate) => candidate.path === near);
          yield {
            at: one.at,
            message: answers[0]
              ? say`The ${one.value.role} ${kind} sends GET ${path}, but the service answers only ${answers[0].method}`
              : say`The ${one.value.role} ${kind} asks for ${path}, which the service does not serve`,
            ...(other ? { related: [{ at: other.fact.at, message: answers[0] ? say`The route is ${other.method} only` : say`The service serves ${other.path}` }] } : {}),
            ...(near && !answers[0] && one.value.node ? { fixes: [{ title: `Probe ${near}`, safe: false, edits: [{ yaml: one.value.node, set: near }] }] } : {}),
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
const app = express();
app.get("/health", (_req, res) => { res.send("ok"); });
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
            httpGet: { path: /healthz, port: 3000 }
                             ^^^^^^^^ error: The liveness probe asks for /healthz, which the service does not serve
`,
    },
    {
      good: files`
//- src/app.ts
import express from "express";
import { proxy } from "some-proxy";
const app = express();
app.get("/health", (_req, res) => { res.send("ok"); });
app.use(proxy());
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
            httpGet: { path: /healthz, port: 3000 }
`,
    },
  ],
};

/** Frameworks that answer by the names of files. */
const byFiles = ["next", "nuxt", "@remix-run/serve", "@remix-run/express", "@sveltejs/kit", "astro", "nitropack"];

function isGet({ method }: ServedPath): boolean {
  return method === "GET" || method === "ALL";
}
