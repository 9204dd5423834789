// Question: which services does an Ingress send traffic to, and under which names may their workloads be known?

import { items, lookup, scalar, text } from "../../engine/yaml/read.ts";
import type { YamlDocument } from "../../engine/types.ts";

/** Names of the services that an Ingress sends traffic to. */
export function* backends(document: YamlDocument): Iterable<string> {
  const { root } = document;
  const named = (...keys: string[]) => text(scalar(document, root, "spec", ...keys));
  const whole = named("defaultBackend", "service", "name") ?? named("backend", "serviceName");
  if (whole !== undefined) yield whole;
  for (const rule of items(document, lookup(document, root, "spec", "rules")))
    for (const path of items(document, lookup(document, rule, "http", "paths"))) {
      const name = text(scalar(document, path, "backend", "service", "name")) ?? text(scalar(document, path, "backend", "serviceName"));
      if (name !== undefined) yield name;
    }
}

/** A Service is often its workload's name with an ending. */
export const spellings = (name: string): readonly string[] => [...new Set([name, name.replace(/-(svc|service)$/, "")])];
