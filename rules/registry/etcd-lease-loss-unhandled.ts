// A lease that is lost is not renewed by anyone: the keys are gone, and the service with them.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { etcdClient } from "../facts/etcd-client.ts";
import { etcdLease, type EtcdLease } from "../facts/etcd-lease.ts";
import type { Message, Rule } from "../../engine/types.ts";

export const etcdLeaseLossUnhandled: Rule = {
  id: "registry/etcd-lease-loss-unhandled",
  title: "Loss of an etcd lease is not handled",
  why: `etcd3 renews a lease every third of its TTL. When etcd cannot be reached for too long, or the lease is gone there, it emits 'lost', once, and stops
(https://github.com/microsoft/etcd3/blob/master/src/lease.ts). etcd deletes the keys of the lease, and nothing writes them again: the service works and
is in no list until somebody restarts it (https://github.com/microsoft/etcd3/issues/13). Take a new lease and write the keys again, or end the process.
A watcher or a campaign emits 'error' instead, and without a listener that ends the process.`,
  check: {
    ts: {
      reads: [etcdLease, etcdClient],
      *find(file, facts) {
        for (const { at, value } of facts.in(file.path, etcdLease)) {
          if (value.client && !facts.named(file.path, value.client, etcdClient)) continue;
          const { fix } = value;
          yield {
            at,
            message: message(value),
            ...(value.handler === "logged" ? { variant: "logged" } : value.what === "lease" ? {} : { variant: value.what }),
            ...(fix ? { fixes: [{ title: fix.again ? "Take a new lease when it is lost" : "End the process when the lease is lost", safe: false, edits: fix.edits }] } : {}),
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { Etcd3 } from "etcd3";
const etcd = new Etcd3();
export async function register(address: string) {
  const lease = etcd.lease(10);
                ^^^^^^^^^^^^^^ error: Nobody listens for 'lost': after an etcd outage the key is gone for good
  await lease.put("services/orders/1").value(address);
}
`,
      fixed: files`
import { Etcd3 } from "etcd3";
const etcd = new Etcd3();
export async function register(address: string) {
  const lease = etcd.lease(10);
  lease.on("lost", () => setTimeout(() => void register(address), 1_000));
  await lease.put("services/orders/1").value(address);
}
`,
    },
    {
      good: files`
import { Etcd3 } from "etcd3";
const etcd = new Etcd3();
export async function once(work: () => Promise<void>) {
  const lease = etcd.lease(10);
  try {
    await lease.put("jobs/report").value("running");
    await work();
  } finally {
    await lease.revoke();
  }
}
`,
    },
  ],
};

function message({ what, handler }: EtcdLease): Message {
  if (what === "lease") return handler === "logged" ? say`The loss of this lease is only logged: its keys are not written again` : say`Nobody listens for 'lost': after an etcd outage the key is gone for good`;
  const name = what === "watcher" ? "watcher" : "campaign";
  return handler === "logged" ? say`An error of this ${name} is only logged: nothing starts it again` : say`Nobody listens for 'error' of this ${name}: the first one ends the process`;
}
