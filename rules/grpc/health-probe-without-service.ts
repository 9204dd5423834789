// The probe asks gRPC's health service, which the server does not have, or not for that name: the pod never becomes ready.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { containerStart } from "../facts/container-start.ts";
import { grpcHealth } from "../facts/grpc-health.ts";
import { grpcProbe, type GrpcProbe } from "../facts/grpc-probe.ts";
import { grpcServer } from "../facts/grpc-server.ts";
import { isOtherProcess } from "../facts/started-script.ts";
import type { Facts, Finding, Linked, Rule } from "../../engine/types.ts";

export const healthProbeWithoutService: Rule = {
  id: "grpc/health-probe-without-service",
  title: "gRPC probe without a health service",
  why: `A gRPC probe calls grpc.health.v1.Health/Check. A server that did not register that service answers UNIMPLEMENTED, and for a name whose status was
never set it answers NOT_FOUND: both count as failures, so the pod is never ready, or is restarted for ever. A probe without a service asks for "".
https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-a-grpc-liveness-probe,
https://github.com/grpc/grpc/blob/master/doc/health-checking.md.`,
  check: {
    yaml: {
      mentions: grpcProbe.yaml!.mentions,
      reads: [grpcProbe, grpcServer, grpcHealth, containerStart],
      *find(document, facts) {
        for (const one of facts.in(document.path, grpcProbe)) {
          if (one.service === undefined || one.at.start < document.at.start || one.at.end > document.at.end) continue;
          const found = judged(one, facts);
          if (found) yield found;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/main.ts
import { Server } from "@grpc/grpc-js";
import { orders, ordersService } from "./orders";
const server = new Server();
server.addService(ordersService, orders);
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
          readinessProbe: { grpc: { port: 50051 } }
                                          ^^^^^ error: The readiness probe asks the gRPC health service, which the server does not register
`,
    },
    {
      good: files`
//- src/main.ts
import { Server } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import { orders, ordersService } from "./orders";
const server = new Server();
server.addService(ordersService, orders);
new HealthImplementation({ "": "SERVING" }).addToServer(server);
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
          readinessProbe: { grpc: { port: 50051 } }
`,
    },
  ],
};

function judged(one: Linked<GrpcProbe>, facts: Facts): Finding | undefined {
  const servers = facts.all(one.service, grpcServer);
  const health = facts.all(one.service, grpcHealth);
  const [server] = servers.facts;
  if (!server || !servers.complete || !health.complete || isOtherProcess(one, servers.facts.map(({ at }) => at.file), facts)) return undefined;
  const { by, asks } = one.value;
  if (health.facts.length === 0) {
    if (servers.facts.some(({ value }) => value.open)) return undefined;
    return { at: one.at, message: say`${by} asks the gRPC health service, which the server does not register`, related: [{ at: server.at, message: say`The server is made here`, mirror: true }] };
  }
  const known = health.facts.flatMap(({ value }) => (value.names ? [value.names] : []));
  if (asks === undefined || known.length !== 1 || health.facts.length !== 1 || known[0]!.includes(asks)) return undefined;
  const at = health.facts[0]!.at;
  return {
    at: one.at, variant: "name",
    message: asks === "" ? say`${by} asks for the whole server (""), whose health is never set` : say`${by} asks for ${asks}, whose health is never set`,
    related: [{ at, message: known[0]!.length > 0 ? say`Health is set for ${known[0]!.map((name) => JSON.stringify(name)).join(", ")}` : say`Health is set for nothing here` }],
  };
}
