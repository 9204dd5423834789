// Fact: an HTTP probe that asks a container for a path. Kubernetes workloads, and values that are shaped like them.

import { appContainers, objectId, podOf } from "../../engine/workload.ts";
import { lookup, pairs, scalar, trusted, type Found } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Scalar, Span, Subject, Value, YamlDocument } from "../../engine/types.ts";

export type ProbeRole = "liveness" | "readiness" | "startup";

export interface Probe {
  readonly role: ProbeRole;
  readonly path: Value<Scalar>;
  readonly port: Value<Scalar>;
  /** The path's scalar: what a fix replaces. */
  readonly node: Span;
}

export const probe: FactKind<Probe> = {
  id: "probe",
  title: "HTTP probe",
  yaml: {
    mentions: [["livenessProbe", "readinessProbe", "startupProbe"], ["httpGet"]],
    *find(document) {
      if (document.class === "k8s") yield* fromPod(document);
      else if (document.class === "values-fragment" || document.class === "helm-values") yield* fromValues(document);
    },
  },
};

const roles: readonly ProbeRole[] = ["liveness", "readiness", "startup"];

/** A pod with several application containers does not say which of them is the service: its probes are left out. */
function* fromPod(document: YamlDocument): Iterable<Fact<Probe>> {
  const pod = podOf(document);
  const containers = pod ? appContainers(document, pod) : [];
  const id = objectId(document);
  if (containers.length === 1 && id) for (const role of roles) yield* probeAt(document, containers[0]!, role, { workload: id, names: [id.slice(id.indexOf("/") + 1)] });
}

function* fromValues(document: YamlDocument): Iterable<Fact<Probe>> {
  const open: { found: Found; depth: number }[] = document.root ? [{ found: { node: document.root, origin: "own" }, depth: 0 }] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    for (const role of roles) yield* probeAt(document, one.found, role, {});
    if (one.depth < 4) for (const member of pairs(document, one.found)) if (member.node.kind === "map" && !/Probe$/.test(member.key)) open.push({ found: member, depth: one.depth + 1 });
  }
}

function* probeAt(document: YamlDocument, container: Found, role: ProbeRole, of: Subject): Iterable<Fact<Probe>> {
  const get = lookup(document, container, `${role}Probe`, "httpGet");
  const path = get && lookup(document, get, "path");
  if (!get || !path || !trusted(document, path.node.at)) return;
  yield { at: path.node.at, of, value: { role, path: scalar(document, get, "path"), port: scalar(document, get, "port"), node: path.node.at } };
}
