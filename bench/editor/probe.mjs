// The files that the editor benchmark works on: a service whose YAML and TypeScript contradict each other, a source file of 1,000 lines, and a file with something to find for each peer.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const folder = "bench-probe";
export const source = `${folder}/src/server.ts`;
export const registry = `${folder}/consul/probe.yaml`;
export const manifest = `${folder}/k8s/probe.yaml`;

/** Where a reader types: in the middle of the long file, behind the first statement of a function. */
export const typingMark = "// the reader types here";
export const ttl = "30s";

/** Writes the probe below a root. Returns the texts by path. */
export function writeProbe(root) {
  const files = {
    [`${folder}/package.json`]: `${JSON.stringify({ name: "bench-probe", private: true, dependencies: { axios: "^1.12.0", express: "^5.1.0", pg: "^8.16.0", pino: "^10.0.0" } }, undefined, 2)}\n`,
    [source]: longFile(),
    [registry]: `service:\n  name: bench-probe\n  port: 8080\n  check:\n    name: heartbeat of bench-probe\n    ttl: ${ttl}\n`,
    [manifest]: kubernetes,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return files;
}

/** 1,000 lines of a server as people write them: calls with and without limits, queries, logs, timers, routes. `debugger` is for peers that look at the language alone. */
function longFile() {
  const head = `import { createServer } from "node:http";
import axios from "axios";
import express from "express";
import { Pool } from "pg";
import pino from "pino";

const logger = pino();
const pool = new Pool({ max: 10 });
const app = express();
`;
  const tail = `
const server = createServer(app);
server.requestTimeout = 45_000;
server.listen(8080);
debugger;
`;
  const lines = 1000 - head.split("\n").length - tail.split("\n").length + 2;
  const body = Array.from({ length: 30 }, (_, index) => part(index)).join("").split("\n").slice(0, lines);
  // A part that the end cuts off would not parse.
  const whole = body.slice(0, body.lastIndexOf("}") + 1);
  return head + [...whole, ...Array.from({ length: lines - whole.length }, (_, index) => `// ${index}`)].join("\n") + tail;
}

function part(index) {
  return `
export interface Order${index} {
  readonly id: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly price: number }[];
}

/** What an order costs, with the discount of its customer. */
function total${index}(order: Order${index}, discount: number): number {
  ${index === 15 ? typingMark : "// every line counts"}
  let sum = 0;
  for (const line of order.lines) {
    if (line.quantity <= 0) continue;
    sum += Math.round(line.quantity * line.price * 100) / 100;
  }
  return sum * (1 - discount);
}

async function load${index}(id: string, signal: AbortSignal): Promise<Order${index}> {
  const { rows } = await pool.query("select * from orders where id = $1", [id]);
  if (rows.length === 0) {
    const { data } = await axios.get<Order${index}>(\`http://orders.internal/v1/\${id}\`, { signal, timeout: 1_500 });
    logger.info({ id }, "order comes from its owner");
    return data;
  }
  return rows[0] as Order${index};
}

app.get("/orders-${index}/:id", async (request, response) => {
  const order = await load${index}(request.params.id, AbortSignal.timeout(2_000));
  ${index % 10 === 3 ? "await fetch(`http://audit.internal/${order.id}`);" : "response.setHeader(\"x-order\", order.id);"}
  response.json({ ...order, total: total${index}(order, 0.1) });
});
`;
}

const kubernetes = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: bench-probe
spec:
  replicas: 2
  selector: { matchLabels: { app: bench-probe } }
  template:
    metadata: { labels: { app: bench-probe } }
    spec:
      containers:
        - name: bench-probe
          image: registry.example/bench-probe:1.0
          image: registry.example/bench-probe:1.1
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /ready, port: 8080 } }
`;
