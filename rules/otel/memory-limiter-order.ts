// The memory limiter stands behind other processors, or does nothing: under load the collector is killed instead of pushing back.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { size } from "../../engine/quantity.ts";
import { folder } from "../../engine/resolve.ts";
import { absentProvable, lookup, pairs, scalar, trusted, type Found } from "../../engine/yaml/read.ts";
import { memoryLimiter } from "../facts/memory-limiter.ts";
import { collectorScale, memoryOf } from "../facts/collector-scale.ts";
import { collectorsOf, typeOf, type CollectorConfig, type Pipeline, type Step } from "../facts/collector-config.ts";
import type { Finding, Fix, Rule, Scalar } from "../../engine/types.ts";

export const memoryLimiterOrder: Rule = {
  id: "otel/memory-limiter-order",
  title: "Memory limiter does not come first",
  why: `The memory limiter refuses data when memory runs short, and the receiver tells the sender to retry. Behind other processors it refuses what they have
already copied and enriched; behind a batch it refuses what the sender was told is safe, and that is lost. The documentation says to define it as
the first processor of every pipeline, so that the memory is saved before it is used.
https://github.com/open-telemetry/opentelemetry-collector/blob/main/processor/memorylimiterprocessor/README.md#best-practices`,
  check: {
    yaml: {
      mentions: [["pipelines"]],
      reads: [memoryLimiter, collectorScale],
      *find(document, facts) {
        for (const config of collectorsOf(document)) {
          for (const pipeline of config.pipelines) yield* misplaced(config, pipeline);
          yield* settings(config, memoryOf(document, config, facts));
          if (!facts.everywhere(memoryLimiter).some((one) => folder(one.at.file) === folder(document.path))) yield* absent(config);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- otelcol.yaml
receivers: { otlp: { protocols: { grpc: {} } } }
processors:
  batch: {}
  memory_limiter: { check_interval: 1s, limit_percentage: 80 }
exporters: { otlp: { endpoint: "tempo:4317" } }
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch, memory_limiter]
                          ^^^^^^^^^^^^^^ warning: memory_limiter comes after batch in pipeline traces: what batch has accepted is lost
      exporters: [otlp]
`,
      fixed: files`
//- otelcol.yaml
receivers: { otlp: { protocols: { grpc: {} } } }
processors:
  batch: {}
  memory_limiter: { check_interval: 1s, limit_percentage: 80 }
exporters: { otlp: { endpoint: "tempo:4317" } }
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [otlp]
`,
    },
    {
      good: files`
//- otelcol.yaml
receivers: { hostmetrics: {} }
processors: { batch: {} }
exporters: { otlp: { endpoint: "tempo:4317" } }
service:
  pipelines:
    metrics: { receivers: [hostmetrics], processors: [batch], exporters: [otlp] }
`,
    },
  ],
};

/** They take data and answer at once: a refusal behind them reaches no sender. */
const buffers = new Set(["batch", "groupbytrace", "groupbyattrs", "tail_sampling", "interval", "logdedup"]);

function* misplaced({ document }: CollectorConfig, { name, processors = [] }: Pipeline): Iterable<Finding> {
  const index = processors.findIndex((one) => one.type === "memory_limiter");
  const limiter = processors[index];
  if (index <= 0 || !limiter || !trusted(document, limiter.found.node.at)) return;
  const before = processors.slice(0, index);
  const buffer = before.find((one) => buffers.has(one.type));
  yield {
    at: limiter.found.node.at,
    message: buffer
      ? say`${limiter.id} comes after ${buffer.id} in pipeline ${name}: what ${buffer.id} has accepted is lost`
      : say`${limiter.id} comes after ${before[0]!.id} in pipeline ${name}: it refuses too late`,
    // Steps that hold nothing back pass a refusal on: it only comes later.
    ...(buffer ? {} : { variant: "late" }),
    ...moved(processors.slice(0, index + 1)),
  };
}

/** The names change places; comments stay where they are. */
function moved(steps: readonly Step[]): { readonly fixes?: readonly Fix[] } {
  if (steps.some(({ found }) => found.origin !== "own" || found.node.kind !== "scalar" || found.node.style !== "plain")) return {};
  const order = [steps.at(-1)!, ...steps.slice(0, -1)];
  return { fixes: [{ title: `Move ${order[0]!.id} to the front`, safe: false, edits: steps.map((one, index) => ({ at: one.found.node.at, text: order[index]!.id })) }] };
}

function* settings(config: CollectorConfig, bytes: number | undefined): Iterable<Finding> {
  const { document, root, pipelines, isPartial } = config;
  for (const one of pairs(document, lookup(document, root, "processors"))) {
    if (typeOf(one.key) !== "memory_limiter" || !trusted(document, one.pair.key.at)) continue;
    const at = one.pair.key.at;
    const isUsed = pipelines.some((pipeline) => !pipeline.processors || pipeline.processors.some((step) => step.id === one.key));
    if (!isUsed && !isPartial && pipelines.length > 0) yield { at, message: say`${one.key} is in no pipeline: nothing limits the collector's memory`, variant: "unused" };
    const limits = ["limit_mib", "limit_percentage"];
    const hasNone = (keys: readonly string[]) => absentProvable(document, one) && keys.every((key) => "absent" in scalar(document, one, key));
    if (isUsed && !isPartial && one.origin === "own") {
      if (hasNone(["check_interval"])) yield { at, message: say`${one.key} has no check_interval: the collector refuses to start`, variant: "incomplete", ...inserted(config, one, "check_interval", "1s") };
      else if (hasNone(limits)) yield { at, message: say`${one.key} has neither limit_mib nor limit_percentage: the collector refuses to start`, variant: "incomplete", ...inserted(config, one, "limit_percentage", 80) };
    }
    const limit = scalar(document, one, "limit_mib");
    if ("known" in limit && typeof limit.known === "number" && bytes !== undefined && limit.known * 1024 ** 2 >= bytes)
      yield { at: limit.from[0]!, message: say`${one.key} allows ${size(limit.known * 1024 ** 2)}, but the container is killed at ${size(bytes)}`, variant: "beyond" };
  }
}

/** Into a map of the file itself: a file inside a block literal is not edited by nodes. */
function inserted({ isEmbedded }: CollectorConfig, { node }: Found, key: string, value: Scalar): { readonly fixes?: readonly Fix[] } {
  return isEmbedded || node.kind !== "map" ? {} : { fixes: [{ title: `Set ${key} to ${value}`, safe: false, edits: [{ yaml: node.at, insert: { key, value } }] }] };
}

/** Receivers to which clients push as fast as they like. */
const pushed = new Set(["otlp", "jaeger", "zipkin", "filelog", "opencensus", "kafka", "loki"]);

/** Nothing defines a limiter, though clients can push without bound. */
function* absent({ document, pipelines, isPartial }: CollectorConfig): Iterable<Finding> {
  if (isPartial || document.errors.length > 0) return;
  const exposed = pipelines.filter((one) => one.receivers.some((type) => pushed.has(type)));
  const [first] = exposed;
  if (!first || pipelines.some((one) => one.processors?.some((step) => step.type === "memory_limiter"))) return;
  yield { at: first.pair.pair.key.at, message: say`Nothing limits the memory of this collector: a burst on pipeline ${first.name} kills it`, variant: "absent" };
}
