// The sampler from the environment is not the one that was meant: a name or ratio that the SDK does not know means every trace, or pieces of traces.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { collectorSampling } from "../facts/collector-sampling.ts";
import { samplerSetting, type SamplerSetting } from "../facts/sampler-setting.ts";
import { nearest } from "../../engine/nearest.ts";
import type { Edit, Facts, Finding, Linked, Rule } from "../../engine/types.ts";

/** https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration */
const known = ["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];
/** Of vendors and of single languages. */
const special = /jaeger|xray|consistent|composite|probability|rules|remote/i;

export const brokenSamplerEnv: Rule = {
  id: "trace/broken-sampler-env",
  title: "Sampler from the environment does not work as written",
  why: `The Node.js SDK answers an unknown OTEL_TRACES_SAMPLER with parentbased_always_on, and a missing or impossible OTEL_TRACES_SAMPLER_ARG with the ratio 1:
it logs one line and records every trace (buildSamplerFromEnv of @opentelemetry/sdk-trace-base 2.12.1). traceidratio without parentbased_ decides anew
in each service: where two of them keep different shares, most traces lose a part.
https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration`,
  check: {
    yaml: {
      mentions: samplerSetting.yaml!.mentions,
      reads: [samplerSetting, collectorSampling],
      *find(document, facts) {
        for (const one of facts.in(document.path, samplerSetting)) {
          if (one.at.start < document.at.start || one.at.start > document.at.end) continue;
          const found = judged(one, facts);
          if (found) yield found;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      containers:
        - name: orders
          image: acme/orders
          env:
            - { name: OTEL_TRACES_SAMPLER, value: parentbased_traceidratio }
            - { name: OTEL_TRACES_SAMPLER_ARG, value: "10" }
                                                      ^^^^ warning: 10 is no ratio between 0 and 1: the Node.js SDK records every trace
`,
      fixed: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      containers:
        - name: orders
          image: acme/orders
          env:
            - { name: OTEL_TRACES_SAMPLER, value: parentbased_traceidratio }
            - { name: OTEL_TRACES_SAMPLER_ARG, value: "0.1" }
`,
    },
    {
      good: files`
//- docker-compose.yml
services:
  orders:
    image: acme/orders
    environment:
      OTEL_TRACES_SAMPLER: parentbased_traceidratio
      OTEL_TRACES_SAMPLER_ARG: "0.1"
`,
    },
  ],
};

function judged(one: Linked<SamplerSetting>, facts: Facts): Finding | undefined {
  const { sampler, at, argument, argumentAt } = one.value;
  // Some SDKs read names in any case.
  const name = sampler.toLowerCase();
  if (special.test(sampler)) return undefined;
  if (!known.includes(name)) {
    const near = nearest(name, known);
    // By itself it is the next finding.
    const meant = near === "traceidratio" ? "parentbased_traceidratio" : near;
    return { at: one.at, message: say`${sampler.length > 30 ? `${sampler.slice(0, 30)}...` : sampler} is no sampler: the Node.js SDK records every trace`, ...(meant && at && argumentless(one) ? fixed(`Use ${meant}`, [{ yaml: at, set: meant }]) : {}) };
  }
  if (name.endsWith("traceidratio")) {
    const ratio = "known" in argument ? Number(argument.known === null || argument.known === "" ? Number.NaN : argument.known) : undefined;
    if ("absent" in argument) return { at: one.at, message: say`${name} without OTEL_TRACES_SAMPLER_ARG records every trace` };
    if (ratio !== undefined && !(ratio >= 0 && ratio <= 1)) {
      const percent = ratio > 1 && ratio <= 100 && argumentAt ? String(ratio / 100) : undefined;
      return { at: "known" in argument ? argument.from[0]! : one.at, message: say`${String("known" in argument ? argument.known : "") || "Nothing"} is no ratio between 0 and 1: the Node.js SDK records every trace`, ...(percent !== undefined ? fixed(`Record ${ratio} %: ${percent}`, [{ yaml: argumentAt!, set: percent }]) : {}) };
    }
    if (name === "traceidratio") return unparented(one, facts);
    return undefined;
  }
  const everything = name === "always_on" || name === "parentbased_always_on";
  return everything && facts.everywhere(collectorSampling).length === 0 ? { at: one.at, message: say`${name} records every trace, and no collector samples them`, variant: "everything" } : undefined;
}

/** Equal shares of the same traces are whole; different ones are not. */
function unparented(one: Linked<SamplerSetting>, facts: Facts): Finding {
  const { at, argument } = one.value;
  const share = (other: Linked<SamplerSetting>) => ("known" in other.value.argument ? Number(other.value.argument.known) : undefined);
  const other = facts.everywhere(samplerSetting).find((each) => each.value.sampler.toLowerCase().endsWith("traceidratio") && share(each) !== undefined && "known" in argument && share(each) !== Number(argument.known));
  return {
    at: one.at,
    message: other ? say`traceidratio decides anew in each service, and shares differ: traces lose parts` : say`traceidratio decides anew in each service, whatever its caller decided`,
    ...(other ? { related: [{ at: other.at, message: say`Another share is kept here` }] } : { variant: "unparented" }),
    ...(at ? fixed("Use parentbased_traceidratio", [{ yaml: at, set: "parentbased_traceidratio" }]) : {}),
  };
}

const argumentless = (one: Linked<SamplerSetting>) => "known" in one.value.argument || one.value.sampler.toLowerCase().includes("always");
const fixed = (title: string, edits: readonly Edit[]) => ({ fixes: [{ title, safe: false, edits }] });
