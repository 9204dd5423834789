// Question: on which services of a Compose file does a service wait only until their container runs? Reads one file.

import { items, lookup, pairs, scalar, text, type Found } from "../../engine/yaml/read.ts";
import type { Edit, Scalar, YamlDocument } from "../../engine/types.ts";

export interface StartedDependency {
  readonly dependent: string;
  readonly name: string;
  /** The service that is waited for, in this file. */
  readonly service: Found;
  /** The item of the short form, or the condition, or the name where no condition is given. */
  readonly at: Found["node"]["at"];
  /** Waits for its health instead. Undefined where the text belongs to other places too. */
  readonly edits?: readonly Edit[];
}

export function* startedDependencies(document: YamlDocument): Iterable<StartedDependency> {
  const services = new Map(pairs(document, lookup(document, document.root, "services")).map((one) => [one.key, one]));
  for (const [dependent, service] of services) {
    const depends = lookup(document, service, "depends_on");
    for (const one of items(document, depends)) {
      const name = text(scalar(document, one));
      const target = name === undefined ? undefined : services.get(name);
      const edits = name === undefined ? undefined : shortForm(document, depends!, name);
      if (name !== undefined && target) yield { dependent, name, service: target, at: one.node.at, ...(edits ? { edits } : {}) };
    }
    for (const { key, ...one } of pairs(document, depends)) {
      const target = services.get(key);
      const condition = lookup(document, one, "condition");
      if (!target || !condition || text(scalar(document, one, "condition")) !== "service_started") continue;
      yield { dependent, name: key, service: target, at: condition.node.at, ...(condition.origin === "own" ? { edits: [{ yaml: condition.node.at, set: "service_healthy" satisfies Scalar }] } : {}) };
    }
  }
}

/** The list as a map, item by item in its place, so that comments stay: `- db` becomes `db: { condition: service_healthy }`. */
function shortForm(document: YamlDocument, depends: Found, waited: string): Edit[] | undefined {
  const { node, origin } = depends;
  const names = items(document, depends).map((one) => (one.origin === "own" && one.node.kind === "scalar" && one.node.style !== "literal" && one.node.style !== "folded" ? text(scalar(document, one)) : undefined));
  if (node.kind !== "seq" || origin !== "own" || !names.every((one) => one !== undefined && /^[\w.-]+$/.test(one))) return undefined;
  const entry = (name: string) => `${name}: { condition: ${name === waited ? "service_healthy" : "service_started"} }`;
  if (node.flow) return [{ at: node.at, text: `{ ${names.map((one) => entry(one!)).join(", ")} }` }];
  return node.items.map((item, index) => ({ at: { file: "", start: node.dashes[index]!, end: item.at.end }, text: entry(names[index]!) }));
}
