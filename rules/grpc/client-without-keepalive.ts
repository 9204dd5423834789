// A connection without pings: when a NAT or load balancer forgets it, the client learns so only from the kernel, minutes later.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { grpcChannel, type GrpcChannel } from "../facts/grpc-channel.ts";
import { mesh } from "../facts/mesh.ts";
import type { Finding, Known, Linked, Rule, Span, Value } from "../../engine/types.ts";

/** Servers close a connection that pings more often than they allow; shorter than this is refused by Go and C++ servers in any setting (ms): https://github.com/grpc/grpc/issues/9902 */
const shortest = 10_000;
/** Pings without a call that a Go or C++ server takes without an enforcement policy (ms): https://pkg.go.dev/google.golang.org/grpc/keepalive#EnforcementPolicy */
const shortestIdle = 300_000;

export const clientWithoutKeepalive: Rule = {
  id: "grpc/client-without-keepalive",
  title: "Client connection without keepalive",
  why: `A NAT gateway or load balancer drops an idle connection and tells nobody. A client that sends no pings writes into it until the kernel gives up, after
minutes: every call in between fails or hangs. grpc-js, nice-grpc, Nest and Connect send none by default (transport.ts: \`keepaliveTimeMs = -1\`).
Too many pings are no better: servers answer ENHANCE_YOUR_CALM and close the connection (https://github.com/grpc/grpc/blob/master/doc/keepalive.md).
A sidecar of a mesh keeps its own connections, so services with one are left alone.`,
  check: {
    ts: {
      reads: [grpcChannel, mesh],
      *find(file, facts) {
        for (const channel of facts.in(file.path, grpcChannel)) {
          if (isLocal(channel.value.target)) continue;
          const found = "absent" in channel.value.interval ? (channel.value.lasting && facts.beside(channel, mesh).length === 0 ? missing(channel) : undefined) : unfit(channel);
          if (found) yield found;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { credentials } from "@grpc/grpc-js";
import { InventoryClient } from "./gen/inventory";
export const inventory = new InventoryClient("inventory.example.com:443", credentials.createSsl());
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ No keepalive: grpc-js sends no pings, a dropped connection goes unnoticed
`,
      fixed: files`
import { credentials } from "@grpc/grpc-js";
import { InventoryClient } from "./gen/inventory";
export const inventory = new InventoryClient("inventory.example.com:443", credentials.createSsl(), { "grpc.keepalive_time_ms": 30_000, "grpc.keepalive_timeout_ms": 10_000 });
`,
    },
    {
      bad: files`
import { credentials } from "@grpc/grpc-js";
import { InventoryClient } from "./gen/inventory";
export const inventory = new InventoryClient("inventory.example.com:443", credentials.createSsl(), { "grpc.keepalive_time_ms": 5_000 });
                                                                                                                               ^^^^^ Pings every 5 s: servers that allow none below 10 s close the connection
`,
      fixed: files`
import { credentials } from "@grpc/grpc-js";
import { InventoryClient } from "./gen/inventory";
export const inventory = new InventoryClient("inventory.example.com:443", credentials.createSsl(), { "grpc.keepalive_time_ms": 30_000 });
`,
    },
    {
      good: files`
import { credentials } from "@grpc/grpc-js";
import { InventoryClient } from "./gen/inventory";
export const sidecar = new InventoryClient("localhost:50051", credentials.createInsecure());
`,
    },
  ],
};

/** A socket of this host has no NAT on its way. Only a written address says so: a default that the environment replaces does not. */
function isLocal(target: Value<unknown>): boolean {
  return "known" in target && target.by === "text" && /^(dns:\/{0,3}|https?:\/\/|ipv[46]:)?(localhost|127\.|0\.0\.0\.0|\[::1?\])|^unix(-abstract)?:/.test(String(target.known));
}

function missing({ at, value }: Linked<GrpcChannel>): Finding {
  const { library, slot, quote } = value;
  const gap = slot && /[\r\n]/.test(slot.before) ? slot.before.replace(/^,/, "") : " ";
  const written = {
    "grpc-js": `${quote}grpc.keepalive_time_ms${quote}: 30_000,${gap}${quote}grpc.keepalive_timeout_ms${quote}: 10_000`,
    "nice-grpc": `${quote}grpc.keepalive_time_ms${quote}: 30_000,${gap}${quote}grpc.keepalive_timeout_ms${quote}: 10_000`,
    Nest: "keepalive: { keepaliveTimeMs: 30_000, keepaliveTimeoutMs: 10_000 }",
    Connect: "pingIntervalMs: 30_000",
  }[library];
  const message = say`No keepalive: ${library} sends no pings, a dropped connection goes unnoticed`;
  return { at, message, ...(slot ? { fixes: [{ title: "Ping every 30 s", safe: false, edits: [{ at: slot.at, text: slot.before + written + slot.after }] }] } : {}) };
}

function unfit({ at, value: { interval, timeout, idle } }: Linked<GrpcChannel>): Finding | undefined {
  // Zero, a negative number and infinity switch pings off: somebody's decision.
  if (!("known" in interval) || !(interval.known > 0) || interval.known >= 2 ** 31) return undefined;
  const ms = interval.known;
  if (ms < shortest) return changed(at, interval, "too-small", say`Pings every ${duration(ms)}: servers that allow none below ${duration(shortest)} close the connection`, "Ping every", idle ? shortestIdle : 30_000);
  if (idle && ms < shortestIdle) return changed(at, interval, "idle-pings", say`Pings every ${duration(ms)} without a call: servers that allow ${duration(shortestIdle)} close the connection`, "Ping every", shortestIdle);
  if (!("known" in timeout) || timeout.known < ms) return undefined;
  return changed(at, timeout, "slow-timeout", say`A ping may stay unanswered for ${duration(timeout.known)}, longer than the interval of ${duration(ms)}`, "Give a ping", Math.min(10_000, Math.floor(ms / 3000) * 1000));
}

/** Reported where the value stands, or at the client when another file has it. */
function changed(client: Span, { from }: Known<number>, variant: string, message: Finding["message"], title: string, to: number): Finding {
  const place = from[0] ?? client;
  const here = place.file === client.file;
  return {
    at: here ? place : client, message, variant,
    ...(here ? {} : { related: [{ at: place, message: say`The value is set here` }] }),
    fixes: [{ title: `${title} ${duration(to)}`, safe: false, edits: [{ at: place, duration: to }] }],
  };
}
