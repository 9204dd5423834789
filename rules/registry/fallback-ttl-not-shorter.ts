// The registration that stands in for another one lives as long as it: after the switch back callers meet the stale one.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { addressOf, fallbackLease, fallbackSites, rewrite, type FallbackLease, type Written } from "../facts/fallback-lease.ts";
import { registryTtl } from "../facts/registry-ttl.ts";
import type { Facts, Finding, Linked, Rule, Span, YamlDocument } from "../../engine/types.ts";

export const fallbackTtlNotShorter: Rule = {
  id: "registry/fallback-ttl-not-shorter",
  title: "Fallback registration lives as long as the one it stands in for",
  why: `When the primary registry fails, an instance registers at the fallback; when it is back, both hold an entry. Only the primary one is renewed from
then on. Unless the fallback entry expires first, callers that still read it are sent to addresses that are gone. A lease that is shorter than one
call to the registry may take ends while the call that should renew it still runs.
An etcd lease ends when it is not kept alive within its TTL: https://etcd.io/docs/v3.5/learning/api/#lease-api.`,
  check: {
    yaml: {
      mentions: fallbackLease.yaml!.mentions,
      reads: [fallbackLease, registryTtl],
      *find(document, facts) {
        for (const one of facts.in(document.path, fallbackLease)) {
          if (one.at.start < document.at.start || one.at.end > document.at.end) continue;
          yield* lived(one, facts);
        }
        yield* sameAddress(document);
      },
    },
  },
  examples: [
    {
      bad: files`
//- config/registrar.yaml
registry:
  primary: { url: "https://etcd-na:2379", lease_ttl: 30 }
  fallback: { url: "https://etcd-apac:2379", lease_ttl: 30 }
                                                        ^^ warning: The fallback registration lives 30 s, the primary one 30 s: it must expire first
`,
      fixed: files`
//- config/registrar.yaml
registry:
  primary: { url: "https://etcd-na:2379", lease_ttl: 30 }
  fallback: { url: "https://etcd-apac:2379", lease_ttl: 15 }
`,
    },
    {
      good: files`
//- config/registrar.yaml
registry:
  primary: { url: "https://etcd-na:2379", lease_ttl: 30 }
  fallback: { url: "https://etcd-apac:2379", lease_ttl: 15 }
`,
    },
  ],
};

function* lived(one: Linked<FallbackLease>, facts: Facts): Iterable<Finding> {
  const { ttl, timeout } = one.value;
  const primary = one.value.primary ?? elsewhere(one, facts);
  if (primary && ttl.ms >= primary.ms) {
    const edit = rewrite(ttl, Math.max(1, Math.floor(primary.ms / 2)));
    yield {
      at: one.at,
      message: say`The fallback registration lives ${duration(ttl.ms)}, the primary one ${duration(primary.ms)}: it must expire first`,
      related: [{ at: primary.at, message: say`TTL of the primary registration` }],
      ...(edit ? { fixes: [{ title: "Give the fallback half of the primary TTL", safe: false, edits: [edit] }] } : {}),
    };
  }
  if (timeout && timeout.ms >= ttl.ms)
    yield {
      at: timeout.at, variant: "timeout",
      message: say`A call may take ${duration(timeout.ms)}, the fallback lease lives ${duration(ttl.ms)}: one slow call loses it`,
      related: [{ at: ttl.at, message: say`The fallback lease is set here` }],
    };
}

/** The primary TTL that the service itself sets, when it is one and the same everywhere. */
function elsewhere(one: Linked<FallbackLease>, facts: Facts): Pick<Written, "ms" | "at"> | undefined {
  const others = facts.beside(one, registryTtl).filter(({ at }) => at.file !== one.at.file);
  const values = new Set(others.map(({ value }) => value.known));
  const [first] = others;
  return first && values.size === 1 ? { ms: first.value.known, at: first.value.from[0] ?? first.at } : undefined;
}

function* sameAddress(outer: YamlDocument): Iterable<Finding> {
  for (const { document, primary, fallback } of fallbackSites(outer)) {
    const [first, second] = [addressOf(document, primary), addressOf(document, fallback)];
    if (!first || !second || bare(first.said) !== bare(second.said)) continue;
    const at: Span = second.at;
    yield { at, variant: "same-address", message: say`The fallback is the primary registry itself: ${second.said}`, related: [{ at: first.at, message: say`The primary registry` }] };
  }
}

/** Host and port of an address. */
function bare(address: string): string {
  return address.toLowerCase().replace(/^[a-z][a-z0-9+.-]*:\/\//, "").replace(/[/?#][^]*/, "");
}
