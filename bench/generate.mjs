// Makes a repository to measure on: always the same files for the same numbers. Writes below the given folder only.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One file in so many deals with what pitlint looks for; the others are ordinary code. */
const relevantEvery = 30;
const filesOfService = 120;

/** Writes `count` TypeScript files of some 3 kB in services of their own, each with its manifests. Returns how many files and bytes were written. */
export function generate(root, count) {
  const random = randomFrom(20_240_501);
  const total = { files: 0, bytes: 0 };
  for (let at = 0; at < count; at++) {
    const service = `service-${String(Math.floor(at / filesOfService)).padStart(3, "0")}`;
    if (at % filesOfService === 0) for (const [path, text] of Object.entries(manifests(service))) write(path, text);
    const path = `services/${service}/src/${pick(random, areas)}/${pick(random, nouns)}-${at}.ts`;
    write(path, at % relevantEvery === 0 ? relevant(random, at, service) : ordinary(random, at));
  }
  return total;

  function write(path, text) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    total.files++;
    total.bytes += text.length;
  }
}

const areas = ["billing", "catalog", "shipping", "pricing", "returns", "stock", "tax"];
const nouns = ["invoice", "basket", "parcel", "discount", "refund", "shelf", "levy", "voucher", "carrier"];
const verbs = ["merge", "split", "round", "compare", "collect", "reduce", "apply", "check"];

/** Numbers in [0, 1): the mulberry32 generator, https://github.com/cprosche/mulberry32 (public domain). */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = (random, list) => list[Math.floor(random() * list.length)];
const upper = (word) => word[0].toUpperCase() + word.slice(1);

/** A class with some methods: arithmetic, loops, branches, no input or output. */
function ordinary(random, at) {
  const noun = upper(pick(random, nouns));
  const methods = Array.from({ length: 3 + Math.floor(random() * 5) }, (_, index) => {
    const verb = pick(random, verbs);
    const limit = Math.floor(random() * 900) + 10;
    return `
  /** ${upper(verb)}s the lines of one ${noun.toLowerCase()}, up to ${limit} of them. */
  ${verb}${index}(lines: readonly ${noun}Line[], start = 0): ${noun}Line[] {
    const kept: ${noun}Line[] = [];
    for (const line of lines.slice(start, start + ${limit})) {
      if (line.quantity <= 0 || this.seen.has(line.sku)) continue;
      const price = Math.round(line.price * (1 + this.rate) * 100) / 100;
      kept.push({ ...line, price, label: \`\${line.sku}: \${line.quantity} at \${price}\` });
      this.seen.add(line.sku);
    }
    return kept.sort((a, b) => a.price - b.price || a.sku.localeCompare(b.sku));
  }`;
  });
  return `// Lines of a ${noun.toLowerCase()} and what is done with them.

export interface ${noun}Line {
  readonly sku: string;
  readonly quantity: number;
  readonly price: number;
  readonly label?: string;
}

export class ${noun}${at} {
  private readonly seen = new Set<string>();
  private readonly rate: number;

  constructor(rate: number) {
    this.rate = rate;
  }
${methods.join("\n")}
}
`;
}

/** A client with and without a limit, and a server. */
function relevant(random, at, service) {
  const noun = pick(random, nouns);
  return `${ordinary(random, at)}
export async function load${upper(noun)}(id: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(\`http://${noun}.internal/v1/\${id}\`, { signal });
  if (!response.ok) throw new Error(\`${noun} \${id}: \${response.status}\`);
  return response.json();
}
${at % (relevantEvery * 4) === 0 ? `
import { createServer } from "node:http";

const server = createServer((request, response) => void response.end("${service}"));
server.requestTimeout = ${10 + Math.floor(random() * 20)}_000;
server.listen(8080);
` : ""}`;
}

function manifests(service) {
  return {
    [`services/${service}/package.json`]: `${JSON.stringify({ name: service, private: true, dependencies: { fastify: "^5.0.0" } }, undefined, 2)}\n`,
    [`services/${service}/k8s.yaml`]: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${service}
spec:
  replicas: 2
  selector: { matchLabels: { app: ${service} } }
  template:
    metadata: { labels: { app: ${service} } }
    spec:
      containers:
        - name: ${service}
          image: registry.example/${service}:1.0
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /ready, port: 8080 } }
---
apiVersion: v1
kind: Service
metadata:
  name: ${service}
spec:
  selector: { app: ${service} }
  ports: [{ port: 80, targetPort: 8080 }]
`,
  };
}
