// Question: how is a missing probe written? As text for the container that another probe, or a route of the service, already tells how to ask.

import { printNode } from "../../engine/yaml/print.ts";
import { lookup, type Found } from "../../engine/yaml/read.ts";
import type { Edit, YamlDocument } from "../../engine/types.ts";
import type { ContainerProbe, Role } from "./container-probe.ts";

export type Timing = Readonly<Partial<Record<"periodSeconds" | "timeoutSeconds" | "failureThreshold", number>>>;

/** A new probe of a container that asks what another one asks; undefined where the container's text cannot be added to. */
export function probeLike(document: YamlDocument, container: Found, like: ContainerProbe, role: Role, timing: Timing): Edit | undefined {
  const { handler, found } = like;
  const text = handler && found.origin === "own" ? printNode(handler.found.node) : undefined;
  if (text === undefined) return undefined;
  const indented = text.replace(/^(?=.)/gm, "  ");
  // A port of one line stands behind its key.
  return probeWith(document, container, handler!.found.node.kind === "map" || handler!.found.node.kind === "seq" ? `${handler!.kind}:\n${indented}` : `${handler!.kind}: ${text}`, role, timing);
}

/** A new probe with this handler: YAML text from column 0, ended by a line break. */
export function probeWith(document: YamlDocument, container: Found, handler: string, role: Role, timing: Timing): Edit | undefined {
  const { node, origin } = container;
  if (node.kind !== "map" || node.flow || origin !== "own") return undefined;
  const beside = role === "startupProbe" ? { before: "livenessProbe" } : { after: lookup(document, container, "livenessProbe") ? "livenessProbe" : "ports" };
  const lines = Object.entries(timing).map(([key, value]) => `${key}: ${value}\n`).join("");
  return { yaml: node.at, insert: { key: role, value: handler + lines, ...beside } };
}
