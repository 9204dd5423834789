// Replicas that register under one id overwrite each other: the registry lists one of them.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { deployed } from "../facts/deployed.ts";
import { replicas } from "../facts/replicas.ts";
import { replicaReads, runningReplicas } from "../facts/running-replicas.ts";
import { sharedId, type SharedId } from "../facts/shared-id.ts";
import type { Fact, FactKind, Facts, Finding, Known, Linked, Message, Rule } from "../../engine/types.ts";

export const instanceIdNotUnique: Rule = {
  id: "registry/instance-id-not-unique",
  title: "Replicas register under the same instance id",
  why: `A registry keeps one entry per id. Consul takes the name as the id when none is given
(https://developer.hashicorp.com/consul/api-docs/agent/service#register-service); Eureka takes the host name. Two replicas with one id overwrite each other:
one gets no traffic, and the first that shuts down removes the entry of all. Ports do not help in containers, where every replica has the same.
A loopback address is no better: who looks the service up calls itself.`,
  check: {
    ts: { reads: [sharedId, ...replicaReads], find: ({ path }, facts) => facts.in(path, sharedId).map((one) => judged(one, facts)) },
    yaml: {
      mentions: sharedId.yaml!.mentions,
      reads: [sharedId, replicas, deployed],
      *find(document, facts) {
        for (const one of facts.in(document.path, sharedId)) {
          if (one.at.start < document.at.start || one.at.end > document.at.end) continue;
          const found = judged(one, facts);
          // An agent of one machine runs the one instance that its file says, unless replicas are known.
          if (found.variant === "replicated" || !one.value.agent) yield found;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import Consul from "consul";
const consul = new Consul();
export const register = (port: number) =>
  consul.agent.service.register({ name: "orders", id: \`orders-\${port}\`, port });
                                                      ^^^^^^^^^^^^^^^^ warning: Every replica registers with this id: in Consul one overwrites the other
`,
      fixed: files`
import { hostname } from "node:os";
import Consul from "consul";
const consul = new Consul();
export const register = (port: number) =>
  consul.agent.service.register({ name: "orders", id: \`orders-\${port}-\${process.env.POD_NAME ?? hostname()}\`, port });
`,
    },
    {
      good: files`
import { hostname } from "node:os";
import Consul from "consul";
const consul = new Consul();
export const register = (port: number) =>
  consul.agent.service.register({ name: "orders", id: \`orders-\${hostname()}\`, port });
`,
    },
  ],
};

function judged(one: Linked<SharedId>, facts: Facts): Finding {
  const { name, same, edits } = one.value;
  const isCode = name === undefined && /\.[cm]?[jt]sx?$/.test(one.at.file);
  const most = same === "address" ? undefined : isCode ? runningReplicas(one, facts) : largest(named(one, facts, replicas).flatMap(({ value, ...rest }) => ("known" in value ? [{ ...rest, value }] : [])));
  const variant = same === "address" ? "address" : most ? "replicated" : isCode || named(one, facts, deployed).length > 0 ? undefined : "undeployed";
  return {
    at: one.at,
    message: message(one.value, most?.value.known),
    ...(variant ? { variant } : {}),
    ...(most ? { related: [{ at: most.at, message: say`${most.value.known} replicas are set here` }] } : {}),
    ...(edits ? { fixes: [{ title: "Add the pod's or host's name to the id", safe: false, edits }] } : {}),
  };
}

const largest = (counts: readonly Linked<Known<number>>[]) => counts.filter(({ value }) => value.known > 1).toSorted((a, b) => b.value.known - a.value.known)[0];

/** Facts of workloads that bear the name of the service: settings of Spring belong to no package. */
function named<T>(one: Linked<SharedId>, facts: Facts, kind: FactKind<T>): readonly Linked<T>[] {
  const { name } = one.value;
  if (name === undefined) return [];
  const all = [...facts.all(undefined, kind).facts, ...(one.service === undefined ? [] : facts.all(one.service, kind).facts)];
  return all.filter((other) => namesOf(other).some((each) => plain(each) === plain(name)));
}

const namesOf = ({ of }: Fact<unknown>) => [...(of?.names ?? []), ...(of?.workload === undefined ? [] : [of.workload.slice(of.workload.indexOf("/") + 1)])];
const plain = (name: string) => name.toLowerCase().replace(/-(service|svc)$/, "");

function message({ registry, same }: SharedId, count: number | undefined): Message {
  if (same === "address") return say`Every replica registers a loopback address in ${registry}: callers reach themselves`;
  if (same === "name") return say`No id: ${registry} takes the name, so one replica overwrites the other`;
  return count === undefined ? say`Every replica registers with this id: in ${registry} one overwrites the other` : say`${count} replicas register with this id: in ${registry} one overwrites the other`;
}
