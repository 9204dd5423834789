// Fact: a name under which a service is called inside of its deployment: of a Kubernetes Service, or of a service of Compose.

import { lookup, pairs, scalar, text } from "../../engine/yaml/read.ts";
import type { FactKind, Facts } from "../../engine/types.ts";
import { spellings } from "./ingress-backend.ts";

export const serviceHost: FactKind<{ readonly host: string }> = {
  id: "service-host",
  title: "Host name of a service",
  yaml: {
    mentions: [["Service", "services"]],
    *find(document) {
      if (document.class === "k8s" && document.root && text(scalar(document, document.root, "kind")) === "Service") {
        const host = text(scalar(document, document.root, "metadata", "name"));
        const labels = pairs(document, lookup(document, document.root, "spec", "selector")).map((one) => text(one)).filter((one) => one !== undefined);
        if (host !== undefined) yield { at: document.root.at, of: { names: [...labels, ...spellings(host)] }, value: { host } };
      } else if (document.class === "compose")
        for (const { key, pair } of pairs(document, lookup(document, document.root, "services"))) yield { at: pair.key.at, of: { workload: `compose/${key}`, names: [key] }, value: { host: key } };
    },
  },
};

/** The service that answers under the host of a URL; undefined where none does, or more than one. */
export function serviceAt(url: string, facts: Facts): string | undefined {
  const host = /^(?:https?:\/\/)?([a-z0-9-]+)(?:\.[\w.-]+)?(?::\d+)?(?:[/?#]|$)/i.exec(url)?.[1]?.toLowerCase();
  if (host === undefined || !/^https?:\/\/|:\d+/.test(url)) return undefined;
  // The full name of a public host is no name of a service.
  if (/^https?:\/\/[\w-]+(\.[\w-]+)+/.test(url) && !/^https?:\/\/[\w-]+(\.[\w-]+)?(\.svc(\.cluster\.local)?)?([:/?#]|$)/.test(url)) return undefined;
  if (/^https?:\/\/[\w-]+\.(com|org|net|io|dev|app|cloud|ai|co)([:/?#]|$)/.test(url)) return undefined;
  const services = new Set(facts.everywhere(serviceHost).filter((one) => one.value.host === host).map((one) => one.service));
  const [only] = services;
  return services.size === 1 ? only : undefined;
}
