// Traces are sampled as a whole, but their spans arrive at several collectors: each decides on the part it has.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { lookup, trusted } from "../../engine/yaml/read.ts";
import { collectorsOf, type Pipeline } from "../facts/collector-config.ts";
import { collectorScale, scaleOf } from "../facts/collector-scale.ts";
import { traceRouting } from "../facts/trace-routing.ts";
import type { Finding, Rule, YamlDocument } from "../../engine/types.ts";

export const tailSamplingSplit: Rule = {
  id: "otel/tail-sampling-split",
  title: "Tail sampling on several collectors",
  why: `Tail sampling keeps a trace because of one of its spans: an error, a slow call. "All spans for a given trace MUST be received by the same collector
instance for effective sampling decisions." With several instances behind one address each sees some spans of a trace: the one with the error is
kept, the others are dropped, and what reaches the backend are fragments without a root. A layer of collectors in front, with the loadbalancing
exporter, routes by trace id.
https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/processor/tailsamplingprocessor/README.md`,
  check: {
    yaml: {
      mentions: [["tail_sampling"]],
      reads: [collectorScale, traceRouting],
      *find(document, facts) {
        for (const config of collectorsOf(document)) {
          for (const pipeline of config.pipelines) yield* enrichedLate(config.document, pipeline);
          const step = config.pipelines.flatMap((one) => one.processors ?? []).find((one) => one.type === "tail_sampling");
          if (!step || !trusted(config.document, step.found.node.at) || facts.everywhere(traceRouting).length > 0) continue;
          const scale = scaleOf(document, config, facts);
          if (!scale) continue;
          yield {
            at: step.found.node.at,
            message: say`${step.id} sees a part of each trace: ${scale.words}, and nothing routes by trace id`,
            related: [{ at: scale.at, message: say`It runs as ${scale.words}` }],
            ...(scale.replicas ? { fixes: [{ title: "Run one replica", safe: false, edits: [{ yaml: scale.replicas, set: 1 }] }] } : {}),
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- k8s/collector.yaml
apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata: { name: gateway }
spec:
  replicas: 3
  config:
    receivers: { otlp: { protocols: { grpc: {} } } }
    processors:
      tail_sampling: { policies: [{ name: errors, type: status_code, status_code: { status_codes: [ERROR] } }] }
    exporters: { otlp: { endpoint: "tempo:4317" } }
    service:
      pipelines:
        traces: { receivers: [otlp], processors: [tail_sampling], exporters: [otlp] }
                                                  ^^^^^^^^^^^^^ warning: tail_sampling sees a part of each trace: 3 replicas, and nothing routes by trace id
`,
    },
    {
      good: files`
//- k8s/collector.yaml
apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata: { name: gateway }
spec:
  replicas: 3
  config:
    receivers: { otlp: { protocols: { grpc: {} } } }
    processors:
      tail_sampling: { policies: [{ name: errors, type: status_code, status_code: { status_codes: [ERROR] } }] }
    exporters: { otlp: { endpoint: "tempo:4317" } }
    service:
      pipelines:
        traces: { receivers: [otlp], processors: [tail_sampling], exporters: [otlp] }
---
apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata: { name: front }
spec:
  mode: daemonset
  config:
    receivers: { otlp: { protocols: { grpc: {} } } }
    exporters:
      loadbalancing: { routing_key: traceID, protocol: { otlp: {} }, resolver: { k8s: { service: gateway-collector-headless } } }
    service:
      pipelines:
        traces: { receivers: [otlp], exporters: [loadbalancing] }
`,
    },
  ],
};

/** Spans wait inside tail_sampling: afterwards the connection they came from, by which the pod is told, is gone. */
function* enrichedLate(document: YamlDocument, { name, processors = [] }: Pipeline): Iterable<Finding> {
  const index = processors.findIndex((one) => one.type === "tail_sampling" || one.type === "groupbytrace");
  for (const late of index < 0 ? [] : processors.slice(index + 1))
    if (/^k8s_?attributes$/.test(late.type) && !lookup(document, document.root, "processors", late.id, "pod_association") && trusted(document, late.found.node.at))
      yield { at: late.found.node.at, message: say`${late.id} after ${processors[index]!.id} in pipeline ${name} cannot tell the pod by its connection`, variant: "context" };
}
