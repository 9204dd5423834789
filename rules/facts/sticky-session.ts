// Fact: something in front of a service sends the requests of one client to one replica.

import { lookup, scalar, text } from "../../engine/yaml/read.ts";
import type { FactKind, YamlDocument } from "../../engine/types.ts";
import { backends, spellings } from "./ingress-backend.ts";

export const stickySession: FactKind<{ readonly by: string }> = {
  id: "sticky-session",
  title: "Session affinity",
  yaml: {
    mentions: [["ffinity", "upstream-hash-by", "consistentHash", "stickiness", "sticky"]],
    *find(document) {
      if (document.class !== "k8s" || !document.root) return;
      const by = affinityOf(document);
      if (by) yield { at: document.root.at, of: { names: by.names.flatMap(spellings) }, value: { by: by.what } };
    },
  },
};

function affinityOf(document: YamlDocument): { names: readonly string[]; what: string } | undefined {
  const { root } = document;
  const read = (...keys: string[]) => text(scalar(document, root, ...keys));
  const kind = read("kind");
  if (kind === "Service" && read("spec", "sessionAffinity") === "ClientIP") return { names: [read("metadata", "name") ?? "", read("spec", "selector", "app") ?? ""].filter(Boolean), what: "sessionAffinity" };
  if (kind === "DestinationRule" && lookup(document, root, "spec", "trafficPolicy", "loadBalancer", "consistentHash")) return { names: [read("spec", "host")?.split(".")[0] ?? ""].filter(Boolean), what: "consistentHash" };
  if (kind !== "Ingress") return undefined;
  const annotation = (name: string) => read("metadata", "annotations", name);
  const sticky = annotation("nginx.ingress.kubernetes.io/affinity") === "cookie" || annotation("nginx.ingress.kubernetes.io/upstream-hash-by") !== undefined
    || /stickiness\.enabled=true/.test(annotation("alb.ingress.kubernetes.io/target-group-attributes") ?? "") || /true/.test(annotation("traefik.ingress.kubernetes.io/service.sticky.cookie") ?? "");
  return sticky ? { names: [...backends(document)], what: "affinity" } : undefined;
}
