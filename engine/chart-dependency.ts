// Which charts a chart takes, under which names, whether its values switch them on, and which of their values it takes over. Documents in, answers out; reads no file.
// https://helm.sh/docs/topics/charts/#chart-dependencies

import { items, lookup, pairs, scalar, text, type Found } from "./yaml/read.ts";
import { member, stacked, type Layer, type Layers } from "./yaml/values.ts";
import type { YamlDocument, YamlMap, YamlNode } from "./types.ts";

export interface Dependency {
  readonly name: string;
  /** Under which the chart's values stand, and which is its name for its templates. */
  readonly alias: string;
  /** Paths of values; the first that holds a boolean decides. */
  readonly conditions: readonly string[];
  readonly tags: readonly string[];
  readonly imports: readonly Import[];
  readonly entry: Found;
  readonly document: YamlDocument;
}

/** Values of the dependency that its parent takes over, from one path to another. */
interface Import {
  readonly child: string;
  /** "" for the values as a whole. */
  readonly parent: string;
}

/** The dependencies that a Chart.yaml, or the requirements.yaml of an older chart, states. */
export function dependenciesOf(document: YamlDocument | undefined): readonly Dependency[] {
  if (!document) return [];
  return items(document, lookup(document, document.root, "dependencies")).flatMap((entry): Dependency[] => {
    const name = text(scalar(document, entry, "name"));
    if (name === undefined) return [];
    const list = (key: string) => items(document, lookup(document, entry, key));
    const imports = list("import-values").flatMap((one): Import[] => {
      const exported = text(scalar(document, one));
      if (exported !== undefined) return [{ child: `exports.${exported}`, parent: "" }];
      const [child, parent] = ["child", "parent"].map((key) => text(scalar(document, one, key)));
      return child === undefined || parent === undefined ? [] : [{ child, parent: parent === "." ? "" : parent }];
    });
    return [{
      name, alias: text(scalar(document, entry, "alias")) || name, entry, document, imports,
      conditions: (text(scalar(document, entry, "condition")) ?? "").split(",").map((one) => one.trim()).filter(Boolean),
      tags: list("tags").flatMap((one) => text(one) ?? []),
    }];
  });
}

/** Whether the values of the parent, and where they are silent those of the dependency itself, switch it on. What nobody can tell does not switch it off. */
export function isEnabled({ alias, conditions, tags }: Dependency, values: Layers | undefined, own: Layers | undefined): boolean {
  const known = (layers: Layers | undefined, path: readonly string[]) => {
    const found = layers && at(layers, path);
    const value = found && scalar(found[0].document, found[0].found);
    return value && "known" in value && typeof value.known === "boolean" ? value.known : undefined;
  };
  for (const condition of conditions) {
    const path = condition.split(".");
    const verdict = known(values, path) ?? (path[0] === alias ? known(own, path.slice(1)) : undefined);
    if (verdict !== undefined) return verdict;
  }
  const switches = tags.flatMap((tag) => known(values, ["tags", tag]) ?? []);
  return switches.length === 0 || switches.includes(true);
}

/** `.Chart` of a dependency under another name. */
export function underAlias(chart: Layers | undefined, { alias, name, entry, document }: Dependency): Layers | undefined {
  const said = lookup(document, entry, "alias");
  if (!chart || !said || alias === name) return chart;
  return stacked([{ document, found: { node: around(said.node, ["name"]), origin: "own" } }, ...chart]);
}

/**
 * Values that a chart takes over from a dependency: they win over those of its own values.yaml. Those of a dependency that nobody sees are unknown, and
 * undefined where they may be anything.
 */
export function imported({ imports }: Dependency, own: Layers | undefined, base: Layer): readonly Layer[] | undefined {
  const layers: Layer[] = [];
  for (const { child, parent } of imports) {
    const found = own && at(own, child.split("."));
    if (!own && parent === "") return undefined;
    const path = parent === "" ? [] : parent.split(".");
    const unseen: YamlNode = { kind: "scalar", at: base.found.node.at, value: "", style: "plain", open: "values of a chart that is not here" };
    if (found) for (const { document, found: one } of found) layers.push({ document, found: { node: around(one.node, path), origin: "own" } });
    else if (!own) layers.push({ document: base.document, found: { node: around(unseen, path), origin: "own" } });
  }
  return layers;
}

function at(layers: Layers, path: readonly string[]): Layers | undefined {
  let here: Layers | undefined = layers;
  for (const key of path) here = here && here[0].found.node.kind === "map" ? member(here, key) : undefined;
  return here;
}

/** A map in which a path leads to a node. */
function around(node: YamlNode, path: readonly string[]): YamlNode {
  return path.reduceRight<YamlNode>((value, key): YamlMap => ({ kind: "map", at: node.at, flow: false, pairs: [{ key: { kind: "scalar", at: node.at, value: key, style: "plain" }, value, start: node.at.start, colon: node.at.start }] }), node);
}

/** The name that a Chart.yaml gives its chart. */
export function nameOf(chart: Layers | undefined): string | undefined {
  const [top] = chart ?? [];
  const name = top && pairs(top.document, top.found).find(({ key }) => key === "name");
  return name && text(name);
}
