// A key for Istio's injector stands on the workload, or where newer versions do not look: it decides nothing.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { lookup, scalar, text, trusted, type Entry, type Found } from "../../engine/yaml/read.ts";
import { injectorKeys, intoPod, lacks, templateOf, type Place } from "../facts/inject-key.ts";
import { istioBelow, istioVersion } from "../facts/istio-version.ts";
import { podOf } from "../../engine/workload.ts";
import type { Finding, Fix, Rule, YamlDocument } from "../../engine/types.ts";

const inject = "sidecar.istio.io/inject";

export const injectAnnotationMisplaced: Rule = {
  id: "istio/inject-annotation-misplaced",
  title: "Key for Istio's injector stands where nothing reads it",
  why: `The injector looks at pods when they are made, and so at the template's metadata. A key on the Deployment itself is ignored without a word: the pods run
without the sidecar, or with its defaults, while the manifest says otherwise; mutual TLS, retries and policies are missing. As an annotation of
the pod ${inject} is deprecated in favour of the label, which wins where both are set.
https://istio.io/latest/docs/ops/common-problems/injection/`,
  check: {
    yaml: {
      mentions: [["istio.io/"], ["kind"]],
      reads: [istioVersion],
      *find(document, facts) {
        if (document.class !== "k8s") return;
        const template = templateOf(document);
        const pod = podOf(document);
        if (template && document.root) yield* onWorkload(document, template);
        if (pod) for (const one of onPod(document, pod)) if (one.variant !== "deprecated" || !istioBelow(facts, labelSince)) yield one;
      },
    },
  },
  examples: [
    {
      bad: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  annotations:
    sidecar.istio.io/inject: "true"
    ^^^^^^^^^^^^^^^^^^^^^^^ warning: sidecar.istio.io/inject stands on the Deployment, but Istio reads it from the pod template
spec:
  template:
    metadata:
      labels: { app: orders }
    spec:
      containers: [{ name: orders, image: acme/orders }]
`,
      fixed: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  template:
    metadata:
      labels: { app: orders, sidecar.istio.io/inject: "true" }
    spec:
      containers: [{ name: orders, image: acme/orders }]
`,
    },
    {
      good: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  annotations:
    sidecar.istio.io/inject: "true"
spec:
  template:
    metadata:
      labels: { app: orders, sidecar.istio.io/inject: "true" }
    spec:
      containers: [{ name: orders, image: acme/orders }]
`,
    },
  ],
};

/** The label is read since Istio 1.10 (2021): https://istio.io/latest/docs/reference/config/labels/#SidecarInject */
const labelSince = [1, 10] as const;

/** Keys of the workload itself that its pods do not carry. */
function* onWorkload(document: YamlDocument, template: Found): Iterable<Finding> {
  const kind = text(scalar(document, document.root, "kind"))!;
  for (const place of ["annotations", "labels"] as const)
    for (const entry of injectorKeys(document, { node: document.root!, origin: "own" }, place)) {
      const at = entry.pair.key.at;
      if (!trusted(document, at) || !lacks(document, template, entry.key)) continue;
      const fix = moved(document, template, entry, entry.key === inject ? "labels" : place, true);
      yield { at, message: say`${entry.key} stands on the ${kind}, but Istio reads it from the pod template`, ...(fix ? { fixes: [fix] } : {}) };
    }
}

/** The annotation of the pod that the label replaced. */
function* onPod(document: YamlDocument, pod: Found): Iterable<Finding> {
  const annotation = injectorKeys(document, pod, "annotations").find(({ key }) => key === inject);
  if (!annotation || !trusted(document, annotation.node.at)) return;
  const at = annotation.pair.key.at;
  const label = lookup(document, pod, "metadata", "labels", inject);
  const [said, wins] = [text(scalar(document, annotation)), text(scalar(document, pod, "metadata", "labels", inject))];
  if (label && said !== undefined && wins !== undefined && said !== wins) {
    const fix: Fix[] = annotation.origin === "own" ? [{ title: "Remove the annotation, which the label overrules", safe: false, edits: [{ yaml: annotation.node.at, remove: true }] }] : [];
    yield { at, variant: "conflict", message: say`The annotation says ${said} and the label ${wins}: the label wins`, related: [{ at: label.node.at, message: say`The label is set here` }], fixes: fix };
  } else if (!label) {
    const fix = moved(document, pod, annotation, "labels", false);
    yield { at, variant: "deprecated", message: say`The annotation ${inject} is deprecated: Istio reads the label`, ...(fix ? { fixes: [fix] } : {}) };
  }
}

function moved(document: YamlDocument, pod: Found, entry: Entry, place: Place, safe: boolean): Fix | undefined {
  const value = text(scalar(document, entry));
  const insert = value === undefined || value.includes("\n") ? undefined : intoPod(document, pod, place, entry.key, value);
  if (!insert || entry.origin !== "own") return undefined;
  return { title: `Move it to the pod's ${place}`, safe, edits: [{ yaml: entry.node.at, remove: true }, insert] };
}
