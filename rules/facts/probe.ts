// Fact: an HTTP probe that asks a service for a path. Kubernetes workloads, values that are shaped like them, load balancers, Consul, and healthchecks of Compose.

import { appContainers, objectId, podOf } from "../../engine/workload.ts";
import { items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import { backends, spellings } from "./ingress-backend.ts";
import type { Fact, FactKind, Scalar, Span, Subject, Value, YamlDocument } from "../../engine/types.ts";

export type ProbeRole = "liveness" | "readiness" | "startup" | "health";

export interface Probe {
  readonly role: ProbeRole;
  readonly path: Value<Scalar>;
  readonly port: Value<Scalar>;
  /** The path's scalar: what a fix replaces. Undefined where the path is part of a longer text. */
  readonly node?: Span;
}

export const probe: FactKind<Probe> = {
  id: "probe",
  title: "HTTP probe",
  yaml: {
    mentions: [["livenessProbe", "readinessProbe", "startupProbe", "healthcheck", "check"], ["httpGet", "http://", "healthcheck-path"]],
    *find(document) {
      if (document.class === "k8s") yield* [...fromPod(document), ...fromBalancer(document)];
      else if (document.class === "consul") yield* fromConsul(document);
      else if (document.class === "compose") yield* fromCompose(document);
      else if (document.class === "values-fragment" || document.class === "helm-values") yield* fromValues(document);
    },
  },
};

const roles = ["liveness", "readiness", "startup"] as const;

/** A pod with several application containers does not say which of them is the service: its probes are left out. */
function* fromPod(document: YamlDocument): Iterable<Fact<Probe>> {
  const pod = podOf(document);
  const containers = pod ? appContainers(document, pod) : [];
  const id = objectId(document);
  if (containers.length === 1 && id) for (const role of roles) yield* probeAt(document, containers[0]!, role, { workload: id, names: [id.slice(id.indexOf("/") + 1)] });
}

/** Values of a chart name the image, and so the package, in the map of the probes or above it. */
function* fromValues(document: YamlDocument): Iterable<Fact<Probe>> {
  const open: { found: Found; of: Subject; depth: number }[] = document.root ? [{ found: { node: document.root, origin: "own" }, of: {}, depth: 0 }] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    const image = text(scalar(document, one.found, "image", "repository")) ?? text(scalar(document, one.found, "image"));
    const of = image === undefined ? one.of : { image };
    for (const role of roles) yield* probeAt(document, one.found, role, of);
    if (one.depth < 4) for (const member of pairs(document, one.found)) if (member.node.kind === "map" && !/Probe$/.test(member.key)) open.push({ found: member, of, depth: one.depth + 1 });
  }
}

function* probeAt(document: YamlDocument, container: Found, role: ProbeRole, of: Subject): Iterable<Fact<Probe>> {
  const get = lookup(document, container, `${role}Probe`, "httpGet");
  const path = get && lookup(document, get, "path");
  if (!get || !path || !trusted(document, path.node.at)) return;
  yield { at: path.node.at, of, value: { role, path: scalar(document, get, "path"), port: scalar(document, get, "port"), node: path.node.at } };
}

/** https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#healthcheck-path: of an Ingress with one backend, or of a Service. */
function* fromBalancer(document: YamlDocument): Iterable<Fact<Probe>> {
  const path = lookup(document, document.root, "metadata", "annotations", "alb.ingress.kubernetes.io/healthcheck-path");
  if (!path || !trusted(document, path.node.at)) return;
  const kind = text(scalar(document, document.root, "kind"));
  const names = kind === "Service" ? [text(scalar(document, document.root, "metadata", "name"))] : kind === "Ingress" ? [...new Set(backends(document))] : [];
  const [name] = names.length === 1 ? names : [];
  if (name !== undefined) yield { at: path.node.at, of: { names: spellings(name) }, value: { role: "health", path: scalar(document, path), port: { absent: true }, node: path.node.at } };
}

/** `check.http` of a service definition that asks the machine it stands on. */
function* fromConsul(document: YamlDocument): Iterable<Fact<Probe>> {
  const one = lookup(document, document.root, "service");
  for (const service of [...(one ? [one] : []), ...items(document, lookup(document, document.root, "services"))])
    for (const check of [lookup(document, service, "check"), ...items(document, lookup(document, service, "checks"))]) {
      const url = check && lookup(document, check, "http");
      const [, port, path = "/"] = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?::(\d+))?(\/[\w\-./]*)?$/.exec(text(scalar(document, url)) ?? "") ?? [];
      const name = text(scalar(document, service, "name"));
      if (!url || port === undefined || name === undefined || port !== text(scalar(document, service, "port")) || !trusted(document, url.node.at)) continue;
      const known = <T extends Scalar>(of: T) => ({ known: of, by: "text" as const, from: [url.node.at] });
      yield { at: url.node.at, of: { workload: `consul/${name}`, names: [name] }, value: { role: "health", path: known(path), port: known(Number(port)) } };
    }
}

/** `curl` or `wget` of the container's own address in the command of a healthcheck. */
function* fromCompose(document: YamlDocument): Iterable<Fact<Probe>> {
  for (const { key, ...service } of pairs(document, lookup(document, document.root, "services"))) {
    const test = lookup(document, service, "healthcheck", "test");
    for (const word of test?.node.kind === "seq" ? items(document, test) : test ? [test] : []) {
      const said = text(word);
      const url = said === undefined ? undefined : /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+))?(\/[\w\-./]*)?(?=$|[\s"'?|;&)])/.exec(said);
      const command = said === undefined ? "" : test?.node.kind === "seq" ? items(document, test).map((one) => text(one) ?? "").join(" ") : said;
      if (!url || !/\b(curl|wget)\b/.test(command) || !trusted(document, word.node.at)) continue;
      // A status of 404 is no failure for curl without it, and a redirect may be followed.
      if (/\bcurl\b/.test(command) && !/\s(?:--fail\S*|-[^\Wf]*f\w*)(?!\S)/.test(command)) continue;
      const known = <T extends Scalar>(of: T) => ({ known: of, by: "text" as const, from: [word.node.at] });
      yield { at: word.node.at, of: { workload: `compose/${key}`, names: [key] }, value: { role: "health", path: known(url[2] ?? "/"), port: url[1] === undefined ? { absent: true } : known(Number(url[1])) } };
    }
  }
}
