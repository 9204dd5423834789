// The proxy closes a quiet WebSocket before the server pings: every client reconnects again and again.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { proxyTimeout, type ProxyTimeout } from "../facts/proxy-timeout.ts";
import { socketPing, type SocketPing } from "../facts/socket-ping.ts";
import type { Facts, Fix, Linked, Rule, Span } from "../../engine/types.ts";

export const pingExceedsProxyTimeout: Rule = {
  id: "ws/ping-exceeds-proxy-timeout",
  title: "Proxy closes quiet WebSockets before the next ping",
  why: `A proxy closes a connection on which nothing was sent for its timeout. When the server pings more rarely than that, every client that has nothing
to say is cut off and connects again, in step with the proxy: presence flickers, rooms are rejoined, and a deployment with many quiet clients
serves nothing but handshakes. Socket.IO asks for more than pingInterval + pingTimeout:
https://socket.io/docs/v4/using-multiple-nodes/#nginx-configuration. ingress-nginx waits 60 s, and advises more than 3600 s for WebSockets:
https://kubernetes.github.io/ingress-nginx/user-guide/miscellaneous/#websockets.`,
  check: {
    yaml: {
      mentions: proxyTimeout.yaml!.mentions,
      reads: [proxyTimeout, socketPing],
      *find(document, facts) {
        for (const proxy of facts.in(document.path, proxyTimeout)) {
          if (proxy.at.start < document.at.start || proxy.at.end > document.at.end) continue;
          const needed = neededBy(proxy, facts);
          const limit = proxy.value.limit.known;
          if (!needed || needed.ms < limit) continue;
          // Another way in waits long enough: sockets may take that one.
          if (facts.beside(proxy, proxyTimeout).some((other) => other.value.limit.known > needed.ms)) continue;
          yield {
            at: proxy.at,
            message: needed.sum ? say`The ${proxy.value.by} closes quiet connections after ${duration(limit)}, Socket.IO may need ${duration(needed.ms)}` : say`The ${proxy.value.by} closes quiet connections after ${duration(limit)}, the server pings every ${duration(needed.ms)}`,
            ...(needed.sum ? { variant: "sum" } : {}),
            related: [{ at: needed.at, message: say`The server pings here`, mirror: true }],
            fixes: fixesOf(proxy.value),
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/sockets.ts
import { createServer } from "node:http";
import { Server } from "socket.io";
export const io = new Server(createServer(), { pingInterval: 60_000, pingTimeout: 20_000 });
//- k8s/chat.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: chat
  annotations:
    nginx.ingress.kubernetes.io/proxy-read-timeout: "60"
                                                    ^^^^ warning: The Ingress closes quiet connections after 60 s, the server pings every 60 s
spec:
  ingressClassName: nginx
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: chat, port: { number: 80 } } } }] } }]
`,
      fixed: files`
//- src/sockets.ts
import { createServer } from "node:http";
import { Server } from "socket.io";
export const io = new Server(createServer(), { pingInterval: 60_000, pingTimeout: 20_000 });
//- k8s/chat.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: chat
  annotations:
    nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"
spec:
  ingressClassName: nginx
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: chat, port: { number: 80 } } } }] } }]
`,
    },
    {
      good: files`
//- src/sockets.ts
import { createServer } from "node:http";
import { Server } from "socket.io";
export const io = new Server(createServer());
//- k8s/chat.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: chat }
spec:
  ingressClassName: nginx
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: chat, port: { number: 80 } } } }] } }]
`,
    },
  ],
};

interface Needed {
  readonly ms: number;
  /** Ping and answer together, where the ping alone would come in time. */
  readonly sum: boolean;
  readonly at: Span;
}

/** The longest silence of the service's sockets. */
function neededBy(proxy: Linked<ProxyTimeout>, facts: Facts): Needed | undefined {
  const all = facts.beside(proxy, socketPing).flatMap((one) => neededOf(one, proxy.value.limit.known));
  return all.sort((a, b) => b.ms - a.ms)[0];
}

function neededOf({ at, value }: Linked<SocketPing>, limit: number): Needed[] {
  const { interval, sum } = value;
  if (!("known" in interval)) return [];
  if (interval.known >= limit || !sum || !("known" in sum)) return [{ ms: interval.known, sum: false, at: interval.from[0] ?? at }];
  return [{ ms: sum.known, sum: true, at: interval.from[0] ?? at }];
}

/** An hour, as ingress-nginx advises for WebSockets. */
function fixesOf({ by, node, annotations }: ProxyTimeout): Fix[] {
  const title = "Let the proxy wait an hour";
  if (by !== "Ingress") return [];
  if (node) return [{ title, safe: false, edits: [{ yaml: node, set: "3600" }] }];
  return annotations ? [{ title, safe: false, edits: [{ yaml: annotations, insert: { key: "nginx.ingress.kubernetes.io/proxy-read-timeout", value: "3600" } }] }] : [];
}
