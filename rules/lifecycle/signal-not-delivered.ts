// The container's first process is npm or a shell: SIGTERM ends that one, and the service behind it never hears of it.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { containerStart, type ContainerStart } from "../facts/container-start.ts";
import { effectiveStart, type EffectiveStart } from "../facts/effective-start.ts";
import { imageStart } from "../facts/image-start.ts";
import { shutdownHandler } from "../facts/shutdown-handler.ts";
import { startFixes } from "../facts/start-fix.ts";
import { swallowedSignal, type SwallowedSignal } from "../facts/swallowed-signal.ts";
import type { Facts, Finding, Linked, Message, Related, Rule } from "../../engine/types.ts";

export const signalNotDelivered: Rule = {
  id: "lifecycle/signal-not-delivered",
  title: "SIGTERM does not reach the service",
  why: `A container is stopped with SIGTERM to its first process. npm and its like run the service behind a shell and end on the signal without it; the shell of
Debian (dash) waits for its command and passes nothing on. The service is killed with its connections open: no drain, no deregistration, no commit, however
good its handler is. https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#cmd. Start node itself, in the exec form
(https://docs.docker.com/reference/dockerfile/#shell-and-exec-form), or write exec before the last command of the shell.`,
  check: {
    yaml: {
      mentions: [["containers", "services"]],
      reads: [containerStart, imageStart, shutdownHandler],
      *find(document, facts) {
        for (const container of facts.in(document.path, containerStart)) {
          if (container.at.start < document.at.start || container.at.end > document.at.end || container.value.init) continue;
          const start = effectiveStart(container, facts);
          const swallowed = start && swallowedSignal(start.argv, start.shell);
          if (swallowed) yield finding(container, start, swallowed, facts);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- Dockerfile
FROM node:22-slim
COPY . .
CMD node src/server.js
//- src/server.js
process.once("SIGTERM", () => process.exit(0));
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
                 ^^^^^^^^^^^ warning: sh keeps SIGTERM from node src/server.js: it is killed without a shutdown
`,
      fixed: files`
//- Dockerfile
FROM node:22-slim
COPY . .
CMD ["node", "src/server.js"]
//- src/server.js
process.once("SIGTERM", () => process.exit(0));
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
`,
    },
    {
      good: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      containers:
        - name: orders
          image: node:22-slim
          command: ["sh", "-c", "npm run migrate && exec node src/server.js"]
`,
    },
  ],
};

function finding(container: Linked<ContainerStart>, start: EffectiveStart, swallowed: SwallowedSignal, facts: Facts): Finding {
  const { value, service } = container;
  const given = value.entrypoint ?? value.cmd;
  const certain = swallowed.certain && start.whole;
  const script = swallowed.script === undefined ? undefined : facts.script(service, swallowed.script);
  const dev = value.dev || /(^|[:_-])(dev|develop|watch|debug|local|test)([:_-]|$)/.test(swallowed.script ?? "") || /\bnodemon\b|--watch\b|\bts-node-dev\b|\btsx watch\b/.test(script ?? "");
  const variant = dev ? "dev" : swallowed.by === "background" ? "background" : certain ? undefined : "unproven";
  const handler = service === undefined ? undefined : facts.all(service, shutdownHandler).facts.find((one) => one.value.hears === "stop");
  const related: Related[] = [
    ...(start.image ? [{ at: start.image.at, message: say`The image starts it here`, mirror: true as const }] : []),
    ...(handler ? [{ at: handler.at, message: say`This handler does not run`, ...(start.image ? {} : { mirror: true as const }) }] : []),
  ];
  const fixes = startFixes(start, swallowed, facts, service);
  return {
    at: given ? (given.words[0] ?? given.at) : value.imageAt,
    message: message(swallowed, certain),
    ...(variant ? { variant } : {}),
    ...(related.length ? { related } : {}),
    ...(fixes.length ? { fixes } : {}),
  };
}

function message({ by, first, behind }: SwallowedSignal, certain: boolean): Message {
  if (by === "background") return say`${clipped(behind)} runs in the background: the container ends with its shell`;
  if (by === "watcher") return say`${first} restarts the service for a developer: SIGTERM does not reach it`;
  if (by === "runner") return certain ? say`${clipped(first)} does not pass SIGTERM on: the service is killed without a shutdown` : say`${clipped(first)} may not pass SIGTERM on: start node itself`;
  return certain ? say`sh keeps SIGTERM from ${clipped(behind)}: it is killed without a shutdown` : say`sh may keep SIGTERM from ${clipped(behind)}: no exec, and the shell is not known`;
}

const clipped = (text: string) => (text.length > 36 ? `${text.slice(0, 35)}…` : text);
