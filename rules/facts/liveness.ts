// Question: does a liveness probe ask for this route, or does its path say that one will, and which other route could it ask instead?

import { probe, type Probe } from "./probe.ts";
import { routeHandler, type RouteHandler } from "./route-handler.ts";
import { pathsOf } from "./route-path.ts";
import { serves, type ServedPath } from "./served-path.ts";
import type { Facts, Linked } from "../../engine/types.ts";

export interface Liveness {
  /** As the probe asks, or as the route says. */
  readonly path: string;
  readonly probe?: Linked<Probe>;
  /** A route of the same service that asks nothing. */
  readonly instead?: string;
}

/** Paths that mean liveness whoever asks for them. */
const named = /(^|\/)(livez|liveness|alive|(healthz?|_health|probes?|actuator\/health)\/(live|liveness))$/;

export function livenessOf(one: Linked<RouteHandler>, paths: readonly Pick<ServedPath, "path" | "open">[], facts: Facts): Liveness | undefined {
  const exact = paths.filter((each) => !/[*:({[]/.test(each.path));
  const probes = facts.beside(one, probe).filter((each) => each.value.role === "liveness");
  for (const each of probes) {
    const asked = "known" in each.value.path && typeof each.value.path.known === "string" ? each.value.path.known.replace(/[?#][^]*/, "").replace(/(?<=.)\/$/, "") : undefined;
    if (asked !== undefined && exact.some((path) => serves(path, asked))) return { path: asked, probe: each, ...insteadOf(one, facts) };
  }
  // Where the probe is known, it asks for something else.
  const said = probes.length > 0 ? undefined : exact.find((path) => named.test(path.path) || (path.path === "/live" && besideReadiness(one, facts)));
  return said && { path: said.path };
}

/** `/live` alone may be a page of the product; beside `/ready` it is a probe's. */
function besideReadiness(one: Linked<RouteHandler>, facts: Facts): boolean {
  return facts.in(one.at.file, routeHandler).some((each) => pathsOf(each, facts).some(({ path }) => /^\/(readyz?|readiness|startup)$/.test(path)));
}

/** A route that says that it is for liveness, and asks nothing. */
function insteadOf(one: Linked<RouteHandler>, facts: Facts): Pick<Liveness, "instead"> {
  const quiet = facts.all(one.service, routeHandler).facts.filter((each) => each.value.steps.length === 0);
  for (const each of quiet) for (const { path, open } of pathsOf(each, facts)) if (!open && /(^|\/)(livez?|liveness|ping|alive)$/.test(path)) return { instead: path };
  return {};
}
