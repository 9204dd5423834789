// Fact: traffic from outside reaches a path of a service. Ingress and VirtualService with a gateway of their own.

import { items, lookup, scalar, text } from "../../engine/yaml/read.ts";
import type { FactKind, YamlDocument } from "../../engine/types.ts";

export interface PublicRoute {
  /** Kubernetes Service that gets the traffic. */
  readonly backend: string;
  /** Prefix of the paths. */
  readonly path: string;
  /** `Ingress/orders`. */
  readonly by: string;
}

export const publicRoute: FactKind<PublicRoute> = {
  id: "public-route",
  title: "Route from outside",
  yaml: {
    mentions: [["Ingress", "VirtualService"]],
    *find(document) {
      if (document.class !== "k8s") return;
      const kind = text(scalar(document, document.root, "kind"));
      const by = `${kind}/${text(scalar(document, document.root, "metadata", "name")) ?? "?"}`;
      const routes = kind === "Ingress" ? fromIngress(document) : kind === "VirtualService" ? fromMesh(document) : [];
      for (const one of routes) yield { at: one.at, of: { names: [one.backend] }, value: { backend: one.backend, path: one.path, by } };
    },
  },
};

function* fromIngress(document: YamlDocument) {
  for (const rule of items(document, lookup(document, document.root, "spec", "rules")))
    for (const entry of items(document, lookup(document, rule, "http", "paths"))) {
      const backend = text(scalar(document, entry, "backend", "service", "name")) ?? text(scalar(document, entry, "backend", "serviceName"));
      const path = text(scalar(document, entry, "path")) ?? "/";
      if (backend !== undefined && text(scalar(document, entry, "pathType")) !== "Exact") yield { at: entry.node.at, backend, path: path.replace(/\*$/, "") };
    }
}

/** The gateway "mesh" is traffic from inside, and the default. */
function* fromMesh(document: YamlDocument) {
  const gateways = items(document, lookup(document, document.root, "spec", "gateways")).map((one) => text(one));
  if (!gateways.some((one) => one !== undefined && one !== "mesh")) return;
  for (const route of items(document, lookup(document, document.root, "spec", "http"))) {
    const matches = items(document, lookup(document, route, "match"));
    const paths = matches.length === 0 ? ["/"] : matches.map((one) => text(scalar(document, one, "uri", "prefix")));
    for (const target of items(document, lookup(document, route, "route"))) {
      const backend = text(scalar(document, target, "destination", "host"))?.split(".")[0];
      for (const path of paths) if (backend !== undefined && path !== undefined) yield { at: target.node.at, backend, path };
    }
  }
}
