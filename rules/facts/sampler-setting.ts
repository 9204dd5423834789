// Fact: configuration sets the sampler of a service through OTEL_TRACES_SAMPLER, or through the operator's Instrumentation. Judges nothing.

import { nodesOf } from "../../engine/yaml/place.ts";
import { absentProvable, isOpen, items, lookup, pairs, scalar, text, type From } from "../../engine/yaml/read.ts";
import type { FactKind, Span, Value, YamlDocument, YamlNode } from "../../engine/types.ts";

export interface SamplerSetting {
  readonly sampler: string;
  /** The scalar that holds nothing but the sampler's name. */
  readonly at?: Span;
  readonly argument: Value<unknown>;
  /** The scalar that holds nothing but the argument. */
  readonly argumentAt?: Span;
}

const [name, argumentName] = ["OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"];

export const samplerSetting: FactKind<SamplerSetting> = {
  id: "sampler-setting",
  title: "Sampler from the environment",
  yaml: {
    mentions: [[name, "Instrumentation"]],
    *find(document) {
      if (document.class === "k8s" && text(lookup(document, document.root, "kind")) === "Instrumentation") {
        const sampler = lookup(document, document.root, "spec", "sampler");
        const argument = scalar(document, sampler, "argument");
        const found = setting(document, lookup(document, sampler, "type")?.node, argument, lookup(document, sampler, "argument")?.node);
        if (found) yield { at: found.at!, value: found };
      }
      for (const node of nodesOf(document.root)) {
        if ((node.kind !== "seq" && node.kind !== "map") || node.at.file !== "") continue;
        const found = node.kind === "map" ? ofMap(document, node) : ofList(document, node, document.root);
        if (found) yield { at: found.at ?? node.at, value: found };
      }
    },
  },
};

/** `environment: { OTEL_TRACES_SAMPLER: ... }`, the data of a ConfigMap, values of a chart. */
function ofMap(document: YamlDocument, map: YamlNode): SamplerSetting | undefined {
  if (!pairs(document, map).some((one) => one.key === name && one.origin === "own")) return undefined;
  const said = scalar(document, map, argumentName);
  // A container may take the argument from another ConfigMap.
  const argument = "absent" in said && (document.class !== "compose" || !isClosed(document, map, document.root)) ? { unknown: "it may come from elsewhere" } : said;
  return setting(document, lookup(document, map, name)?.node, argument, lookup(document, map, argumentName)?.node);
}

/** `env: [{ name, value }]`, and Compose's `NAME=value`. */
function ofList(document: YamlDocument, list: YamlNode, root: From): SamplerSetting | undefined {
  let sampler: YamlNode | undefined;
  let found: YamlNode | undefined;
  let argument: Value<unknown> = !isOpen(document, list) && isClosed(document, list, root) ? { absent: true } : { unknown: "it may come from elsewhere" };
  let written: string | undefined;
  for (const one of items(document, list)) {
    if (one.origin !== "own") return undefined;
    const key = text(lookup(document, one, "name"));
    if (key === name) sampler = lookup(document, one, "value")?.node;
    if (key === argumentName) (argument = lookup(document, one, "value") ? scalar(document, one, "value") : { unknown: "a reference" }), (found = lookup(document, one, "value")?.node);
    const entry = scalar(document, one);
    const said = "known" in entry ? String(entry.known) : "";
    if (said.startsWith(`${name}=`)) written = said.slice(name.length + 1);
    if (said.startsWith(`${argumentName}=`)) argument = { known: said.slice(argumentName.length + 1), by: "text", from: [one.node.at] };
  }
  if (written !== undefined) return { sampler: written, argument, at: [...items(document, list)].find((one) => text(one)?.startsWith(`${name}=`))!.node.at };
  return setting(document, sampler, argument, found);
}

/** Whether these variables are all that a container gets: nothing is taken in by `envFrom` or `env_file` beside it. */
function isClosed(document: YamlDocument, environment: YamlNode, root: From): boolean {
  if (document.errors.length > 0 || (document.class !== "k8s" && document.class !== "compose")) return false;
  const top = lookup(document, root);
  for (const node of nodesOf(top?.node ?? null))
    if (node.kind === "map" && node.pairs.some((pair) => pair.value === environment)) return absentProvable(document, node) && !pairs(document, node).some((one) => /^(envFrom|env_file|extends)$/.test(one.key));
  return false;
}

function setting(document: YamlDocument, sampler: YamlNode | undefined, argument: Value<unknown>, argumentNode: YamlNode | undefined): SamplerSetting | undefined {
  const value = sampler && scalar(document, sampler);
  if (!sampler || !value || !("known" in value) || typeof value.known !== "string" || value.known.includes("\uE000") || /\$[({]/.test(value.known)) return undefined;
  return { sampler: value.known.trim(), at: sampler.at, argument, ...(argumentNode?.kind === "scalar" ? { argumentAt: argumentNode.at } : {}) };
}
