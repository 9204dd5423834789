// Actuator endpoints that tell secrets or change the process answer everybody who reaches the port.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { actuator, type Actuator } from "../facts/actuator.ts";
import { publicRoute } from "../facts/public-route.ts";
import type { Facts, Finding, Linked, Rule } from "../../engine/types.ts";

export const actuatorExposed: Rule = {
  id: "http/actuator-exposed",
  title: "Actuator endpoints are open",
  why: `Spring Boot shows only health on the web by default. heapdump hands out the memory of the process with its passwords and tokens, env and configprops
the configuration, loggers changes what is logged, shutdown ends the process. Where an Ingress sends every path to the service they are open to the world.
https://docs.spring.io/spring-boot/reference/actuator/endpoints.html#actuator.endpoints.exposing.`,
  check: {
    yaml: {
      mentions: actuator.yaml!.mentions,
      reads: [actuator, publicRoute],
      *find(document, facts) {
        for (const one of facts.in(document.path, actuator)) if (one.at.start >= document.at.start && one.at.end <= document.at.end) yield judged(one, facts);
      },
    },
  },
  examples: [
    {
      bad: files`
//- billing/src/main/resources/application.yml
spring: { application: { name: billing } }
management:
  endpoints:
    web:
      exposure:
        include: "*"
                 ^^^ warning: Actuator shows env, heapdump, threaddump and more to whoever reaches the port
`,
      fixed: files`
//- billing/src/main/resources/application.yml
spring: { application: { name: billing } }
management:
  endpoints:
    web:
      exposure:
        include: "health,info,prometheus"
`,
    },
    {
      good: files`
//- billing/src/main/resources/application.yml
management:
  endpoints:
    web:
      exposure:
        include: health,info,prometheus
`,
    },
  ],
};

function judged(one: Linked<Actuator>, facts: Facts): Finding {
  const { open, details, behind, local, fix } = one.value;
  const fixes = fix ? { fixes: [{ title: details ? "Show details to authorized callers only" : "Show harmless endpoints only", safe: false, edits: [fix] }] } : {};
  const route = routeTo(one, facts);
  if (details) return { at: one.at, variant: "details", message: say`Health shows every detail of the service to whoever reaches the port`, ...fixes };
  const what = open.length > 3 ? `${open.slice(0, 3).join(", ")} and more` : open.join(" and ");
  if (route && !behind)
    return { at: one.at, variant: "public", message: say`Actuator shows ${what}, and ${route.value.by} lets the world in`, related: [{ at: route.at, message: say`${route.value.path} is routed to the service here` }], ...fixes };
  return {
    at: one.at, ...(behind ? { variant: "guarded" } : local ? { variant: "local" } : {}),
    message: behind === "port" ? say`Actuator shows ${what} on its own port` : say`Actuator shows ${what} to whoever reaches the port`,
    ...fixes,
  };
}

/** A route from outside to the service of this name whose paths include those of the actuator. */
function routeTo(one: Linked<Actuator>, facts: Facts) {
  const { name } = one.value;
  if (name === undefined) return undefined;
  const routes = [...facts.all(one.service, publicRoute).facts, ...(one.service === undefined ? [] : facts.all(undefined, publicRoute).facts)];
  return routes.find(({ value }) => same(value.backend, name) && /^\/(actuator)?\/?$/.test(value.path));
}

const same = (backend: string, name: string) => plain(backend) === plain(name);
const plain = (name: string) => name.toLowerCase().replace(/-(service|svc)$/, "");
