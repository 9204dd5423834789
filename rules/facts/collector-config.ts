// Question: which OpenTelemetry Collector configurations does a document hold, and in which order do their pipelines process? A file, an object of the operator, a ConfigMap, values of a chart.

import { embedded } from "../../engine/yaml/embedded.ts";
import { nodesOf } from "../../engine/yaml/place.ts";
import { isOpen, items, lookup, pairs, text, type Entry, type Found } from "../../engine/yaml/read.ts";
import type { YamlDocument, YamlMap } from "../../engine/types.ts";

export interface Pipeline {
  /** `traces`, `metrics/internal`. */
  readonly name: string;
  readonly pair: Entry;
  /** Undefined when the list is not written here, or when a template may add to it. */
  readonly processors: readonly Step[] | undefined;
  readonly receivers: readonly string[];
  readonly exporters: readonly string[];
}

export interface Step {
  /** `memory_limiter/small`. */
  readonly id: string;
  /** `memory_limiter`. */
  readonly type: string;
  readonly found: Found;
}

export interface CollectorConfig {
  /** The document that it stands in: the file's own, or one inside a block literal of it. */
  readonly document: YamlDocument;
  readonly root: Found;
  readonly pipelines: readonly Pipeline[];
  /** The map that holds the configuration and the deployment's settings: `spec` of the operator's object, the values of a chart. */
  readonly holder?: Found;
  /** Values are laid over the defaults of a chart: or conditions of a template are: what is missing here may be there. */
  readonly isPartial: boolean;
  /** It stands inside a block literal. */
  readonly isEmbedded: boolean;
}

const words = ["pipelines"];

export function* collectorsOf(document: YamlDocument): Generator<CollectorConfig> {
  if (!classes.has(document.class)) return;
  const isValues = document.class === "helm-values" || document.class === "values-fragment";
  for (const one of [document, ...embedded(document, words)])
    for (const node of nodesOf(one.root)) {
      // What a template takes from values is judged in the values.
      if (node.kind !== "map" || node.at.file !== "") continue;
      const root = lookup(one, node);
      const found = root && lookup(one, root, "service", "pipelines");
      if (!root || found?.node.kind !== "map") continue;
      const holder = one === document ? holderOf(document, node) : one.class !== "otelcol" || document.class !== "k8s" ? undefined : lookup(document, document.root, "spec");
      yield { document: one, root, pipelines: pairs(one, found).map((pair) => pipelineOf(one, pair)), ...(holder ? { holder } : {}), isPartial: isValues || isOpen(one, root) || isOpen(one, found) || isOpen(one, lookup(one, root, "processors")), isEmbedded: one !== document };
    }
}

const classes = new Set(["otelcol", "k8s", "helm-values", "values-fragment"]);

function holderOf(document: YamlDocument, config: YamlMap): Found | undefined {
  for (const node of nodesOf(document.root)) {
    if (node.kind !== "map") continue;
    if (node.pairs.some((pair) => pair.value === config && pair.key.kind === "scalar" && /config$/i.test(String(pair.key.value)))) return lookup(document, node);
  }
  return undefined;
}

function pipelineOf(document: YamlDocument, pair: Entry): Pipeline {
  const list = lookup(document, pair, "processors");
  const steps = items(document, list).map((found) => {
    const id = text(found) ?? "";
    return { id, type: typeOf(id), found };
  });
  const names = (key: string) => items(document, lookup(document, pair, key)).map((one) => typeOf(text(one) ?? ""));
  return { name: pair.key, pair, processors: list?.node.kind === "seq" && !isOpen(document, list) ? steps : undefined, receivers: names("receivers"), exporters: names("exporters") };
}

/** The type of a component: `batch` of `batch/small`. */
export const typeOf = (id: string) => id.replace(/\/[^]*/, "");
