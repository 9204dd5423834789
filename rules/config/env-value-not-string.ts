// A number or a boolean where Kubernetes takes text: the API server refuses the object.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { textOnly } from "../facts/text-only.ts";
import type { Edit, Fix, Rule, YamlScalar } from "../../engine/types.ts";

export const envValueNotString: Rule = {
  id: "config/env-value-not-string",
  title: "Number or boolean where Kubernetes takes text",
  why: `Values of environment variables, labels, annotations and ConfigMap data are text. Without quotes YAML reads 8080 as a number and yes as a boolean
(Kubernetes reads YAML 1.1), and the API server refuses the whole object: "cannot unmarshal number into Go struct field EnvVar.value of type string".
The rollout stops there, often only in the environment whose value happens to look like a number.
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables,
https://helm.sh/docs/chart_best_practices/templates/#quoting-strings.`,
  check: {
    yaml: {
      mentions: [["value:", "\"value\"", "labels", "annotations", "data", "stringData", "elector"]],
      reads: [],
      *find(document) {
        for (const { key, node } of textOnly(document)) {
          const type = typeOf(node);
          if (type === undefined) continue;
          yield { at: node.at, message: say`${short(key)} is a ${type} here: Kubernetes refuses what is not text`, fixes: [quoted(node)] };
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
            - { name: PORT, value: 8080 }
                                   ^^^^ error: PORT is a number here: Kubernetes refuses what is not text
            - name: TRACING
              value: yes
                     ^^^ error: TRACING is a boolean here: Kubernetes refuses what is not text
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
            - { name: PORT, value: "8080" }
            - name: TRACING
              value: "yes"
`,
    },
    {
      good: files`
//- k8s/orders.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: orders }
data:
  PORT: "8080"
  LIMIT: 1Mi
  STARTS: 12:30:45
`,
    },
  ],
};

/** What the reader of Kubernetes (YAML 1.1) makes of it; undefined for text, and for nothing at all, which it takes. */
function typeOf({ value, legacy }: YamlScalar): string | undefined {
  const read = legacy ?? value;
  return typeof read === "number" ? "number" : typeof read === "boolean" ? "boolean" : undefined;
}

/** Quotes around what is written, be it the action of a template: what it gives is no text with quotes of its own. */
function quoted({ at }: YamlScalar): Fix {
  return { title: "Put it in quotes", safe: true, edits: [insert(at.file, at.start), insert(at.file, at.end)] };
}

const insert = (file: string, offset: number): Edit => ({ at: { file, start: offset, end: offset }, text: '"' });

/** Keys of annotations can be long; their last part tells most. */
const short = (key: string) => (key.length > 50 ? `…${key.slice(-49)}` : key);
