// The probe asks for a path that the service does not answer: the pod is restarted, or never becomes ready.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { nearest } from "../../engine/nearest.ts";
import { probe } from "../facts/probe.ts";
import { route } from "../facts/route.ts";
import type { Linked, Rule } from "../../engine/types.ts";
import type { Route } from "../facts/route.ts";

export const probePathNotServed: Rule = {
  id: "k8s/probe-path-not-served",
  title: "Probe asks for a path that nobody serves",
  why: `A liveness probe that gets 404 restarts a healthy container after a few periods, again and again; a readiness probe that gets 404 keeps the pod
out of the Service for ever, so that a rollout never finishes.
https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-a-liveness-http-request.`,
  check: {
    yaml: {
      mentions: probe.yaml!.mentions,
      reads: [probe, route],
      *find(document, facts) {
        for (const one of facts.in(document.path, probe)) {
          if (one.at.start < document.at.start || one.at.start > document.at.end || one.service === undefined) continue;
          const asked = "known" in one.value.path ? one.value.path.known : undefined;
          if (typeof asked !== "string" || !asked.startsWith("/")) continue;
          const { facts: routes, complete } = facts.all(one.service, route);
          const table = complete ? listed(routes) : undefined;
          const path = asked.replace(/[?#].*$/, "").replace(/(?<=.)\/$/, "");
          if (!table?.some((candidate) => !candidate.fact.value.named)) continue;
          const answers = table.filter((candidate) => serves(candidate.path, path));
          if (answers.some((candidate) => (candidate.method === "GET" || candidate.method === "ALL"))) continue;
          const near = nearest(path, table.filter((candidate) => !candidate.fact.value.named).filter(({ method }) => method === "GET" || method === "ALL").map((candidate) => candidate.path).filter((candidate) => !/[:*{(]/.test(candidate)));
          const other = answers[0] ?? table.find((candidate) => candidate.path === near && !candidate.fact.value.named);
          yield {
            at: one.at,
            message: answers[0]
              ? say`The ${one.value.role} probe sends GET ${path}, but the service answers only ${answers[0].method}`
              : say`The ${one.value.role} probe asks for ${path}, which the service does not serve`,
            ...(other ? { related: [{ at: other.fact.at, message: answers[0] ? say`The route is ${other.method} only` : say`The service serves ${other.path}` }] } : {}),
            ...(near && !answers[0] ? { fixes: [{ title: `Probe ${near}`, safe: false, edits: [{ yaml: one.value.node, set: near }] }] } : {}),
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

interface Listed { readonly path: string; readonly method: string; readonly fact: Linked<Route> }

/** The table of routes; undefined when one of them cannot be listed. */
function listed(routes: readonly Linked<Route>[]): Listed[] | undefined {
  const table: Listed[] = [];
  for (const fact of routes) {
    if (!("known" in fact.value.path) || typeof fact.value.path.known !== "string") return undefined;
    table.push({ path: fact.value.path.known, method: fact.value.method, fact });
  }
  return table;
}

/** True when a route answers the path: itself, its parameters and wildcards, or below a prefix that its mount may give it. */
function serves(pattern: string, path: string): boolean {
  if (pattern === "/" || pattern === "") return path === "/";
  if (/[({[+?]/.test(pattern)) return true;
  const source = pattern.replace(/\/$/, "").split("/").map((part) => (part.startsWith(":") ? "[^/]+" : part.split("*").map((text) => text.replace(/[.\\^$|]/g, "\\$&")).join(".*"))).join("/");
  return new RegExp(`(^|.*/)${source.replace(/^\//, "")}$`).test(path.replace(/^\//, ""));
}
