// The releases of the pack "spring": what reports on Spring services that stand beside Node.js ones. Replayed in order they say what runs and how loudly.

import { fallbackTtlNotShorter } from "../registry/fallback-ttl-not-shorter.ts";
import { actuatorExposed } from "../http/actuator-exposed.ts";
import type { Pack } from "../../engine/types.ts";

export const spring: Pack = {
  name: "spring",
  title: "Spring services in the same system",
  appliesTo: { yaml: ["spring", "app-config", "registrar", "k8s", "compose"] },
  releases: [
    {
      version: "1.0.0",
      date: "2026-11-21",
      why: "First release.",
      grades: [
        [fallbackTtlNotShorter, { default: "warning", timeout: "warning", "same-address": "error" }],
        [actuatorExposed, { default: "warning", public: "error", guarded: "info", local: "info", details: "info" }],
      ],
    },
  ],
};
