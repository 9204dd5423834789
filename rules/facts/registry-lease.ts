// Fact: a TTL as `registry-ttl` states it, together with the registry it is registered at: a heartbeat at one renews nothing at another.

import { registrationMentions, registrations, type Registry } from "./registry-registration.ts";
import { registrySettings, settingMentions } from "./registry-setting.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export interface RegistryLease {
  /** Undefined: any. */
  readonly registry?: Registry;
  /** In ms. */
  readonly ttl: Value<number>;
  /** Registered by the code itself. */
  readonly code?: true;
}

export const registryLease: FactKind<RegistryLease> = {
  id: "registry-lease",
  title: "Registration with a TTL",
  stated: (about) => about.registryTtl && { ...about.registryTtl, ttl: about.registryTtl },
  ts: {
    mentions: registrationMentions,
    *find(file) {
      for (const { at, registry, ttl } of registrations(file)) yield { at, value: { registry, ttl, code: true } };
    },
  },
  yaml: {
    mentions: settingMentions,
    *find(document) {
      for (const { at, of, registry, ttl } of registrySettings(document)) yield { at, value: { ttl, ...(registry ? { registry } : {}) }, ...(of ? { of } : {}) };
    },
  },
};
