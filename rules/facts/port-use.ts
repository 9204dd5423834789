// Fact: a manifest sends traffic to a port of a service: a probe, a Service, a mapping of Compose, or the declared port of its container.

import { appContainers, objectId, podOf } from "../../engine/workload.ts";
import { items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Scalar, Span, Subject, Value, YamlDocument } from "../../engine/types.ts";

export interface PortUse {
  readonly by: string;
  readonly port: number;
  /** The number alone: what a fix replaces. */
  readonly node?: Span;
  /** Nothing is sent there: it only documents. */
  readonly declared?: true;
  /** Variables of the container may come from elsewhere. */
  readonly open?: true;
  /** No port: a pod of several containers, of which any may answer. */
  readonly shared?: true;
}

export const portUse: FactKind<PortUse> = {
  id: "port-use",
  title: "Port that a manifest uses",
  yaml: {
    mentions: [["containerPort", "Probe", "targetPort", "ports"]],
    *find(document) {
      if (document.class === "k8s") {
        if (text(scalar(document, document.root, "kind")) === "Service") yield* fromService(document);
        else yield* fromPod(document);
      } else if (document.class === "compose") yield* fromCompose(document);
    },
  },
};

/** Only a pod with one container says whose port it is. */
function* fromPod(document: YamlDocument): Iterable<Fact<PortUse>> {
  const pod = podOf(document);
  const id = objectId(document);
  const containers = pod ? appContainers(document, pod) : [];
  const [container] = containers;
  if (!container || !id) return;
  const of = { workload: id, names: [id.slice(id.indexOf("/") + 1)] };
  if (containers.length !== 1) return void (yield { at: container.node.at, of, value: { by: "pod", port: 0, shared: true } });
  const open = lookup(document, container, "envFrom") ? { open: true as const } : {};
  const ports = items(document, lookup(document, container, "ports"));
  for (const role of ["liveness", "readiness", "startup"])
    for (const kind of ["httpGet", "tcpSocket", "grpc"]) {
      const port = lookup(document, container, `${role}Probe`, kind, "port");
      if (!port || lookup(document, container, `${role}Probe`, kind, "host")) continue;
      const direct = numeric(scalar(document, port));
      const named = direct ?? numeric(scalar(document, ports.find((one) => text(scalar(document, one, "name")) === text(port)), "containerPort"));
      if (named !== undefined) yield* use(document, port, of, { by: `The ${role} probe`, port: named, ...(direct === undefined ? {} : { node: port.node.at }), ...open });
    }
  const [only] = ports;
  const port = ports.length === 1 ? lookup(document, only, "containerPort") : undefined;
  const number = port && numeric(scalar(document, port));
  if (port && number !== undefined) yield* use(document, port, of, { by: "containerPort", port: number, node: port.node.at, declared: true, ...open });
}

/** A Service with several ports also serves metrics and the like, which libraries open. */
function* fromService(document: YamlDocument): Iterable<Fact<PortUse>> {
  const [port, ...more] = items(document, lookup(document, document.root, "spec", "ports"));
  const selected = pairs(document, lookup(document, document.root, "spec", "selector"));
  const name = text(scalar(document, document.root, "metadata", "name"));
  if (!port || more.length > 0 || selected.length === 0 || name === undefined) return;
  const app = selected.find(({ key }) => key === "app" || key === "app.kubernetes.io/name");
  const target = lookup(document, port, "targetPort") ?? ("absent" in scalar(document, port, "targetPort") ? lookup(document, port, "port") : undefined);
  const number = target && numeric(scalar(document, target));
  const names = [text(app), name].filter((one) => one !== undefined);
  // Who is addressed through a proxy or an ingress is addressed by this number; UDP is something else.
  if (target && number !== undefined && text(scalar(document, port, "protocol")) !== "UDP") yield* use(document, target, { names }, { by: `Service ${name}`, port: number, ...(lookup(document, port, "targetPort") ? { node: target.node.at } : {}) });
}

/** `8080:3000`, `127.0.0.1:8080:3000`, `3000`, `{ target: 3000 }`. Debuggers have a port of their own. */
function* fromCompose(document: YamlDocument): Iterable<Fact<PortUse>> {
  for (const service of pairs(document, lookup(document, document.root, "services"))) {
    const mapped = items(document, lookup(document, service, "ports")).map((one) => {
      const target = lookup(document, one, "target");
      const found = target ?? one;
      const said = scalar(document, found);
      const match = "known" in said ? /(?:^|:)(\d+)(?:\/tcp)?$/.exec(String(said.known)) : undefined;
      return { found, port: match ? Number(match[1]) : undefined };
    }).filter(({ port }) => port !== 9229);
    const [only] = mapped;
    const open = lookup(document, service, "env_file") ? { open: true as const } : {};
    if (only && mapped.length === 1 && only.port !== undefined) yield* use(document, only.found, { workload: `compose/${service.key}`, names: [service.key] }, { by: `Compose service ${service.key}`, port: only.port, ...open });
  }
}

function* use(document: YamlDocument, { node, origin }: Found, of: Subject, value: PortUse): Iterable<Fact<PortUse>> {
  const { node: place, ...rest } = value;
  if (trusted(document, node.at)) yield { at: node.at, of, value: { ...rest, ...(place && origin === "own" ? { node: place } : {}) } };
}

function numeric(found: Value<Scalar>): number | undefined {
  return "known" in found && /^\d+$/.test(String(found.known)) ? Number(found.known) : undefined;
}
