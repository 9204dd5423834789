// The releases of the pack "kubernetes": what reports on manifests. Replayed in order they say what runs and how loudly.

import { probePathNotServed } from "../k8s/probe-path-not-served.ts";
import { prestopExceedsGrace } from "../lifecycle/prestop-exceeds-grace.ts";
import type { Pack } from "../../engine/types.ts";

export const kubernetes: Pack = {
  name: "kubernetes",
  title: "Kubernetes manifests",
  appliesTo: { yaml: ["k8s", "compose", "helm-values", "values-fragment"] },
  releases: [
    {
      version: "1.0.0",
      date: "2026-11-21",
      why: "First release.",
      grades: [
        [prestopExceedsGrace, { default: "error", tight: "warning" }],
        [probePathNotServed, { default: "error" }],
      ],
    },
  ],
};
