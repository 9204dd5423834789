// One try may take as long as the whole route: after a slow try there is no time for another.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { retryRoutes, share, spelt, type RouteRetry } from "../facts/route-retry.ts";
import type { Finding, Fix, Rule } from "../../engine/types.ts";

/** Tries may exceed the route's time by a fifth before it is said: pauses vary. */
const slack = 1.2;

export const meshPerTryExceedsRoute: Rule = {
  id: "timeout/mesh-per-try-exceeds-route",
  title: "Time of one try exceeds the time of the route",
  why: `The timeout of a route covers all tries and the pauses between them. A try that may take that long leaves nothing to retry in, so one slow
host fails the request although others would answer. Envoy ignores a per-try timeout above the route's:
https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-upstream-rq-per-try-timeout-ms.
Istio: https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry. The Gateway API refuses such a route:
https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts.`,
  check: {
    yaml: {
      mentions: [["perTryTimeout", "per_try_timeout", "backendRequest"]],
      reads: [],
      *find(document) {
        for (const route of retryRoutes(document)) {
          const found = judged(route);
          if (found) yield found;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- mesh/orders.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: orders }
spec:
  hosts: [orders]
  http:
    - timeout: 2s
      retries:
        attempts: 3
        perTryTimeout: 2s
                       ^^ warning: Each try may take 2 s, the whole route 2 s: no time is left for a retry
      route: [{ destination: { host: orders } }]
`,
      fixed: files`
//- mesh/orders.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: orders }
spec:
  hosts: [orders]
  http:
    - timeout: 2s
      retries:
        attempts: 3
        perTryTimeout: 500ms
      route: [{ destination: { host: orders } }]
`,
    },
    {
      good: files`
//- mesh/orders.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: orders }
spec:
  hosts: [orders]
  http:
    - timeout: 2s
      retries:
        attempts: 3
        perTryTimeout: 500ms
      route: [{ destination: { host: orders } }]
`,
    },
  ],
};

function judged(route: RouteRetry): Finding | undefined {
  const { timeout, perTry, attempts, pause, mesh } = route;
  if (!("known" in timeout) || !("known" in perTry) || !("known" in attempts) || timeout.known <= 0 || perTry.known <= 0) return undefined;
  const at = perTry.from[0]!;
  const limit = timeout.from[0];
  const related = limit ? { related: [{ at: limit, message: say`The route's timeout is set here` }] } : {};
  if (mesh === "gateway") {
    if (perTry.known <= timeout.known) return undefined;
    return {
      at, variant: "refused", ...related, message: say`A backend may take ${duration(perTry.known)}, the whole request ${duration(timeout.known)}: the route is refused`,
      fixes: [{ title: `Set backendRequest to ${duration(timeout.known)}`, safe: false, edits: [{ yaml: at, set: spelt(mesh, timeout.known) }] }],
    };
  }
  if (attempts.known < 1) return undefined;
  const fixes = { fixes: fixesFor(route, timeout.known, perTry.known, attempts.known) };
  if (perTry.known >= timeout.known) {
    const message = limit
      ? say`Each try may take ${duration(perTry.known)}, the whole route ${duration(timeout.known)}: no time is left for a retry`
      : say`Each try may take ${duration(perTry.known)}, Envoy's default for the route is ${duration(timeout.known)}: no retry fits`;
    return { at, message, ...related, ...fixes };
  }
  if ((attempts.known + 1) * perTry.known + attempts.known * pause <= slack * timeout.known) return undefined;
  const fit = Math.floor((timeout.known + pause) / (perTry.known + pause));
  return { at, variant: "some", message: say`Only ${fit} of ${attempts.known + 1} tries of ${duration(perTry.known)} fit into the route's ${duration(timeout.known)}`, ...related, ...fixes };
}

function fixesFor(route: RouteRetry, timeout: number, perTry: number, attempts: number): Fix[] {
  const { mesh, perTry: from, timeout: limit, pause } = route;
  const each = share(route, timeout, attempts);
  const whole = Math.ceil(((attempts + 1) * perTry + attempts * pause) / 1000) * 1000;
  const fixes: Fix[] = [];
  if (each && "known" in from) fixes.push({ title: `Limit each try to ${duration(each.ms)}`, safe: false, edits: [{ yaml: from.from[0]!, set: each.text }] });
  if ("known" in limit && limit.from[0]) fixes.push({ title: `Raise the route's timeout to ${duration(whole)}`, safe: false, edits: [{ yaml: limit.from[0], set: spelt(mesh, whole) }] });
  return fixes;
}
