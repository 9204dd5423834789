// Fact: a manifest runs containers of a service: it is known how the service is deployed.

import { workloadsOf } from "../../engine/workload.ts";
import type { FactKind } from "../../engine/types.ts";

export const deployed: FactKind<{ readonly workload: string }> = {
  id: "deployed",
  title: "Deployed workload",
  yaml: {
    mentions: [],
    *find(document) {
      if (!document.root) return;
      for (const one of workloadsOf(document)) if (one.kind === "workload") yield { at: document.root.at, of: { workload: one.id }, value: { workload: one.id } };
    },
  },
};
