// Fact: after which time without data a proxy in front of a service closes a connection, in ms.

import { lookup, pairs, scalar, text, trusted } from "../../engine/yaml/read.ts";
import type { FactKind, Known, Span, YamlDocument } from "../../engine/types.ts";
import { backends, spellings } from "./ingress-backend.ts";

export interface ProxyTimeout {
  readonly by: "Ingress" | "load balancer";
  readonly limit: Known<number>;
  /** The annotation's own value: what a fix replaces. */
  readonly node?: Span;
  /** The annotations, where a fix adds one. */
  readonly annotations?: Span;
}

/** https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#proxy-read-timeout */
const nginxTimeout = 60_000;
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#connection-idle-timeout */
const albIdle = 60_000;

export const proxyTimeout: FactKind<ProxyTimeout> = {
  id: "proxy-timeout",
  title: "Time a proxy waits for data",
  yaml: {
    mentions: [["Ingress"]],
    *find(document) {
      if (document.class !== "k8s" || text(scalar(document, document.root, "kind")) !== "Ingress" || document.errors.length > 0) return;
      const found = timeoutOf(document);
      if (found) yield { at: found.limit.from[0]!, of: { names: [...backends(document)].flatMap(spellings) }, value: found };
    },
  },
};

const nginx = "nginx.ingress.kubernetes.io/";

function timeoutOf(document: YamlDocument): ProxyTimeout | undefined {
  const { root } = document;
  const annotations = lookup(document, root, "metadata", "annotations");
  const className = lookup(document, root, "spec", "ingressClassName") ?? lookup(document, annotations, "kubernetes.io/ingress.class");
  const keys = pairs(document, annotations).map((one) => one.key);
  if (keys.some((one) => one.startsWith("alb.ingress.kubernetes.io/")) || text(className) === "alb") {
    const attributes = lookup(document, annotations, "alb.ingress.kubernetes.io/load-balancer-attributes");
    const given = /(?:^|,)\s*idle_timeout\.timeout_seconds=(\d+)/.exec(text(attributes) ?? "")?.[1];
    if (given) return { by: "load balancer", limit: { known: Number(given) * 1000, by: "text", from: [attributes!.node.at] } };
    // In a group another Ingress may set it, and so may parameters of the class.
    return keys.includes("alb.ingress.kubernetes.io/group.name") || !className ? undefined : { by: "load balancer", limit: { known: albIdle, by: "default", from: [className.node.at] } };
  }
  const set = lookup(document, annotations, `${nginx}proxy-read-timeout`);
  const seconds = /^(\d+)s?$/.exec(text(set) ?? "")?.[1];
  // A snippet may say otherwise.
  if (keys.some((one) => /-snippet$/.test(one))) return undefined;
  if (set) return seconds === undefined || !trusted(document, set.node.at) ? undefined : { by: "Ingress", limit: { known: Number(seconds) * 1000, by: "text", from: [set.node.at] }, ...(set.origin === "own" ? { node: set.node.at } : {}) };
  if (text(className) !== "nginx") return undefined;
  return { by: "Ingress", limit: { known: nginxTimeout, by: "default", from: [className!.node.at] }, ...(annotations && annotations.node.kind === "map" && annotations.origin === "own" && annotations.node.pairs.length > 0 ? { annotations: annotations.node.at } : {}) };
}
