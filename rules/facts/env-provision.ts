// Fact: which environment variables a manifest gives the containers of a workload, and whether it may give more than it shows.

import { appContainers, objectId, podOf } from "../../engine/workload.ts";
import { absentProvable, items, lookup, pairs, scalar, text, type Found } from "../../engine/yaml/read.ts";
import type { FactKind, Span, YamlDocument } from "../../engine/types.ts";

export interface EnvProvision {
  readonly by: "k8s" | "compose";
  readonly workload: string;
  /** Place of each name, where a fix may rewrite it. */
  readonly names: readonly { readonly name: string; readonly at: Span }[];
  /** ConfigMaps and Secrets whose keys it gives, and what stands before them. */
  readonly sources: readonly { readonly name: string; readonly prefix: string }[];
  /** Variables may come from elsewhere. */
  readonly open: boolean;
}

export const envProvision: FactKind<EnvProvision> = {
  id: "env-provision",
  title: "Environment of a workload",
  yaml: {
    mentions: [["containers", "image", "build"]],
    *find(document) {
      if (document.class === "k8s") {
        const pod = podOf(document);
        const id = objectId(document);
        const kind = id?.slice(0, id.indexOf("/"));
        // What runs once is given what it needs, not what the service needs.
        if (!pod || !id || kind === "Job" || kind === "CronJob") return;
        const annotations = pairs(document, lookup(document, pod, "metadata", "annotations")).map((one) => one.key);
        const injected = annotations.some((one) => /vault\.hashicorp\.com\/|secrets?-?inject|dapr\.io\/|instrumentation\.opentelemetry/.test(one));
        for (const container of appContainers(document, pod)) yield { at: container.node.at, of: { workload: id, names: [id.slice(id.indexOf("/") + 1)] }, value: ofContainer(document, container, id, injected) };
      } else if (document.class === "compose")
        for (const service of pairs(document, lookup(document, document.root, "services"))) {
          const id = `compose/${service.key}`;
          yield { at: service.pair.key.at, of: { workload: id, names: [service.key] }, value: ofService(document, service, id) };
        }
    },
  },
};

function ofContainer(document: YamlDocument, container: Found, workload: string, injected: boolean): EnvProvision {
  const env = lookup(document, container, "env");
  const list = items(document, env);
  const names = list.flatMap((one) => {
    const name = lookup(document, one, "name");
    const said = text(name);
    return name && said !== undefined ? [{ name: said, at: name.node.at }] : [];
  });
  const from = lookup(document, container, "envFrom");
  const sources = items(document, from).map((one) => ({ name: text(scalar(document, one, "configMapRef", "name")) ?? text(scalar(document, one, "secretRef", "name")), prefix: text(scalar(document, one, "prefix")) ?? "" }));
  const closed = absentProvable(document, container) && (!env || env.node.kind === "seq") && (!from || from.node.kind === "seq") && names.length === list.length && sources.every((one) => one.name !== undefined);
  return { by: "k8s", workload, names, sources: sources.flatMap(({ name, prefix }) => (name === undefined ? [] : [{ name, prefix }])), open: injected || !closed };
}

function ofService(document: YamlDocument, service: Found, workload: string): EnvProvision {
  const env = lookup(document, service, "environment");
  const entries = items(document, env).map((one) => ({ one, said: text(one) }));
  const names = [
    ...pairs(document, env).map((one) => ({ name: one.key, at: one.pair.key.at })),
    ...entries.flatMap(({ one, said }) => (said === undefined ? [] : [{ name: said.split("=", 1)[0]!, at: { file: "", start: one.node.at.start, end: one.node.at.start } }])),
  ];
  const more = ["env_file", "extends"].some((key) => lookup(document, service, key));
  return { by: "compose", workload, names, sources: [], open: more || !absentProvable(document, service) || (env !== undefined && !absentProvable(document, env) && env.node.kind === "map") || entries.some(({ said }) => said === undefined) };
}
