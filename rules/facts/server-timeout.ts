// Fact: how long a server lets one request take, in ms. What the text sets, or Node's default of 300 s.

import { servers, serverMentions } from "./http-server-site.ts";
import { span } from "../../engine/typescript/parse.ts";
import type { FactKind, Value } from "../../engine/types.ts";

/** Node's `requestTimeout`, measured on 18.20 to 26.10: https://nodejs.org/api/http.html#serverrequesttimeout */
const nodeRequestTimeout = 300_000;

export const serverTimeout: FactKind<Value<number>> = {
  id: "server-timeout",
  title: "Server timeout",
  ts: {
    mentions: serverMentions,
    *find(file) {
      for (const { creation, framework, settings } of servers(file)) {
        let bounded = false;
        for (const name of ["requestTimeout", "handlerTimeout", "timeout", "connectionTimeout"] as const) {
          const found = settings.get(name);
          if (!found) continue;
          bounded = true;
          // 0 switches the limit off: a different fault, with no duration to compare.
          if ("known" in found.value && found.value.known <= 0) continue;
          yield { at: span(found.node), value: found.value };
        }
        if (!bounded && framework !== "fastify" && framework !== "http2" && framework !== "imported") yield { at: span(creation), value: { known: nodeRequestTimeout, by: "default", from: [span(creation)] } };
      }
    },
  },
};
