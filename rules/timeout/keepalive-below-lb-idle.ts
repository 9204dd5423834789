// The server hangs up idle connections before the load balancer does: a request sent in that moment is answered with 502.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { httpApp } from "../facts/http-app.ts";
import { httpServer, type HttpServer } from "../facts/http-server.ts";
import { raise } from "../facts/keep-alive-fix.ts";
import { keepAliveTuning } from "../facts/keep-alive-tuning.ts";
import { loadBalancerIdle } from "../facts/load-balancer-idle.ts";
import { mesh } from "../facts/mesh.ts";
import type { Facts, Finding, Known, Linked, Related, Rule } from "../../engine/types.ts";

export const keepaliveBelowLbIdle: Rule = {
  id: "timeout/keepalive-below-lb-idle",
  title: "Keep-alive shorter than the load balancer's",
  why: `Node closes an idle connection after 5 s; load balancers keep theirs open for 60 s and more and send the next request on it. When it arrives while the
server closes, nobody answers it and the client gets a 502 that no log of the service explains. The server has to be the one that waits longer.
Node's default: https://nodejs.org/api/http.html#serverkeepalivetimeout (5 s on every release from 18 to 26; some type comments say otherwise).
AWS: "configure the idle timeout of your application to be larger than the idle timeout configured for the load balancer"
(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#connection-idle-timeout).`,
  check: {
    ts: {
      reads: [httpServer, httpApp, loadBalancerIdle, keepAliveTuning, mesh],
      *find(file, facts) {
        for (const server of facts.in(file.path, httpServer)) {
          if (proven(server, facts)) yield* idleConnections(server, facts);
          yield* slowHeaders(server);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- server.ts
import { createServer } from "node:http";
import { app } from "./app";
const server = createServer(app);
               ^^^^^^^^^^^^^^^^^ Node closes idle connections after 5 s, the load balancer keeps them for 60 s
server.listen(8080);
//- ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: orders }
spec:
  ingressClassName: alb
  defaultBackend: { service: { name: orders, port: { number: 80 } } }
`,
      fixed: files`
//- server.ts
import { createServer } from "node:http";
import { app } from "./app";
const server = createServer(app);
server.keepAliveTimeout = 70_000;
server.headersTimeout = 71_000;
server.listen(8080);
//- ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: orders }
spec:
  ingressClassName: alb
  defaultBackend: { service: { name: orders, port: { number: 80 } } }
`,
    },
    {
      good: files`
//- server.ts
import { createServer } from "node:http";
import { app } from "./app";
const ALB_IDLE_MS = 60_000;
const server = createServer(app).listen(8080);
server.keepAliveTimeout = ALB_IDLE_MS + 10_000;
`,
    },
  ],
};

/** Node 18 to 26, and fastify from 4, measured. */
const defaults = { node: 5_000, fastify: 72_000 };
/** A margin that holds under bursts. */
const margin = 10_000;
/** Beyond this, few connections idle long enough to meet a thin margin. */
const rare = 300_000;

function* idleConnections(server: Linked<HttpServer>, facts: Facts): Iterable<Finding> {
  const { framework, limits, places, internal } = server.value;
  const own = limits.keepAliveTimeout;
  if (internal || "unknown" in own) return;
  if (!("known" in own) && facts.beside(server, keepAliveTuning).length > 0) return;
  const explicit = "known" in own;
  const keeps = explicit ? own.known : framework === "fastify" ? defaults.fastify : defaults.node;
  // 0 keeps idle connections open for good.
  if (keeps === 0) return;
  const idle = longest(facts.beside(server, loadBalancerIdle));
  const at = places.keepAliveTimeout ?? server.at;
  if (!idle) {
    if (!explicit && framework !== "fastify" && speaksForService(server, facts))
      yield { at, message: say`Node closes idle connections after ${duration(keeps)}, an AWS ALB after 60 s: state loadBalancer.idleTimeout`, variant: "unlinked" };
    return;
  }
  // A sidecar stands between the load balancer and the server, and tries again when a connection is gone.
  if (facts.beside(server, mesh).length > 0) return;
  const limit = idle.value.known;
  const related: Related[] = [{ at: idle.value.from[0] ?? idle.at, message: say`The idle time is set here`, mirror: true }];
  const fixes = [raise(server.value, Math.ceil((limit + margin) / 1_000) * 1_000)].filter((one) => one !== undefined);
  const found = { at, related, ...(fixes.length ? { fixes } : {}) };
  if (keeps <= limit) {
    const who = explicit ? "The server" : framework === "fastify" ? "Fastify" : "Node";
    yield { ...found, message: say`${who} closes idle connections after ${duration(keeps)}, the load balancer keeps them for ${duration(limit)}` };
  } else if (explicit && keeps < limit + margin && limit <= rare)
    yield { ...found, message: say`Keep-alive of ${duration(keeps)} is only ${duration(keeps - limit)} above the load balancer's ${duration(limit)}`, variant: "thin-margin" };
}

/** A server over HTTP/1.1: what listens is an application, also where another module makes it. */
function proven({ at, value: { framework, app } }: Linked<HttpServer>, facts: Facts): boolean {
  return framework !== "http2" && (app === undefined || facts.named(at.file, app, httpApp) !== undefined);
}

/** What the text or the team says outweighs what a platform does by itself; of several, the longest counts. */
function longest(idle: readonly Linked<Known<number>>[]): Linked<Known<number>> | undefined {
  const said = idle.filter((one) => one.value.by !== "default");
  return [...(said.length ? said : idle)].sort((a, b) => b.value.known - a.value.known)[0];
}

/** The first listening server of its service, where none is given a keep-alive time. */
function speaksForService(server: Linked<HttpServer>, facts: Facts): boolean {
  const others = facts.all(server.service, httpServer).facts.filter((one) => one.value.listens && !one.value.internal && proven(one, facts));
  if (others.some((one) => !("absent" in one.value.limits.keepAliveTimeout))) return false;
  const [first] = others.filter((one) => one.value.framework !== "fastify").sort((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.start - b.at.start));
  return first !== undefined && first.at.file === server.at.file && first.at.start === server.at.start;
}

/** Both limits are written, and the one for headers is the longer: Node takes that without a word when they are assigned. */
function* slowHeaders({ value: { limits, places } }: Linked<HttpServer>): Iterable<Finding> {
  const { headersTimeout: headers, requestTimeout: request } = limits;
  if (!("known" in headers) || !("known" in request) || !places.headersTimeout || request.known <= 0 || headers.known <= request.known) return;
  yield {
    at: places.headersTimeout, variant: "headers-above-request",
    message: say`headersTimeout of ${duration(headers.known)} never applies: requestTimeout ends the request after ${duration(request.known)}`,
    fixes: [{ title: `Lower headersTimeout to ${duration(request.known)}`, safe: false, edits: [{ at: places.headersTimeout, duration: request.known }] }],
  };
}
