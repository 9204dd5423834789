// Question: which TTL does a heartbeat keep alive? Its own lease's, else those of the same registry, service and unit; of several the one that says most for the beat.

import { registryLease, type RegistryLease } from "./registry-lease.ts";
import { renewal } from "./renewal.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Facts, Linked, Span } from "../../engine/types.ts";

interface Ttl {
  readonly ms: number;
  readonly at: Span;
}

/** Undefined when the timer renews nothing, or a TTL that it may keep is not known. */
export function ttlOf(beat: Linked<Heartbeat>, facts: Facts): Ttl | undefined {
  const what = beat.value.registry ? beat.value : beat.value.calls.map((one) => facts.named(beat.at.file, one, renewal)?.value).find((one) => one?.registry);
  if (!what?.registry) return undefined;
  if (what.own) return read({ at: what.own.at, value: what.own });
  const leases = facts.beside(beat, registryLease).filter((one) => one.value.registry === undefined || one.value.registry === what.registry);
  let least: Ttl | undefined;
  // Each unit has its own settings: in the worst of them the beat must hold. What holds in every unit counts in each.
  for (const unit of new Set(leases.map((one) => one.unit))) {
    let most: Ttl | undefined;
    for (const one of leases.filter(({ unit: other }) => other === unit || other === undefined || unit === undefined)) {
      const ttl = read(one);
      if (!ttl) return undefined;
      if (!most || ttl.ms > most.ms) most = ttl;
    }
    if (most && (!least || most.ms < least.ms)) least = most;
  }
  return least;
}

function read({ at, value: { ttl } }: Pick<Linked<RegistryLease>, "at" | "value">): Ttl | undefined {
  return "known" in ttl ? { ms: ttl.known, at: ttl.from[0] ?? at } : undefined;
}
