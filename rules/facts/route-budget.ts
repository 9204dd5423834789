// Fact: how long what stands in front of a service waits for the answer to a request. Routes without a limit are stated too.

import { parseDuration } from "../../engine/quantity.ts";
import { items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Known, Subject, YamlDocument } from "../../engine/types.ts";
import { spellings } from "./ingress-backend.ts";

export interface RouteBudget {
  readonly by: "VirtualService" | "HTTPRoute" | "Ingress";
  /** In ms; undefined where the route waits for ever, or as long as something unknown says. */
  readonly limit?: Known<number>;
  /** Paths that take this route: undefined where that cannot be told, empty where all do. */
  readonly paths?: readonly { readonly path: string; readonly exact: boolean }[];
  /** Routes of one document are tried in the order of the text. */
  readonly document: number;
}

export const routeBudget: FactKind<RouteBudget> = {
  id: "route-budget",
  title: "Time limit in front of a service",
  yaml: {
    mentions: [["VirtualService", "HTTPRoute", "proxy-read-timeout"]],
    *find(document) {
      if (document.class !== "k8s") return;
      const kind = text(scalar(document, document.root, "kind"));
      if (kind === "VirtualService") yield* fromIstio(document);
      else if (kind === "HTTPRoute") yield* fromGateway(document);
      else if (kind === "Ingress") yield* fromIngress(document);
    },
  },
};

const subject = (host: string): Subject => ({ names: spellings(host.split(".")[0]!) });

/** https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute */
function* fromIstio(document: YamlDocument): Iterable<Fact<RouteBudget>> {
  for (const route of items(document, lookup(document, document.root, "spec", "http"))) {
    const limit = limitAt(document, lookup(document, route, "timeout"), "istio");
    const hosts = new Set(items(document, lookup(document, route, "route")).map((one) => text(scalar(document, one, "destination", "host"))).filter((one) => one !== undefined));
    const rewritten = lookup(document, route, "rewrite") !== undefined || lookup(document, route, "delegate") !== undefined;
    const match = lookup(document, route, "match");
    const paths = rewritten ? undefined : items(document, match).map((one) => pathIn(document, one));
    for (const host of hosts)
      yield { at: route.node.at, of: subject(host), value: { by: "VirtualService", document: document.at.start, ...(limit ? { limit } : {}), ...(paths?.every((one) => one !== undefined) && (!match || paths.length > 0) ? { paths } : {}) } };
  }
}

/** A match that asks for nothing but the path. */
function pathIn(document: YamlDocument, match: Found): { path: string; exact: boolean } | undefined {
  const [only, ...more] = pairs(document, match).filter((one) => one.key !== "name");
  if (only?.key !== "uri" || more.length > 0) return undefined;
  const prefix = text(scalar(document, only, "prefix"));
  const exact = text(scalar(document, only, "exact"));
  return prefix !== undefined ? { path: prefix, exact: false } : exact !== undefined ? { path: exact, exact: true } : undefined;
}

/** https://gateway-api.sigs.k8s.io/api-types/httproute/#timeouts-optional */
function* fromGateway(document: YamlDocument): Iterable<Fact<RouteBudget>> {
  for (const rule of items(document, lookup(document, document.root, "spec", "rules"))) {
    const limit = limitAt(document, lookup(document, rule, "timeouts", "request") ?? lookup(document, rule, "timeouts", "backendRequest"), "istio");
    const paths = lookup(document, rule, "filters") ? undefined : items(document, lookup(document, rule, "matches")).map((match) => {
      const path = text(scalar(document, match, "path", "value"));
      const type = text(scalar(document, match, "path", "type")) ?? "PathPrefix";
      return path !== undefined && pairs(document, match).length === 1 && /^(PathPrefix|Exact)$/.test(type) ? { path, exact: type === "Exact" } : undefined;
    });
    for (const backend of items(document, lookup(document, rule, "backendRefs"))) {
      const host = text(scalar(document, backend, "name"));
      if (host !== undefined) yield { at: rule.node.at, of: subject(host), value: { by: "HTTPRoute", document: document.at.start, ...(limit ? { limit } : {}), ...(paths?.every((one) => one !== undefined) ? { paths } : {}) } };
    }
  }
}

/** https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-timeouts: between two reads of an answer, in seconds. */
function* fromIngress(document: YamlDocument): Iterable<Fact<RouteBudget>> {
  const annotations = lookup(document, document.root, "metadata", "annotations");
  const written = lookup(document, annotations, "nginx.ingress.kubernetes.io/proxy-read-timeout");
  const limit = limitAt(document, written, "seconds");
  if (!limit) return;
  const rewritten = ["rewrite-target", "use-regex"].some((one) => lookup(document, annotations, `nginx.ingress.kubernetes.io/${one}`));
  for (const rule of items(document, lookup(document, document.root, "spec", "rules")))
    for (const one of items(document, lookup(document, rule, "http", "paths"))) {
      const host = text(scalar(document, one, "backend", "service", "name")) ?? text(scalar(document, one, "backend", "serviceName"));
      const path = text(scalar(document, one, "path")) ?? "/";
      if (host !== undefined) yield { at: written!.node.at, of: subject(host), value: { by: "Ingress", limit, document: document.at.start, ...(rewritten ? {} : { paths: [{ path, exact: text(scalar(document, one, "pathType")) === "Exact" }] }) } };
    }
}

function limitAt(document: YamlDocument, found: Found | undefined, dialect: "istio" | "seconds"): Known<number> | undefined {
  const said = text(found);
  if (!found || said === undefined || !trusted(document, found.node.at)) return undefined;
  const ms = dialect === "seconds" ? (/^\d+s?$/.test(said) ? Number.parseInt(said, 10) * 1000 : undefined) : parseDuration(said, "istio");
  // Zero switches the limit off.
  return ms === undefined || ms === 0 ? undefined : { known: ms, by: "text", from: [found.node.at] };
}
