// Retries of a mesh or ingress that cannot help, or that do harm: no time limit for one try, too many tries, tries of requests that must not run twice.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { count, duration } from "../../engine/quantity.ts";
import { repeats } from "../facts/repeated-request.ts";
import { retryOn, retryRoutes, share, type RouteRetry } from "../facts/route-retry.ts";
import type { Finding, Rule } from "../../engine/types.ts";

/** Each try adds its load to a service that already fails. */
const many = 5;

export const meshRetryWithoutPerTryTimeout: Rule = {
  id: "retry/mesh-retry-without-per-try-timeout",
  title: "Retry in the mesh without a time limit for one try",
  why: `Without a per-try timeout one try may take as long as the whole route. A single slow host then eats the budget, and the retries that should save
the request never start. Envoy tries again after a timed-out try only where its conditions name 5xx, gateway-error or reset.
https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry,
https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on.
A condition like 5xx also repeats a POST that the service carried out before it failed.`,
  check: {
    yaml: {
      mentions: [["retries", "retry_policy", "next-upstream", "retry-non-idempotent"]],
      reads: [],
      *find(document) {
        for (const route of retryRoutes(document)) {
          const { attempts } = route;
          if (route.mesh === "gateway" || !("known" in attempts) || attempts.known < 1) continue;
          const slow = withoutLimit(route, attempts.known, retryOn(document, route));
          if (slow) yield slow;
          if (attempts.known > many && attempts.from[0]) yield { at: attempts.from[0], variant: "many", message: say`${count(attempts.known, "retry", "retries")} multiply the load on a service that already fails` };
        }
        for (const { at, what, safer } of repeats(document)) {
          const fixes = safer === undefined ? {} : { fixes: [{ title: "Retry only what cannot have run", safe: false, edits: [{ yaml: at, set: safer }] }] };
          yield { at, variant: "repeats", message: say`${what} also retries requests that must not run twice (POST, PATCH)`, ...fixes };
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
  http:
    - timeout: 10s
      retries:
        attempts: 3
                  ^ warning: 3 retries, but one slow try may use up all 10 s of the route: perTryTimeout is not set
        retryOn: gateway-error,connect-failure
      route: [{ destination: { host: orders } }]
`,
      fixed: files`
//- mesh/orders.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: orders }
spec:
  http:
    - timeout: 10s
      retries:
        attempts: 3
        perTryTimeout: 2500ms
        retryOn: gateway-error,connect-failure
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
  http:
    - timeout: 10s
      retries: { attempts: 3, perTryTimeout: 2500ms, retryOn: "gateway-error,connect-failure" }
      route: [{ destination: { host: orders } }]
    # A refused connection fails at once: there is nothing to wait for.
    - timeout: 10s
      retries: { attempts: 3, retryOn: "connect-failure,refused-stream" }
      route: [{ destination: { host: orders } }]
`,
    },
  ],
};

/** Conditions that are over at once: such a try takes no time from the next. */
const quick = new Set(["connect-failure", "refused-stream", "reset-before-request", "unavailable", "503", "http3-post-connect-failure", "envoy-ratelimited", "retriable-status-codes"]);

function withoutLimit(route: RouteRetry, attempts: number, conditions: readonly string[] | undefined): Finding | undefined {
  const { timeout, perTry, mesh, retries } = route;
  if (!("absent" in perTry) || conditions === undefined) return undefined;
  if (conditions.length > 0 && conditions.every((one) => quick.has(one))) return undefined;
  const key = mesh === "istio" ? "perTryTimeout" : "per_try_timeout";
  const at = "known" in route.attempts && route.attempts.from[0] ? route.attempts.from[0] : retries.node.at;
  const tries = count(attempts, "retry", "retries");
  const limit = "known" in timeout && timeout.known > 0 ? timeout : undefined;
  if (!limit) {
    if (!("absent" in timeout) && !("known" in timeout)) return undefined;
    return { at, variant: "unbounded", message: say`${tries}, but a slow try has no time limit: neither ${key} nor timeout is set` };
  }
  const each = share(route, limit.known, attempts);
  return {
    at,
    message: limit.from[0]
      ? say`${tries}, but one slow try may use up all ${duration(limit.known)} of the route: ${key} is not set`
      : say`${tries}, but one slow try may use up Envoy's default of ${duration(limit.known)}: ${key} is not set`,
    ...(limit.from[0] ? { related: [{ at: limit.from[0], message: say`The route's timeout is set here` }] } : {}),
    ...(each ? { fixes: [{ title: `Limit each try to ${duration(each.ms)}`, safe: false, edits: [{ yaml: retries.node.at, insert: { key, value: each.text, after: mesh === "istio" ? "attempts" : "num_retries" } }] }] } : {}),
  };
}
