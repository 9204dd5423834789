// Every trace recorded and exported: cost grows with traffic, and in a burst the export queue drops spans at random.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { collectorSampling } from "../facts/collector-sampling.ts";
import { deployed } from "../facts/deployed.ts";
import { sampler } from "../facts/sampler.ts";
import { traceProvider, type TraceProvider } from "../facts/trace-provider.ts";
import type { Facts, Finding, Linked, Rule } from "../../engine/types.ts";

export const alwaysOnSampling: Rule = {
  id: "trace/always-on-sampling",
  title: "Every trace is recorded and exported",
  why: `Without a sampler the SDK keeps every trace (https://opentelemetry.io/docs/languages/js/sampling/#default-behavior). The batch processor queues 2048
spans and drops what comes on top without a word, so that a burst loses the very traces it should explain, while exporters and storage are paid for
requests that all look the same. A ratio sampler that is not wrapped in ParentBasedSampler decides anew in every service:
of ten services each keeps its own tenth, and hardly any trace is whole (https://opentelemetry.io/docs/specs/otel/trace/sdk/#parentbased).`,
  check: {
    ts: {
      reads: [traceProvider, sampler, collectorSampling, deployed],
      *find(file, facts) {
        for (const provider of facts.in(file.path, traceProvider)) {
          const finding = judged(provider, facts, file.path);
          if (finding) yield finding;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { NodeSDK } from "@opentelemetry/sdk-node";
import { AlwaysOnSampler } from "@opentelemetry/sdk-trace-base";
import { exporter } from "./exporter";
export const sdk = new NodeSDK({
  sampler: new AlwaysOnSampler(),
           ^^^^^^^^^^^^^^^^^^^^^ warning: AlwaysOnSampler records and exports every trace
  traceExporter: exporter,
});
`,
      fixed: files`
import { NodeSDK } from "@opentelemetry/sdk-node";
import { ParentBasedSampler, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace-base";
import { exporter } from "./exporter";
export const sdk = new NodeSDK({
  sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) }),
  traceExporter: exporter,
});
`,
    },
    {
      bad: files`
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
export const sdk = new NodeSDK({
  sampler: new tracing.TraceIdRatioBasedSampler(0.1),
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TraceIdRatioBasedSampler(0.1) without ParentBasedSampler cuts traces between services
});
`,
      fixed: files`
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
export const sdk = new NodeSDK({
  sampler: new tracing.ParentBasedSampler({ root: new tracing.TraceIdRatioBasedSampler(0.1) }),
});
`,
    },
    {
      good: files`
import { NodeSDK } from "@opentelemetry/sdk-node";
import { AlwaysOnSampler, ParentBasedSampler, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace-base";
import { exporter } from "./exporter";
export const sdk = new NodeSDK({
  sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1), remoteParentSampled: new AlwaysOnSampler() }),
  traceExporter: exporter,
});
`,
    },
  ],
};

function judged(provider: Linked<TraceProvider>, facts: Facts, path: string): Finding | undefined {
  const { place, named, environment, ref, edits } = provider.value;
  const elsewhere = ref && facts.named(path, ref, sampler);
  const found = elsewhere?.value ?? provider.value.sampler;
  const related = elsewhere ? [{ at: elsewhere.at, message: say`Made here` }] : [];
  if (found !== "absent" && found.keeps === "unparented") {
    const message = say`${found.named} without ParentBasedSampler cuts traces between services`;
    return { at: place, message, variant: "unparented", related, fixes: edits ? [{ title: "Wrap it in ParentBasedSampler", safe: false, edits }] : [] };
  }
  if ((found !== "absent" && found.keeps === "fine") || isSampledLater(provider, facts)) return undefined;
  const fixes = edits ? [{ title: "Sample one trace in ten, as the caller decided", safe: false, edits }] : [];
  if (found !== "absent") return { at: place, message: say`${found.named} records and exports every trace`, related, fixes };
  // Set by a manifest, the variable is the sampler.
  if (!("known" in environment) || environment.known !== "") return undefined;
  const variant = facts.beside(provider, deployed).length > 0 ? "implicit" : "undeployed";
  return { at: place, message: say`${named} without a sampler records and exports every trace`, variant, fixes };
}

/** A collector samples: its own service is not this one, so any that is not linked elsewhere counts. */
function isSampledLater(provider: Linked<TraceProvider>, facts: Facts): boolean {
  return facts.beside(provider, collectorSampling).length > 0 || facts.all(undefined, collectorSampling).facts.length > 0;
}
