// A service that serves or consumes and hears no SIGTERM: every rollout cuts off the work that is under way.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { deployed } from "../facts/deployed.ts";
import { gracePeriod } from "../facts/grace-period.ts";
import { httpApp } from "../facts/http-app.ts";
import { imageStart } from "../facts/image-start.ts";
import { nestShutdownHook } from "../facts/nest-shutdown-hook.ts";
import { serviceEntry, type ServiceEntry } from "../facts/service-entry.ts";
import { shutdownHandler } from "../facts/shutdown-handler.ts";
import { shutdownEdits } from "../facts/shutdown-fix.ts";
import type { Facts, Finding, Linked, Rule } from "../../engine/types.ts";

/** Kubernetes' grace period, and what is left of one after the handler that a fix writes has ended the process (ms). */
const usualGrace = 30_000;
const margin = 5_000;

export const noGracefulShutdown: Rule = {
  id: "lifecycle/no-graceful-shutdown",
  title: "Nobody handles SIGTERM",
  why: `A deployment stops a process with SIGTERM. Without a handler Node ends at once, and as process 1 of a container it hears nothing and is killed when
the grace period is over: either way requests are cut off, jobs stall until their lock ends and a consumer group waits for the session timeout.
https://nodejs.org/api/process.html#signal-events, https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#handling-kernel-signals.
Nest runs the shutdown hooks of providers on a signal only after enableShutdownHooks()
(https://docs.nestjs.com/fundamentals/lifecycle-events#application-shutdown).`,
  check: {
    ts: {
      reads: [serviceEntry, shutdownHandler, nestShutdownHook, httpApp, deployed, gracePeriod, imageStart],
      *find(file, facts) {
        const [first] = facts.in(file.path, serviceEntry);
        if (!first) return;
        const entry = speaker(facts, first.service);
        if (!entry || entry.at.file !== file.path) return;
        const { facts: handlers, complete } = facts.all(entry.service, shutdownHandler);
        if (complete && !handlers.some((one) => one.value.hears === "stop" || isStoppedBySigint(entry.service, facts))) yield finding(entry, facts, handlers);
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/server.ts
import express from "express";
const app = express();
app.listen(8080);
    ^^^^^^ warning: Nobody handles SIGTERM: a stop cuts off requests in flight
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec: { containers: [{ name: orders, image: acme/orders }] }
`,
      fixed: files`
//- src/server.ts
import express from "express";
const app = express();
const server = app.listen(8080);
process.once("SIGTERM", () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 25_000).unref();
});
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec: { containers: [{ name: orders, image: acme/orders }] }
`,
    },
    {
      good: files`
import { createServer } from "node:http";
import { createHttpTerminator } from "http-terminator";
const server = createServer((_req, res) => void res.end("ok")).listen(8080);
const { terminate } = createHttpTerminator({ server });
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void terminate());
`,
    },
  ],
};

const order = ["nest", "http", "fastify", "grpc", "kafka", "bullmq", "queue"];

/** One place speaks for a service: what answers callers before what works in the background. */
function speaker(facts: Facts, service: string | undefined): Linked<ServiceEntry> | undefined {
  const { facts: found, complete } = facts.all(service, serviceEntry);
  const proven = found.filter(({ at, value }) => value.app === undefined || facts.named(at.file, value.app, httpApp));
  return complete ? [...proven].sort((a, b) => order.indexOf(a.value.kind) - order.indexOf(b.value.kind))[0] : undefined;
}

function finding(entry: Linked<ServiceEntry>, facts: Facts, handlers: readonly Linked<unknown>[]): Finding {
  const { value } = entry;
  const fixes = value.closing ? [{ title: value.kind === "nest" ? "Enable shutdown hooks" : "Close on SIGTERM", safe: false, edits: shutdownEdits(value.closing, limitOf(entry, facts)) }] : [];
  const [hook] = value.kind === "nest" ? facts.all(entry.service, nestShutdownHook).facts : [];
  const related = [...(hook ? [{ at: hook.at, message: say`This hook does not run` }] : []), ...handlers.slice(0, 1).map((one) => ({ at: one.at, message: say`Only SIGINT is handled` }))];
  const rest = { at: entry.at, ...(related.length ? { related } : {}), ...(fixes.length ? { fixes } : {}) };
  if (hook) return { ...rest, message: say`Shutdown hooks are not enabled: ${hook.value.class}.${hook.value.method} never runs on SIGTERM`, variant: "hooks" };
  const message = handlers.length > 0 ? say`SIGINT is handled, SIGTERM is not: a stop cuts off ${value.work} in flight` : say`Nobody handles SIGTERM: a stop cuts off ${value.work} in flight`;
  return { ...rest, message, ...(isRolledOut(entry, facts) ? {} : { variant: "undeployed" }) };
}

/** The image says that the signal of a terminal stops it. */
function isStoppedBySigint(service: string | undefined, facts: Facts): boolean {
  return facts.all(service, imageStart).facts.some(({ value }) => value.stages.some((stage) => stage.stopSignal === "SIGINT"));
}

/** A controller replaces its pods at every rollout; an image is built to be run as a container. */
function isRolledOut(entry: Linked<ServiceEntry>, facts: Facts): boolean {
  return isImage(entry.service, facts) || facts.beside(entry, deployed).some(({ value }) => /^(Deployment|StatefulSet|DaemonSet|Rollout|ReplicaSet|DeploymentConfig)\//.test(value.workload));
}

/** How long work in flight may take: below what the manifests give, those of Kubernetes first. */
function limitOf(entry: Linked<ServiceEntry>, facts: Facts): number {
  const all = facts.beside(entry, gracePeriod).map(({ value }) => value);
  const pods = all.filter((one) => one.by === "kubernetes");
  const rest = Math.min(usualGrace, ...(pods.length ? pods : all).map((one) => one.ms - one.preStop));
  return Math.max(1_000, Math.floor((rest - Math.min(margin, rest / 3)) / 1_000) * 1_000);
}

const isImage = (service: string | undefined, facts: Facts) => facts.all(service, imageStart).facts.some(({ at }) => !/dev|debug|test|local|ci/i.test(at.file.slice(at.file.lastIndexOf("/") + 1)) && !/devcontainer/i.test(at.file));
