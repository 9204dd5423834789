// Fact: a Kubernetes Service sends traffic to the pods with certain labels. And the question which Services reach a container.

import { appliedTogether } from "../../engine/unit.ts";
import { items, lookup, scalar, text, type Found } from "../../engine/yaml/read.ts";
import type { FactKind, Facts, Linked, YamlDocument } from "../../engine/types.ts";
import type { RunningPod } from "./running-pod.ts";
import { labelsOf, selects, symbol, type Labels } from "./symbol.ts";

export interface ServiceSelector {
  /** Only rendering tells some. */
  readonly name?: string;
  readonly namespace?: string;
  readonly labels: Labels;
  /** Names and numbers of the ports of the pod; empty when they are not known. */
  readonly ports: readonly string[];
}

export const serviceSelector: FactKind<ServiceSelector> = {
  id: "service-selector",
  title: "Service that selects pods",
  yaml: {
    mentions: [["Service"], ["selector"]],
    *find(document) {
      const said = (...keys: string[]) => text(scalar(document, document.root, ...keys));
      if (document.class !== "k8s" || said("kind") !== "Service" || !(said("apiVersion") === "v1")) return;
      const labels = labelsOf(document, lookup(document, document.root, "spec", "selector"));
      const named = lookup(document, document.root, "metadata", "name");
      const name = text(scalar(document, document.root, "metadata", "name"));
      if (!named || !labels) return;
      const namespace = said("metadata", "namespace");
      const ports = items(document, lookup(document, document.root, "spec", "ports")).map((one) => symbol(lookup(document, one, "targetPort")) ?? symbol(lookup(document, one, "port")));
      yield { at: named.node.at, value: { ...(name === undefined ? {} : { name }), labels, ports: ports.filter((one) => one !== undefined), ...(namespace === undefined ? {} : { namespace }) } };
    },
  },
};

/** Ports that are read by machines which do not balance requests: traffic to them is no reason to be ready. */
const aside = /^(metrics|prom|prometheus|http-?metrics|.*-metrics|monitoring|health|healthz|health-?check|probes?|debug|pprof|admin|management|actuator|jmx|jmx-exporter)$/i;

/** Names and numbers of a container's ports that serve requests. */
export function servingPorts(document: YamlDocument, container: Found): readonly { readonly name?: string; readonly number: string }[] {
  return items(document, lookup(document, container, "ports")).flatMap((one) => {
    const name = text(scalar(document, one, "name"));
    const number = symbol(lookup(document, one, "containerPort"));
    return number === undefined || (name !== undefined && aside.test(name)) ? [] : [{ ...(name === undefined ? {} : { name }), number }];
  });
}

/** A Service of the same deployment that sends requests to one of the container's ports. */
export function serviceOf(document: YamlDocument, facts: Facts, pod: RunningPod, container: Found): Linked<ServiceSelector> | undefined {
  const labels = labelsOf(document, lookup(document, pod.template, "metadata", "labels"));
  const ports = servingPorts(document, container).flatMap((one) => [one.number, ...(one.name === undefined ? [] : [one.name])]);
  const namespace = text(scalar(document, document.root, "metadata", "namespace"));
  if (!labels) return undefined;
  return facts.everywhere(serviceSelector).find(({ value, ...fact }) =>
    appliedTogether(document, { value, ...fact })
    && (value.namespace === undefined || namespace === undefined || value.namespace === namespace)
    && selects(value.labels, labels)
    && value.ports.some((port) => ports.includes(port)));
}
