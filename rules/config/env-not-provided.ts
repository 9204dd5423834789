// The code cannot do without an environment variable, and no manifest of the service sets it.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { configKeys } from "../facts/config-keys.ts";
import { envProvision } from "../facts/env-provision.ts";
import { envRead, type EnvRead } from "../facts/env-read.ts";
import { environments, slipOf } from "../facts/environment.ts";
import type { Linked, Rule } from "../../engine/types.ts";

export const envNotProvided: Rule = {
  id: "config/env-not-provided",
  title: "Required environment variable is set by no manifest",
  why: `The process starts where the variable is exported in a shell or in .env, and fails in the cluster: at once where a schema or a check throws, on the
first request where the value is only asserted to be there. A rollout that replaces pods with such ones stops at the first, or takes the service down.
A container has the variables that its own manifest, its image and Kubernetes give it, and no others:
https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/.`,
  check: {
    ts: {
      reads: [envRead, envProvision, configKeys],
      *find(file, facts) {
        // Build tools read their settings where nobody deploys.
        if (/\.config\.[cm]?[jt]s$/.test(file.path)) return;
        for (const one of facts.in(file.path, envRead)) {
          const { name, need, set } = one.value;
          if (need === "plain" || need === "optional" || need === "given" || isRuntime(name) || (need === "empty" && !isAddress(name)) || ("unknown" in set && /Dockerfile/.test(set.unknown))) continue;
          const others = facts.all(one.service, envRead).facts.filter((other) => other.value.name === name);
          // Elsewhere the service can do without, or insists more; once is enough.
          if ((others.some((other) => other.value.need === "optional") && need !== "schema" && need !== "throws") || first(others) !== one) continue;
          if (others.some((other) => other.value.need === "given")) continue;
          const missing = environments(one, facts).find((each) => each.complete && !each.names.has(name));
          if (!missing) continue;
          const slip = need === "empty" ? undefined : slipOf(name, missing, facts.all(one.service, envRead).facts);
          const variant = slip ? "slip" : need;
          yield {
            at: one.at,
            message: slip ? say`${name} is required, but ${missing.workload} sets ${slip.name}` : need === "empty" ? say`${name} is the empty text, because ${missing.workload} does not set it` : say`${name} is required, but ${missing.workload} does not set it`,
            ...(variant === "throws" || variant === "asserted" ? {} : { variant }),
            related: [{ at: slip?.at ?? missing.at, message: slip ? say`Set here under another name` : say`The environment of ${missing.workload}` }],
            ...(slip?.edit ? { fixes: [{ title: `Rename ${slip.name} to ${name}`, safe: false, edits: [{ yaml: slip.at, set: name }] }] } : {}),
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/config.ts
import { z } from "zod";
export const env = z.object({
  PORT: z.coerce.number().default(3000),
  PAYMENT_URL: z.string().url(),
  ^^^^^^^^^^^ error: PAYMENT_URL is required, but Deployment/orders does not set it
}).parse(process.env);
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
            - { name: DATABASE_URL, value: "postgres://db/orders" }
`,
    },
    {
      good: files`
//- src/config.ts
export const paymentUrl = process.env.PAYMENT_URL ?? "http://payment:8080";
export const databaseUrl = process.env.DATABASE_URL!;
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
            - name: DATABASE_URL
              valueFrom: { secretKeyRef: { name: orders, key: url } }
`,
    },
  ],
};

const order: readonly EnvRead["need"][] = ["schema", "throws", "asserted", "cast", "empty"];

/** The place that insists most, first in the order of files. */
function first(reads: readonly Linked<EnvRead>[]): Linked<EnvRead> | undefined {
  return order.flatMap((need) => reads.filter((one) => one.value.need === need && !/\.config\.[cm]?[jt]s$/.test(one.at.file)))[0];
}

const isAddress = (name: string) => /(ADDR|ADDRESS|URL|URI|HOST|ENDPOINT|BROKERS?|DSN)$/.test(name);

/** Set by the runtime, the platform, the build or an agent, never in the manifest of a workload. */
function isRuntime(name: string): boolean {
  return /^(NODE_\w+|HOSTNAME|PATH|HOME|PWD|USER|SHELL|TZ|LANG|LC_\w+|CI|PORT|YARN_\w+|npm_\w+|KUBERNETES_\w+|\w+_SERVICE_(HOST|PORT\w*)|AWS_\w+|AZURE_\w+|GOOGLE_\w+|GCP_\w+|ECS_\w+|K_\w+|VERCEL\w*|OTEL_\w+|DD_\w+|GIT_\w+|GITHUB_\w+|COMMIT\w*|BUILD\w*|VERSION|APP_VERSION|RELEASE\w*|NEXT_\w+|VITE_\w+|REACT_APP_\w+|JEST_\w+|VITEST\w*)$/.test(name);
}
