// Manifests send traffic to a port on which the service does not listen, or listens for itself only.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { listenPort, type ListenPort } from "../facts/listen-port.ts";
import { containerStart } from "../facts/container-start.ts";
import { portUse, type PortUse } from "../facts/port-use.ts";
import { isSetElsewhere } from "../facts/set-elsewhere.ts";
import { isOtherProcess } from "../facts/started-script.ts";
import type { Facts, Finding, Linked, Rule } from "../../engine/types.ts";

export const portMismatch: Rule = {
  id: "config/port-mismatch",
  title: "Traffic goes to a port on which nobody listens",
  why: `A Service or a probe that names another port than the process opens gets "connection refused": the pod never becomes ready, is restarted for ever,
or answers no request. A process that listens on localhost is as deaf: traffic comes to the pod's own address. Fastify listens on localhost by default.
https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports, https://fastify.dev/docs/latest/Reference/Server/#listen.`,
  check: {
    yaml: {
      mentions: portUse.yaml!.mentions,
      reads: [portUse, listenPort, containerStart],
      *find(document, facts) {
        for (const one of facts.in(document.path, portUse)) {
          if (one.service === undefined || one.at.start < document.at.start || one.at.end > document.at.end) continue;
          const found = judged(one, facts);
          if (found) yield found;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/main.ts
import express from "express";
const app = express();
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
          readinessProbe: { httpGet: { path: /ready, port: 8080 } }
                                                           ^^^^ error: The readiness probe uses port 8080, but the service listens on 3000
`,
      fixed: files`
//- src/main.ts
import express from "express";
const app = express();
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
          readinessProbe: { httpGet: { path: /ready, port: 3000 } }
`,
    },
    {
      good: files`
//- src/main.ts
import express from "express";
const app = express();
app.listen(Number(process.env.PORT ?? 3000));
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
          env: [{ name: PORT, value: "8080" }]
          readinessProbe: { httpGet: { path: /ready, port: 8080 } }
`,
    },
  ],
};

function judged(one: Linked<PortUse>, facts: Facts): Finding | undefined {
  const { by, port, node, declared, open, shared } = one.value;
  if (shared || (by.startsWith("Service ") && facts.beside(one, portUse).some(({ value }) => value.shared))) return undefined;
  const all = facts.all(one.service, listenPort);
  const listens = all.facts.map((fact) => ({ fact, number: portOf(fact.value) }));
  // What another kind of deployment sets is not known here, and another process has ports of its own.
  if (all.facts.some(({ value }) => isSetElsewhere(value.port, one.at.file)) || isOtherProcess(one, all.facts.map(({ at }) => at.file), facts)) return undefined;
  if (!all.complete || listens.length === 0 || listens.some(({ number }) => number === undefined)) return undefined;
  const there = listens.filter(({ number }) => number === port);
  if (there.length > 0) {
    if (declared || !there.every(({ fact }) => isLoopback(fact.value))) return undefined;
    const { fact } = there[0]!;
    const own = "known" in fact.value.host && fact.value.host.by === "default";
    return {
      at: one.at, variant: "loopback",
      message: own ? say`${by} uses port ${port}, but Fastify listens on localhost there by default` : say`${by} uses port ${port}, but the service listens on localhost only`,
      related: [{ at: fact.at, message: say`It listens here`, mirror: true }],
    };
  }
  const fallback = listens.some(({ fact }) => "known" in fact.value.port && fact.value.port.by === "env");
  if (fallback && open) return undefined;
  const ports = [...new Set(listens.map(({ number }) => number!))].sort((a, b) => a - b);
  return {
    at: one.at,
    ...(declared ? { variant: "declared" } : fallback ? { variant: "fallback" } : {}),
    message: fallback ? say`${by} uses port ${port}, but the service listens on ${ports.join(", ")} by default` : say`${by} uses port ${port}, but the service listens on ${ports.join(", ")}`,
    related: [{ at: listens[0]!.fact.at, message: say`It listens here`, mirror: true }],
    ...(node && ports.length === 1 && !fallback ? { fixes: [{ title: `Use port ${ports[0]!}`, safe: false, edits: [{ yaml: node, set: ports[0]! }] }] } : {}),
  };
}

/** Port 0 lets the system choose. */
function portOf({ port, grpc }: ListenPort): number | undefined {
  const said = "known" in port ? port.known : undefined;
  const number = (grpc ? /:(\d+)$/ : /^(\d+)$/).exec(typeof said === "number" || typeof said === "string" ? String(said) : "")?.[1];
  return number !== undefined && Number(number) > 0 ? Number(number) : undefined;
}

function isLoopback({ host, grpc }: ListenPort): boolean {
  const said = "known" in host ? String(host.known) : "";
  return /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/.test(grpc ? said.replace(/:\d+$/, "") : said);
}
