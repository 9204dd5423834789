// Question: where does a mesh or ingress repeat requests that may already have been carried out? States no fact itself.

import { items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import { retryOn, retryRoutes, type RouteRetry } from "./route-retry.ts";
import type { Span, YamlDocument } from "../../engine/types.ts";

export interface Repeat {
  readonly at: Span;
  /** The setting as a reader knows it. */
  readonly what: string;
  /** What to write instead. */
  readonly safer?: string;
}

/** Conditions that also hold for an answer of a service that did its work: 5xx is any failure, 4xx is the caller's own. */
const afterWork = /^(5xx|retriable-4xx)$/;
/** Failures before the service saw the request, and its own "not now": Istio's default. https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry */
const beforeWork = "connect-failure,refused-stream,unavailable,cancelled,503";
const idempotent = /^(GET|HEAD|OPTIONS)$/;

export function* repeats(document: YamlDocument): Iterable<Repeat> {
  for (const route of retryRoutes(document)) {
    if (route.mesh !== "istio" || !("known" in route.attempts) || route.attempts.known < 1) continue;
    const said = retryOn(document, route)?.find((one) => afterWork.test(one));
    const at = lookup(document, route.retries, "retryOn")?.node.at;
    if (said && at && !readsOnly(document, route) && !isGrpc(document, route)) yield { at, what: `retryOn ${said}`, safer: beforeWork };
  }
  if (document.class === "k8s") yield* fromNginx(document);
}

/** Every match of the route names a method that changes nothing. */
function readsOnly(document: YamlDocument, { route }: RouteRetry): boolean {
  const list = items(document, lookup(document, route, "match"));
  return list.length > 0 && list.every((one) => methodOf(document, one));
}

function methodOf(document: YamlDocument, match: Found): boolean {
  const method = lookup(document, match, "method");
  const [exact, regex] = ["exact", "regex"].map((key) => text(scalar(document, method, key)));
  if (exact !== undefined) return idempotent.test(exact);
  // Anything but a plain list of methods is not understood, and so not reported.
  return regex !== undefined && (!/^[\^(]*[A-Z|]+[)$]*$/.test(regex) || regex.replace(/[\^()$]/g, "").split("|").every((one) => idempotent.test(one)));
}

/** gRPC answers carry HTTP status 200: a condition on it holds for broken connections only. */
function isGrpc(document: YamlDocument, { route }: RouteRetry): boolean {
  return items(document, lookup(document, route, "match")).some((one) => /^application\/grpc/.test(text(scalar(document, one, "headers", "content-type", "prefix")) ?? text(scalar(document, one, "headers", "content-type", "exact")) ?? ""));
}

/** https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#retry-non-idempotent */
function* fromNginx(document: YamlDocument): Iterable<Repeat> {
  const annotations = pairs(document, lookup(document, document.root, "metadata", "annotations"));
  const data = text(lookup(document, document.root, "kind")) === "ConfigMap" ? pairs(document, lookup(document, document.root, "data")) : [];
  for (const one of [...annotations, ...data]) {
    const next = one.key === "nginx.ingress.kubernetes.io/proxy-next-upstream" || (data.includes(one) && one.key === "proxy-next-upstream");
    const said = text(scalar(document, one)) ?? "";
    if (!trusted(document, one.node.at)) continue;
    if (next && /\bnon_idempotent\b/.test(said)) yield { at: one.node.at, what: "proxy-next-upstream non_idempotent", safer: said.replace(/(?<!\s)\s*\bnon_idempotent\b/, "").trim() || "error timeout" };
    else if (data.includes(one) && one.key === "retry-non-idempotent" && said === "true") yield { at: one.node.at, what: "retry-non-idempotent", safer: "false" };
  }
}
