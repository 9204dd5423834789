// Question: what does a Spring document set a property to? Relaxed binding: case, dashes and underscores do not count, and dotted keys are paths. States no fact itself.
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding

import { embedded } from "../../engine/yaml/embedded.ts";
import { items, pairs, scalar, text, type Entry, type Found } from "../../engine/yaml/read.ts";
import type { Scalar, Value, YamlDocument } from "../../engine/types.ts";

/** The Spring documents of a document: itself, or files that it carries (a ConfigMap's `application.yaml`). Documents of development profiles are left out. */
export function* springDocuments(document: YamlDocument, words: readonly string[]): Iterable<YamlDocument> {
  const all = document.class === "spring" ? [document] : document.class === "k8s" ? [...embedded(document, words)].filter((one) => one.class === "spring") : [];
  for (const one of all) if (!isDevelopment(one)) yield one;
}

const development = /(^|[,\s])(dev|local|test|docker-?compose|default-dev)([,\s]|$)|\b(development|testing|localhost)\b/i;

function isDevelopment(document: YamlDocument): boolean {
  if (/(?:application|bootstrap)-(?:dev\w*|local\w*|tests?)\.ya?ml$/.test(document.path)) return true;
  const profile = settingText(document, "spring.config.activate.on-profile") ?? settingText(document, "spring.profiles");
  return profile !== undefined && development.test(profile);
}

/** What stands at a property, however its path is cut into keys; undefined when this document does not say. */
export function setting(document: YamlDocument, property: string): Entry | undefined {
  return document.root ? under(document, { node: document.root, origin: "own" }, property.split(".").map(uniform)) : undefined;
}

/** The value of a property; unknown where the document does not say it, for another file or the environment may. */
export function settingValue(document: YamlDocument, property: string): Value<Scalar> {
  const found = setting(document, property);
  return found ? scalar(document, found) : { unknown: "set elsewhere, if at all" };
}

/** The text as written, with its placeholders. */
export function settingText(document: YamlDocument, property: string): string | undefined {
  return text(setting(document, property));
}

/** The elements of a list property: a sequence, or one text with commas. Undefined when one of them is not known. */
export function settingList(document: YamlDocument, found: Found): readonly string[] | undefined {
  const said = found.node.kind === "seq" ? items(document, found).map((one) => scalar(document, one)) : [scalar(document, found)];
  if (said.some((one) => !("known" in one))) return undefined;
  return said.flatMap((one) => String("known" in one ? (one.known ?? "") : "").split(",")).map((one) => one.trim()).filter(Boolean);
}

function under(document: YamlDocument, from: Found, path: readonly string[]): Entry | undefined {
  let last: Entry | undefined;
  for (const member of pairs(document, from)) {
    const parts = member.key.split(".").map(uniform);
    if (parts.length > path.length || parts.some((part, at) => part !== path[at])) continue;
    const found = parts.length === path.length ? member : under(document, member, path.slice(parts.length));
    if (found) last = found;
  }
  return last;
}

const uniform = (key: string) => key.toLowerCase().replace(/[-_]/g, "");
