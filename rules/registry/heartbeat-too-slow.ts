// The heartbeat leaves no room for a lost beat: one slow renewal, and the registry drops a healthy instance.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { heartbeat, third } from "../facts/heartbeat.ts";
import { registryTtl } from "../facts/registry-ttl.ts";
import { heartbeatPairs } from "../facts/heartbeat-pair.ts";
import type { Rule } from "../../engine/types.ts";

export const heartbeatTooSlow: Rule = {
  id: "registry/heartbeat-too-slow",
  title: "Heartbeat too slow for the registry TTL",
  why: `A registration lives as long as its TTL and is kept by heartbeats. With an interval of more than a third of the TTL, two lost or late beats (a
garbage collection, a slow registry, a network blip) end the registration of a healthy instance; at the TTL itself every beat is a race.
The etcd clients renew at a third: https://github.com/microsoft/etcd3/blob/master/src/lease.ts. Consul marks a TTL check critical when it is not
updated in time: https://developer.hashicorp.com/consul/docs/services/usage/checks#ttl-check.`,
  check: {
    ts: {
      reads: [heartbeat, registryTtl],
      *find(file, facts) {
        for (const beat of facts.in(file.path, heartbeat)) {
          if (!("known" in beat.value)) continue;
          const every = beat.value.known;
          const [ttl] = [...facts.beside(beat, registryTtl)].sort((a, b) => a.value.known - b.value.known);
          if (!ttl || 3 * every <= ttl.value.known) continue;
          const place = ttl.value.from[0] ?? ttl.at;
          yield {
            at: beat.at,
            message: every >= ttl.value.known
              ? say`Heartbeat every ${duration(every)}, but the registry TTL is ${duration(ttl.value.known)}: the instance is dropped`
              : say`Heartbeat every ${duration(every)} leaves no room for two lost beats in a TTL of ${duration(ttl.value.known)}`,
            ...(every >= ttl.value.known ? { variant: "beyond" } : {}),
            related: [{ at: place, message: say`TTL is set here`, mirror: true }],
            fixes: [{ title: `Beat every ${duration(third(ttl.value.known))}`, safe: false, edits: [{ at: beat.at, duration: third(ttl.value.known) }] }],
          };
        }
      },
    },
    yaml: {
      mentions: [["heartbeat", "heart-beat", "heartBeat", "lease-renewal", "leaseRenewal", "keepalive", "keepAlive", "renew", "session.timeout.ms"]],
      reads: [],
      *find(document) {
        for (const { every, ttl, defaults } of heartbeatPairs(document)) {
          if (3 * every.ms <= ttl.ms) continue;
          yield {
            at: (every.at ?? ttl.at)!,
            message: every.ms >= ttl.ms
              ? say`Heartbeat every ${duration(every.ms)}, but the TTL is ${duration(ttl.ms)}: the instance is dropped`
              : say`Heartbeat every ${duration(every.ms)} leaves no room for two lost beats in a TTL of ${duration(ttl.ms)}`,
            ...(defaults ? { variant: "implicit" } : every.ms >= ttl.ms ? { variant: "beyond" } : {}),
            ...(every.at && ttl.at ? { related: [{ at: ttl.at, message: say`TTL is set here` }] } : {}),
            ...(every.at && every.unit ? { fixes: [{ title: `Beat every ${duration(third(ttl.ms))}`, safe: false, edits: [{ yaml: every.at, set: Math.max(1, Math.floor(ttl.ms / 3 / every.unit)) }] }] } : {}),
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- orders/registration.ts
import Consul from "consul";
const consul = new Consul();
setInterval(() => consul.agent.check.pass("service:orders"), 20_000);
                                                             ^^^^^^ warning: Heartbeat every 20 s leaves no room for two lost beats in a TTL of 30 s
//- consul/orders.yaml
service: { name: orders, check: { ttl: 30s } }
`,
      fixed: files`
//- orders/registration.ts
import Consul from "consul";
const consul = new Consul();
setInterval(() => consul.agent.check.pass("service:orders"), 10_000);
//- consul/orders.yaml
service: { name: orders, check: { ttl: 30s } }
`,
    },
    {
      good: files`
//- orders/registration.ts
import Consul from "consul";
const TTL_SECONDS = 30;
const consul = new Consul();
await consul.agent.service.register({ name: "orders", check: { ttl: \`\${TTL_SECONDS}s\` } });
setInterval(() => consul.agent.check.pass("service:orders"), (TTL_SECONDS * 1000) / 3);
`,
    },
  ],
};
