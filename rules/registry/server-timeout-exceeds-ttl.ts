// A request may outlive the registry's patience: the instance is dropped while it still works.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { registryTtl } from "../facts/registry-ttl.ts";
import { serverTimeout } from "../facts/server-timeout.ts";
import type { Fix, Known, Linked, Rule } from "../../engine/types.ts";

export const serverTimeoutExceedsTtl: Rule = {
  id: "registry/server-timeout-exceeds-ttl",
  title: "Server timeout outlives the registry TTL",
  why: `A registry drops an instance whose TTL runs out. A server timeout that is not below that TTL lets one request hold the process, its
pool or its event loop longer than the registry waits: the instance is removed while it still works, or stays listed while it no longer answers.
An asynchronous handler does not delay a timer that renews; a blocked loop or a saturated pool does.
Consul removes a check after its TTL: https://developer.hashicorp.com/consul/docs/services/usage/checks#ttl-check.
Node waits 300 s for a request: https://nodejs.org/api/http.html#serverrequesttimeout.`,
  check: {
    ts: {
      reads: [serverTimeout, registryTtl],
      *find(file, facts) {
        for (const timeout of facts.in(file.path, serverTimeout)) {
          if (!("known" in timeout.value)) continue;
          const ms = timeout.value.known;
          const ttl = shortest(facts.beside(timeout, registryTtl));
          if (!ttl || ms <= ttl.value.known - margin(ttl.value.known)) continue;
          const related = [{ at: ttl.value.from[0] ?? ttl.at, message: say`TTL is set here`, mirror: true as const }];
          const implicit = timeout.value.by === "default";
          const message = implicit
            ? say`Node lets a request take ${duration(ms)}, the registry TTL is ${duration(ttl.value.known)}`
            : ms >= ttl.value.known
              ? say`Server timeout of ${duration(ms)} outlives the registry TTL of ${duration(ttl.value.known)}`
              : say`Server timeout of ${duration(ms)} is less than ${duration(margin(ttl.value.known))} below the registry TTL of ${duration(ttl.value.known)}`;
          yield { at: timeout.at, message, related, ...(implicit ? { variant: "implicit" } : { fixes: [lower(timeout.value, ttl.value.known)] }) };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- orders/server.ts
import { createServer } from "node:http";
import { app } from "./app";
const server = createServer(app);
server.requestTimeout = 45_000;
                        ^^^^^^ Server timeout of 45 s outlives the registry TTL of 30 s
//- consul/orders.yaml
service:
  name: orders
  check: { ttl: 30s }
`,
      fixed: files`
//- orders/server.ts
import { createServer } from "node:http";
import { app } from "./app";
const server = createServer(app);
server.requestTimeout = 25_000;
//- consul/orders.yaml
service:
  name: orders
  check: { ttl: 30s }
`,
    },
    {
      good: files`
//- orders/server.ts
import { createServer } from "node:http";
import { app } from "./app";
const server = createServer(app);
server.requestTimeout = 25_000;
//- consul/orders.yaml
service: { name: orders, check: { ttl: 30s } }
`,
    },
  ],
};

/** A server timeout stays below the TTL by 5 s, or by a sixth of the TTL where that is less (ms). */
function margin(ttl: number): number {
  return Math.min(5_000, ttl / 6);
}

function shortest(ttls: readonly Linked<Known<number>>[]): Linked<Known<number>> | undefined {
  return [...ttls].sort((a, b) => a.value.known - b.value.known)[0];
}

function lower(timeout: Known<number>, ttl: number): Fix {
  const target = Math.floor((ttl - margin(ttl)) / 100) * 100;
  return { title: `Lower the server timeout to ${duration(target)}`, safe: false, edits: [{ at: timeout.from[0]!, duration: target }] };
}
