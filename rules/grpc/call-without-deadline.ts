// An RPC call that says nothing about time waits as long as the peer likes.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { clientOf, worksForHandler, type CalledClient } from "../facts/grpc-call-client.ts";
import { grpcCall, typedMentions, type GrpcCall } from "../facts/grpc-call.ts";
import { grpcClient, type GrpcClient } from "../facts/grpc-client.ts";
import { nestTimeoutInterceptor } from "../facts/nest-timeout-interceptor.ts";
import type { Edit, Facts, Finding, Fix, Linked, Rule } from "../../engine/types.ts";

export const callWithoutDeadline: Rule = {
  id: "grpc/call-without-deadline",
  title: "RPC call without a deadline",
  why: `grpc-js takes \`options.deadline ?? Infinity\`: a peer that accepts the connection and stays silent holds the call, its memory and the
caller's request for ever (https://github.com/grpc/grpc-node/issues/2785). nice-grpc, Connect and Nest clients have no limit either.
Every gRPC guide asks for a deadline on every call: https://grpc.io/docs/guides/deadlines/.
A call in a handler that could take over the caller's deadline is the business of grpc/deadline-not-propagated: one defect, one finding.`,
  check: {
    ts: {
      mentions: typedMentions,
      reads: [grpcCall, grpcClient, nestTimeoutInterceptor],
      *find(file, facts) {
        for (const call of facts.in(file.path, grpcCall)) {
          const client = clientOf(call, facts);
          if (!client || client.limits !== "unbounded" || call.value.guarded || call.value.cancelled || worksForHandler(call, client.library)) continue;
          const found = byLibrary[client.library](call, client, facts);
          if (found) yield found;
        }
        for (const client of facts.in(file.path, grpcClient)) {
          const { library, bounds, inert, factory } = client.value;
          if (inert && !factory) yield { at: inert, message: say`A default deadline has no effect: this client has no deadlineMiddleware`, variant: "no-effect" };
          if (library === "connect-transport" && !bounds && !factory) yield* ofTransport(client, facts);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { credentials, Metadata } from "@grpc/grpc-js";
import { InventoryClient } from "./gen/inventory";
const inventory = new InventoryClient("inventory:50051", credentials.createInsecure());
export function reserve(sku: string, done: (error: Error | null) => void) {
  inventory.reserve({ sku }, new Metadata(), (error) => done(error));
  ^^^^^^^^^^^^^^^^^ reserve() has no deadline: grpc-js waits without limit
}
`,
      fixed: files`
import { credentials, Metadata } from "@grpc/grpc-js";
import { InventoryClient } from "./gen/inventory";
const inventory = new InventoryClient("inventory:50051", credentials.createInsecure());
export function reserve(sku: string, done: (error: Error | null) => void) {
  inventory.reserve({ sku }, new Metadata(), { deadline: Date.now() + 2_000 }, (error) => done(error));
}
`,
    },
    {
      bad: files`
import { createChannel, createClient } from "nice-grpc";
import { InventoryDefinition } from "./gen/inventory";
const inventory = createClient(InventoryDefinition, createChannel("inventory:50051"));
export const reserve = (sku: string) => inventory.reserve({ sku });
                                        ^^^^^^^^^^^^^^^^^ reserve() has no signal: nice-grpc waits without limit
`,
      fixed: files`
import { createChannel, createClient } from "nice-grpc";
import { InventoryDefinition } from "./gen/inventory";
const inventory = createClient(InventoryDefinition, createChannel("inventory:50051"));
export const reserve = (sku: string) => inventory.reserve({ sku }, { signal: AbortSignal.timeout(2_000) });
`,
    },
    {
      good: files`
import { credentials } from "@grpc/grpc-js";
import { InventoryClient } from "./gen/inventory";
import { deadlines } from "./interceptors";
const inventory = new InventoryClient("inventory:50051", credentials.createInsecure(), { interceptors: [deadlines] });
inventory.reserve({ sku: "a" }, (error) => console.log(error));
`,
    },
  ],
};

type Check = (call: Linked<GrpcCall>, client: CalledClient, facts: Facts) => Finding | undefined;

const byLibrary: Readonly<Record<CalledClient["library"], Check>> = {
  "grpc-js": ({ at, value }) => {
    const { deadline, parent, slot, edit } = value.grpcJs;
    if (deadline !== "absent" || parent !== "absent") return undefined;
    if (isWatch(value)) return watched(value, at);
    return { at, message: say`${value.method}() has no deadline: grpc-js waits without limit`, ...fixed("Give the call a deadline of 2 s", slot && [{ at: slot.at, text: `${slot.before}deadline: Date.now() + 2_000${slot.after}` }], edit) };
  },
  "nice-grpc": ({ at, value }, { fact }) => {
    const { signal, deadline, slot, ms, inScope } = value.options;
    if (signal !== "absent" || (deadline !== "absent" && (deadline === "open" || fact?.value.deadlines !== false))) return undefined;
    const limit = (after: string, title: string) => {
      const timer = `AbortSignal.timeout(${after})`;
      return fixed(title, slot && [{ at: slot.at, text: `${slot.before}signal: ${inScope ? `AbortSignal.any([${inScope}, ${timer}])` : timer}${slot.after}` }]);
    };
    if (deadline !== "absent") return { at, message: say`The deadline of ${value.method}() has no effect: its client has no deadlineMiddleware`, variant: "no-effect", ...(ms === undefined ? {} : limit(String(ms), `End the call after ${duration(ms)}`)) };
    if (isWatch(value)) return watched(value, at);
    return { at, message: say`${value.method}() has no signal: nice-grpc waits without limit`, ...limit("2_000", "End the call after 2 s") };
  },
  nest: ({ at, value, service }, _client, facts) => {
    if (!value.rx || value.rx.end === "other") return undefined;
    if (value.rx.end === "returned" && facts.all(service, nestTimeoutInterceptor).facts.length > 0) return undefined;
    if (isWatch(value)) return watched(value, at);
    const { slot, edit } = value.rx;
    return { at, message: say`${value.method}() has no timeout: Nest waits without limit for the answer`, ...fixed("Time out after 2 s", slot && [{ at: slot.at, text: `${slot.before}${slot.operator}(2_000)${slot.after}` }], edit) };
  },
  // Reported once, at the transport.
  connect: () => undefined,
};

/** A Connect transport has one default for all its calls: it is reported when one of them has no limit of its own. */
function* ofTransport(transport: Linked<GrpcClient>, facts: Facts): Iterable<Finding> {
  for (const call of facts.all(transport.service, grpcCall).facts) {
    const { signal, timeoutMs } = call.value.options;
    if (signal !== "absent" || timeoutMs !== "absent" || call.value.guarded || isWatch(call.value)) continue;
    const client = clientOf(call, facts);
    if (client?.library !== "connect" || client.limits !== "unbounded" || !client.fact?.value.transport || worksForHandler(call, "connect")) continue;
    const used = facts.named(client.fact.at.file, client.fact.value.transport, grpcClient);
    if (!used || used.at.file !== transport.at.file || (used.at.start !== transport.at.start && !used.value.factory)) continue;
    const { slot } = transport.value;
    yield {
      at: transport.at,
      message: say`Transport has no defaultTimeoutMs: ${call.value.method}() waits without limit`,
      related: [{ at: call.at, message: say`This call has no limit of its own` }],
      ...fixed("Set defaultTimeoutMs to 2 s", slot && [{ at: slot.at, text: `${slot.before}defaultTimeoutMs: 2_000${slot.after}` }]),
    };
    return;
  }
}

/** Streams that are meant to stay open. A method name is all that tells them: reported lower, and without a fix that would cut them. */
function isWatch({ method, form }: GrpcCall): boolean {
  return form !== "callback" && form !== "promise" && /watch|subscribe|stream|listen|tail/i.test(method);
}

const watched = ({ method }: GrpcCall, at: Finding["at"]): Finding => ({ at, message: say`${method}() has no deadline: a silent peer keeps the stream open without limit`, variant: "watch" });

function fixed(title: string, edits: readonly Edit[] | undefined, more?: Edit): { fixes?: readonly Fix[] } {
  return edits ? { fixes: [{ title, safe: false, edits: more ? [...edits, more] : edits }] } : {};
}
