// Question: how long may a request of a route take in a mesh, how often is it tried again, and how long may one try take? States no fact itself.

import { parseDuration, type Dialect } from "../../engine/quantity.ts";
import { items, lookup, scalar, trusted, type Found } from "../../engine/yaml/read.ts";
import { nodesOf } from "../../engine/yaml/place.ts";
import type { Scalar, Value, YamlDocument } from "../../engine/types.ts";

export interface RouteRetry {
  /** Who reads it; decides how durations are spelt. */
  readonly mesh: "istio" | "envoy" | "gateway";
  readonly route: Found;
  /** The map that says how often to try; the timeouts of a Gateway route. */
  readonly retries: Found;
  /** In ms. Zero: no limit. */
  readonly timeout: Value<number>;
  readonly perTry: Value<number>;
  /** Tries after the first; zero for a Gateway route, which counts none. */
  readonly attempts: Value<number>;
  /** Shortest pause between two tries (ms). */
  readonly pause: number;
}

/** Envoy and Istio wait 25 ms at first: https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry */
const firstPause = 25;
/** Envoy's own routes end after 15 s; Istio's do not: https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts#route-timeouts */
const envoyTimeout = 15_000;

/** Routes of this document that limit a try or try again. */
export function* retryRoutes(document: YamlDocument): Iterable<RouteRetry> {
  if (document.class === "envoy") return yield* fromEnvoy(document, true);
  if (document.class !== "k8s") return;
  const kind = scalar(document, document.root, "kind");
  const named = "known" in kind ? kind.known : undefined;
  if (named === "VirtualService") yield* fromIstio(document);
  else if (named === "HTTPRoute") yield* fromGateway(document);
  // A patch is merged into a route that may set the rest.
  else if (named === "EnvoyFilter") yield* fromEnvoy(document, false);
}

function* fromIstio(document: YamlDocument): Iterable<RouteRetry> {
  for (const route of items(document, lookup(document, document.root, "spec", "http"))) {
    const retries = lookup(document, route, "retries");
    if (!retries || !trusted(document, retries.node.at)) continue;
    const pause = milliseconds(scalar(document, retries, "backoff"), "istio");
    yield {
      mesh: "istio", route, retries, timeout: milliseconds(scalar(document, route, "timeout"), "istio"),
      perTry: milliseconds(scalar(document, retries, "perTryTimeout"), "istio"), attempts: number(scalar(document, retries, "attempts")),
      pause: "known" in pause ? pause.known : firstPause,
    };
  }
}

/** https://gateway-api.sigs.k8s.io/api-types/httproute/#timeouts-optional */
function* fromGateway(document: YamlDocument): Iterable<RouteRetry> {
  for (const route of items(document, lookup(document, document.root, "spec", "rules"))) {
    const limits = lookup(document, route, "timeouts");
    if (!limits || !trusted(document, limits.node.at)) continue;
    yield {
      mesh: "gateway", route: limits, retries: limits, attempts: { known: 0, by: "default", from: [] }, pause: 0,
      timeout: milliseconds(scalar(document, limits, "request"), "istio"), perTry: milliseconds(scalar(document, limits, "backendRequest"), "istio"),
    };
  }
}

/** Route actions, wherever they stand. */
function* fromEnvoy(document: YamlDocument, whole: boolean): Iterable<RouteRetry> {
  for (const node of nodesOf(document.root)) {
    if (node.kind !== "map") continue;
    const route = lookup(document, node, "route");
    const retries = route && lookup(document, route, "retry_policy");
    if (!route || !retries || !trusted(document, retries.node.at)) continue;
    const limit = milliseconds(scalar(document, route, "timeout"), "envoy");
    const tries = number(scalar(document, retries, "num_retries"));
    const first = milliseconds(scalar(document, retries, "retry_back_off", "base_interval"), "envoy");
    yield {
      mesh: "envoy", route, retries, perTry: milliseconds(scalar(document, retries, "per_try_timeout"), "envoy"), pause: "known" in first ? first.known : firstPause,
      timeout: "absent" in limit ? (whole ? { known: envoyTimeout, by: "default", from: [] } : { unknown: "a patch" }) : limit,
      attempts: "absent" in tries ? (whole ? { known: 1, by: "default", from: [] } : { unknown: "a patch" }) : tries,
    };
  }
}

function milliseconds(found: Value<Scalar>, dialect: Dialect): Value<number> {
  if (!("known" in found)) return found as Value<number>;
  const ms = typeof found.known === "string" ? parseDuration(found.known, dialect) : undefined;
  return ms === undefined ? { unknown: "not a duration" } : { ...found, known: ms };
}

function number(found: Value<Scalar>): Value<number> {
  if (!("known" in found)) return found as Value<number>;
  return typeof found.known === "number" ? { ...found, known: found.known } : { unknown: "not a number" };
}

/** The conditions under which it is tried again; none written means the default of the mesh. Undefined when they are not known. */
export function retryOn(document: YamlDocument, { mesh, retries }: RouteRetry): readonly string[] | undefined {
  const found = scalar(document, retries, mesh === "istio" ? "retryOn" : "retry_on");
  if ("absent" in found) return [];
  return "known" in found ? String(found.known ?? "").split(",").map((one) => one.trim()).filter(Boolean) : undefined;
}

/** A share of the route's time for each of its tries, as this mesh spells it; undefined where nothing useful is left. */
export function share({ mesh, pause }: RouteRetry, timeout: number, attempts: number): { readonly ms: number; readonly text: string } | undefined {
  const even = timeout / (attempts + 1);
  const ms = [even, (timeout - attempts * pause) / (attempts + 1)].map(tidy).find((one) => (attempts + 1) * one + attempts * pause <= 1.2 * timeout && one < timeout);
  return ms === undefined || ms < 1 ? undefined : { ms, text: spelt(mesh, ms) };
}

/** Protobuf knows seconds only: `0.5s`. */
export function spelt(mesh: RouteRetry["mesh"], ms: number): string {
  return ms % 1000 === 0 || mesh === "envoy" ? `${ms / 1000}s` : `${ms}ms`;
}

/** Rounded down to two digits. */
function tidy(ms: number): number {
  if (ms < 1) return 0;
  const unit = Math.max(1, 10 ** (Math.floor(Math.log10(ms)) - 1));
  return Math.floor(ms / unit) * unit;
}
