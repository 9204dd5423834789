// A service starts as soon as the container of its database runs, which is long before it accepts connections.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { absentProvable, lookup, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import { startedDependencies, type StartedDependency } from "../facts/compose-dependency.ts";
import { infrastructure } from "../facts/infrastructure-image.ts";
import type { Edit, Fix, Rule, YamlDocument } from "../../engine/types.ts";

export const dependsOnWithoutHealth: Rule = {
  id: "compose/depends-on-without-health",
  title: "Dependency is awaited until it runs, not until it is healthy",
  why: `The short form of depends_on, and the condition service_started, wait until the container runs. A database then still recovers, migrates or opens its
port, and the service's first connection is refused: it exits, or goes on without what it needs. Which of the two is faster is a race.
https://docs.docker.com/compose/how-tos/startup-order/`,
  check: {
    yaml: {
      mentions: [["depends_on"]],
      reads: [],
      *find(document) {
        if (document.class !== "compose") return;
        for (const one of startedDependencies(document)) {
          const image = text(scalar(document, one.service, "image"));
          const known = image === undefined ? undefined : infrastructure(image);
          if (!known?.dependency || !trusted(document, one.at)) continue;
          const fix = fixFor(document, one, known.health);
          yield {
            at: one.at,
            message: say`${one.dependent} starts when the container of ${one.name} runs, before ${known.name} accepts connections`,
            ...(fix ? { fixes: [fix] } : {}),
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- compose.yaml
services:
  orders:
    build: .
    depends_on:
      - db # holds the orders
        ^^ info: orders starts when the container of db runs, before postgres accepts connections
      - mail
  db:
    image: postgres:16
  mail:
    image: acme/mail
`,
      fixed: files`
//- compose.yaml
services:
  orders:
    build: .
    depends_on:
      db: { condition: service_healthy } # holds the orders
      mail: { condition: service_started }
  db:
    image: postgres:16
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U $\${POSTGRES_USER:-postgres}"]
      interval: 5s
      timeout: 3s
      retries: 10
      start_period: 30s
  mail:
    image: acme/mail
`,
    },
    {
      good: files`
//- compose.yaml
services:
  orders:
    build: .
    depends_on:
      otel-collector: { condition: service_started }
      db: { condition: service_healthy }
  otel-collector:
    image: otel/opentelemetry-collector-contrib:0.150.0
  db:
    image: postgres:16
    healthcheck: { test: [CMD, pg_isready] }
`,
    },
  ],
};

/** Waits for health, which the dependency must be able to tell: by its own healthcheck, or by the usual one of its image. */
function fixFor(document: YamlDocument, { name, service, edits }: StartedDependency, health: readonly string[] | undefined): Fix | undefined {
  const check = lookup(document, service, "healthcheck");
  const insert = check ? [] : healthcheck(document, service, health);
  const disabled = check && (lookup(document, check, "disable") || !lookup(document, check, "test"));
  if (!edits || !insert || disabled) return undefined;
  return { title: check ? `Wait until ${name} is healthy` : `Wait until ${name} is healthy, and check its health`, safe: false, edits: [...edits, ...insert] };
}

function healthcheck(document: YamlDocument, service: Found, health: readonly string[] | undefined): Edit[] | undefined {
  const { node, origin } = service;
  if (!health || node.kind !== "map" || node.flow || origin !== "own" || !absentProvable(document, service)) return undefined;
  const value = `test: [${health.map((word) => JSON.stringify(word)).join(", ")}]\ninterval: 5s\ntimeout: 3s\nretries: 10\nstart_period: 30s\n`;
  return [{ yaml: node.at, insert: { key: "healthcheck", value } }];
}
