// Fact: something asks gRPC's health service of a service: a probe of Kubernetes, grpc_health_probe in one, or a check of Consul.

import { appContainers, objectId, podOf } from "../../engine/workload.ts";
import { items, lookup, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, YamlDocument } from "../../engine/types.ts";

export interface GrpcProbe {
  readonly by: string;
  /** Name that is asked for; "" asks for the whole server. Undefined: not known. */
  readonly asks?: string;
}

export const grpcProbe: FactKind<GrpcProbe> = {
  id: "grpc-probe",
  title: "gRPC health probe",
  yaml: {
    mentions: [["grpc"]],
    *find(document) {
      if (document.class === "k8s") yield* fromPod(document);
      else if (document.class === "consul") yield* fromConsul(document);
    },
  },
};

function* fromPod(document: YamlDocument): Iterable<Fact<GrpcProbe>> {
  const pod = podOf(document);
  const id = objectId(document);
  const containers = pod ? appContainers(document, pod) : [];
  if (containers.length !== 1 || !id) return;
  const of = { workload: id, names: [id.slice(id.indexOf("/") + 1)] };
  for (const role of ["liveness", "readiness", "startup"]) {
    const probe = lookup(document, containers[0], `${role}Probe`);
    const by = `The ${role} probe`;
    const port = lookup(document, probe, "grpc", "port");
    const service = scalar(document, probe, "grpc", "service");
    if (port && trusted(document, port.node.at)) yield { at: port.node.at, of, value: { by, ..."absent" in service ? { asks: "" } : "known" in service ? { asks: String(service.known ?? "") } : {} } };
    yield* fromCommand(document, items(document, lookup(document, probe, "exec", "command")), by, of);
  }
}

/** https://github.com/grpc-ecosystem/grpc-health-probe */
function* fromCommand(document: YamlDocument, words: readonly Found[], by: string, of: NonNullable<Fact<GrpcProbe>["of"]>): Iterable<Fact<GrpcProbe>> {
  const tool = words.find((one) => /(^|[/\s])grpc[_-]health[_-]probe\b/.test(text(one) ?? ""));
  const line = words.map((one) => text(scalar(document, one)) ?? "$").join(" ");
  const address = /^\[?([^\]]*?)\]?:\d+/.exec(/-addr[= ](\S*)/.exec(line)?.[1] ?? "")?.[1] ?? "";
  if (!tool || !trusted(document, tool.node.at) || !/^(|localhost|127\.0\.0\.1|0\.0\.0\.0|::1?)$/.test(address)) return;
  const asked = /-service[= ](\S+)/.exec(line)?.[1];
  yield { at: tool.node.at, of, value: { by, ...(line.includes("$") ? {} : { asks: (asked ?? "").replace(/^["']|["']$/g, "") }) } };
}

/** `host:port/service`: https://developer.hashicorp.com/consul/docs/services/configuration/checks-configuration-reference */
function* fromConsul(document: YamlDocument): Iterable<Fact<GrpcProbe>> {
  const one = lookup(document, document.root, "service");
  for (const service of [...(one ? [one] : []), ...items(document, lookup(document, document.root, "services"))]) {
    const name = text(scalar(document, service, "name"));
    for (const check of [lookup(document, service, "check"), ...items(document, lookup(document, service, "checks"))]) {
      const target = check && lookup(document, check, "grpc");
      const said = target && text(scalar(document, target));
      if (target && said !== undefined && name !== undefined) yield { at: target.node.at, of: { names: [name], workload: `consul/${name}` }, value: { by: "The Consul check", asks: said.split("/")[1] ?? "" } };
    }
  }
}
