// Fact: a collector configuration defines a memory limiter. A collector may be given several files, which are laid over each other.

import { lookup, pairs } from "../../engine/yaml/read.ts";
import { collectorsOf, typeOf } from "./collector-config.ts";
import type { FactKind } from "../../engine/types.ts";

export const memoryLimiter: FactKind<{ readonly id: string }> = {
  id: "memory-limiter",
  title: "Memory limiter of a collector",
  yaml: {
    mentions: [["memory_limiter"]],
    *find(document) {
      for (const { document: inner, root } of collectorsOf(document))
        // The limit may be an extension that the receivers ask: https://github.com/open-telemetry/opentelemetry-collector/tree/main/extension/memorylimiterextension
        for (const key of ["processors", "extensions"])
          for (const one of pairs(inner, lookup(inner, root, key))) if (typeOf(one.key) === "memory_limiter") yield { at: one.pair.key.at, value: { id: one.key } };
    },
  },
};
