// Fact: the pods of a workload get a mesh sidecar, which keeps and balances connections itself.

import { lookup, scalar } from "../../engine/yaml/read.ts";
import { objectId, podOf } from "../../engine/workload.ts";
import type { FactKind } from "../../engine/types.ts";

/** Keys that ask for a sidecar, as annotation or as label of the pod: istio.io, linkerd.io, Consul Connect and Kuma say which. */
const injects: Readonly<Record<string, RegExp>> = {
  "sidecar.istio.io/inject": /^true$/, "linkerd.io/inject": /^(enabled|ingress)$/, "consul.hashicorp.com/connect-inject": /^true$/, "kuma.io/sidecar-injection": /^(true|enabled)$/,
};

export const mesh: FactKind<{ readonly key: string }> = {
  id: "mesh",
  title: "Mesh sidecar",
  yaml: {
    mentions: [Object.keys(injects)],
    *find(document) {
      const pod = document.class === "k8s" ? podOf(document) : undefined;
      const workload = objectId(document);
      if (!pod || workload === undefined) return;
      for (const key of Object.keys(injects))
        for (const place of ["annotations", "labels"]) {
          const found = lookup(document, pod, "metadata", place, key);
          const value = scalar(document, pod, "metadata", place, key);
          if (found && "known" in value && injects[key]!.test(String(value.known))) yield { at: found.node.at, of: { workload }, value: { key } };
        }
    },
  },
};
