// Question: what does a probe of a container ask, and how long does it wait? Reads one container of one document.

import { absentProvable, items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { YamlDocument } from "../../engine/types.ts";

export type Role = "livenessProbe" | "readinessProbe" | "startupProbe";

/** Seconds and counts; what is not set has Kubernetes' default. Undefined: not known. */
export interface ContainerProbe {
  readonly found: Found;
  readonly handler?: Handler;
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
}

export interface Handler {
  readonly kind: "httpGet" | "tcpSocket" | "grpc" | "exec";
  readonly found: Found;
  /** Equal for handlers that ask the same. */
  readonly asks: string;
  /** Path of `httpGet`, as written. */
  readonly path?: Found;
}

/** https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes */
const defaults = { initialDelaySeconds: 0, periodSeconds: 10, failureThreshold: 3 } as const;
const kinds = ["httpGet", "tcpSocket", "grpc", "exec"] as const;

/** True and false where that is certain. */
export function hasProbe(document: YamlDocument, container: Found, role: Role): boolean | undefined {
  if (lookup(document, container, role)) return true;
  return absentProvable(document, container) ? false : undefined;
}

/** The probe, where there is one. */
export function probeOf(document: YamlDocument, container: Found, role: Role): ContainerProbe | undefined {
  const found = lookup(document, container, role);
  if (!found || found.node.kind !== "map" || !trusted(document, found.node.at)) return undefined;
  const handler = handlerOf(document, container, found);
  const number = (key: keyof typeof defaults) => {
    const value = scalar(document, found, key);
    return "absent" in value ? defaults[key] : "known" in value && typeof value.known === "number" ? value.known : undefined;
  };
  const [initialDelaySeconds, periodSeconds, failureThreshold] = [number("initialDelaySeconds"), number("periodSeconds"), number("failureThreshold")];
  return {
    found, ...(handler ? { handler } : {}),
    ...(initialDelaySeconds === undefined ? {} : { initialDelaySeconds }), ...(periodSeconds === undefined ? {} : { periodSeconds }), ...(failureThreshold === undefined ? {} : { failureThreshold }),
  };
}

/** Seconds of failures in a row until the probe acts; undefined when not known. */
export function budgetOf({ periodSeconds, failureThreshold }: ContainerProbe): number | undefined {
  return periodSeconds === undefined || failureThreshold === undefined ? undefined : periodSeconds * failureThreshold;
}

function handlerOf(document: YamlDocument, container: Found, probe: Found): Handler | undefined {
  const kind = kinds.find((one) => lookup(document, probe, one));
  const found = kind && lookup(document, probe, kind);
  if (!kind || !found) return undefined;
  const path = lookup(document, found, "path");
  const asks = asked(document, container, kind, found);
  return asks === undefined ? undefined : { kind, found, asks, ...(path ? { path } : {}) };
}

/** Undefined when a part of the question is not known. */
function asked(document: YamlDocument, container: Found, kind: Handler["kind"], found: Found): string | undefined {
  if (kind === "exec") {
    const words = items(document, lookup(document, found, "command")).map((word) => text(scalar(document, word)));
    return words.length === 0 || words.includes(undefined) ? undefined : JSON.stringify(words);
  }
  const said = (key: string, otherwise: string) => {
    const value = scalar(document, found, key);
    return "absent" in value ? otherwise : text(value);
  };
  const port = said("port", "");
  const parts = [port && portNumber(document, container, port), said("path", "/"), said("host", ""), said("scheme", "HTTP"), said("service", "")];
  if (parts.includes(undefined) || !absentProvable(document, found)) return undefined;
  const headers = items(document, lookup(document, found, "httpHeaders")).map((header) => pairs(document, header).map((one) => text(one)));
  return JSON.stringify([kind, ...parts, headers]);
}

/** The number behind a port's name, else the name itself. */
function portNumber(document: YamlDocument, container: Found, port: string): string {
  const named = items(document, lookup(document, container, "ports")).find((one) => text(scalar(document, one, "name")) === port);
  return text(scalar(document, named, "containerPort")) ?? port;
}
