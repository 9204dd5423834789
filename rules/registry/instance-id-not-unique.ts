// Replicas that register under one id overwrite each other: the registry lists one of them.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { span } from "../../engine/typescript/parse.ts";
import { distinct } from "../facts/instance-id-fix.ts";
import { registrations, type Registration } from "../facts/instance-id.ts";
import type { Message, Rule } from "../../engine/types.ts";

export const instanceIdNotUnique: Rule = {
  id: "registry/instance-id-not-unique",
  title: "Replicas register under the same instance id",
  why: `A registry keeps one entry per id. Consul takes the name as the id when none is given
(https://developer.hashicorp.com/consul/api-docs/agent/service#register-service); Eureka takes the host name. Two replicas with one id overwrite each other:
one gets no traffic, and the first that shuts down removes the entry of all. Ports do not help in containers, where every replica has the same.
A loopback address is no better: who looks the service up calls itself.`,
  check: {
    ts: {
      mentions: [["consul", "Consul", "eureka-js-client", "nacos"]],
      *find(file) {
        for (const one of registrations(file)) {
          const edits = distinct(file, one);
          yield {
            at: span(one.same === "name" && one.into ? one.site.expression : one.node),
            message: message(one),
            ...(one.same === "address" ? { variant: "address" } : {}),
            ...(edits ? { fixes: [{ title: "Add the pod's or host's name to the id", safe: false, edits }] } : {}),
          };
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

function message({ registry, same }: Registration): Message {
  if (same === "address") return say`Every replica registers a loopback address in ${registry}: callers reach themselves`;
  return same === "name" ? say`No id: ${registry} takes the name, so one replica overwrites the other` : say`Every replica registers with this id: in ${registry} one overwrites the other`;
}
