// The releases of the pack "node": everything that reports on TypeScript. Replayed in order they say what runs and how loudly.

import { serverTimeoutExceedsTtl } from "../registry/server-timeout-exceeds-ttl.ts";
import type { Pack } from "../../engine/types.ts";

export const node: Pack = {
  name: "node",
  title: "Node.js services",
  appliesTo: { npm: { node: ">=18" } },
  releases: [
    {
      version: "1.0.0",
      date: "2026-11-21",
      why: "First release.",
      grades: [[serverTimeoutExceedsTtl, { default: "warning" }]],
    },
  ],
};
