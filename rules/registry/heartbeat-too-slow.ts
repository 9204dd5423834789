// The heartbeat leaves no room for a lost beat: one slow renewal, and the registry drops a healthy instance.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { heartbeat, third } from "../facts/heartbeat.ts";
import { earlyRemovals, heartbeatPairs } from "../facts/heartbeat-pair.ts";
import { registryLease } from "../facts/registry-lease.ts";
import { renewal } from "../facts/renewal.ts";
import { ttlOf } from "../facts/heartbeat-ttl.ts";
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
      reads: [heartbeat, registryLease, renewal],
      *find({ path }, facts) {
        for (const beat of facts.in(path, heartbeat)) {
          const ttl = ttlOf(beat, facts);
          if (!ttl || !("known" in beat.value.every) || 3 * beat.value.every.known <= ttl.ms) continue;
          const every = beat.value.every.known;
          const implicit = beat.value.every.by === "default";
          yield {
            at: beat.at,
            message: every >= ttl.ms
              ? say`Heartbeat every ${duration(every)}, but the registry TTL is ${duration(ttl.ms)}: the instance is dropped`
              : say`Heartbeat every ${duration(every)} leaves no room for two lost beats in a TTL of ${duration(ttl.ms)}`,
            ...(implicit ? { variant: "implicit" } : every >= ttl.ms ? { variant: "beyond" } : {}),
            related: [{ at: ttl.at, message: say`TTL is set here`, mirror: true }],
            ...(beat.value.numeric ? { fixes: [{ title: `Beat every ${duration(third(ttl.ms))}`, safe: false, edits: [{ at: beat.at, duration: third(ttl.ms) }] }] } : {}),
          };
        }
        for (const lease of facts.in(path, registryLease)) {
          if (!lease.value.code || lease.value.registry !== "consul" || "absent" in lease.value.ttl) continue;
          const kept = facts.all(lease.service, renewal);
          if (kept.complete && kept.facts.length === 0) yield { at: lease.at, variant: "unrenewed", message: say`A check with a TTL is registered, but nothing here passes it: the instance turns critical` };
        }
      },
    },
    yaml: {
      mentions: [["heartbeat", "heart-beat", "heartBeat", "lease-renewal", "leaseRenewal", "keepalive", "keepAlive", "renew", "session.timeout.ms", "heart.beat", "heart_beat", "ping", "lease-expiration", "leaseExpiration", "lease_expiration", "lease_renewal", "ip-delete-timeout", "ip.delete.timeout", "ipDeleteTimeout"]],
      reads: [],
      *find(document) {
        for (const { every, ttl, at, ttlAt, defaults, edit } of heartbeatPairs(document)) {
          if (3 * every <= ttl) continue;
          yield {
            at,
            message: every >= ttl
              ? say`Heartbeat every ${duration(every)}, but the TTL is ${duration(ttl)}: the instance is dropped`
              : say`Heartbeat every ${duration(every)} leaves no room for two lost beats in a TTL of ${duration(ttl)}`,
            ...(every >= ttl ? { variant: "beyond" } : defaults ? { variant: "implicit" } : {}),
            ...(ttlAt ? { related: [{ at: ttlAt, message: say`TTL is set here` }] } : {}),
            ...(edit ? { fixes: [{ title: "Beat every third of the TTL", safe: false, edits: [edit] }] } : {}),
          };
        }
        for (const { at, removed, unhealthy } of earlyRemovals(document))
          yield { at, variant: "beyond", message: say`Nacos removes an instance after ${duration(removed)} without a beat, before it is unhealthy at ${duration(unhealthy)}` };
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
