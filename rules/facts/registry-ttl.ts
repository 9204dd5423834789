// Fact: how long a registry keeps an instance that stops renewing, in ms. From registrations in code, Consul definitions and registry settings in YAML.

import { registrationMentions, registrations } from "./registry-registration.ts";
import { registrySettings, settingMentions } from "./registry-setting.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export const registryTtl: FactKind<Value<number>> = {
  id: "registry-ttl",
  title: "Registry TTL",
  stated: (about) => about.registryTtl,
  ts: {
    mentions: registrationMentions,
    *find(file) {
      for (const { at, ttl } of registrations(file)) yield { at, value: ttl };
    },
  },
  yaml: {
    mentions: settingMentions,
    *find(document) {
      for (const { at, of, ttl } of registrySettings(document)) yield { at, value: ttl, ...(of ? { of } : {}) };
    },
  },
};
