// A handler that calls on without its caller's deadline: the budget starts anew at each hop, and cancelled work goes on.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { clientOf, worksForHandler, type CalledClient } from "../facts/grpc-call-client.ts";
import { grpcCall, typedMentions, type GrpcCall } from "../facts/grpc-call.ts";
import { grpcClient } from "../facts/grpc-client.ts";
import type { Edit, Fix, Rule } from "../../engine/types.ts";

export const deadlineNotPropagated: Rule = {
  id: "grpc/deadline-not-propagated",
  title: "Handler drops the caller's deadline",
  why: `The caller gave up or has 200 ms left, and the handler still starts downstream calls with a fresh budget, or none: work for nobody piles up just
when the system is slow. In grpc-js \`parent: call\` takes the lesser of both deadlines and passes cancellation on
(resolving-call.ts; https://grpc.io/docs/guides/deadlines/#deadline-propagation). In nice-grpc and Connect the handler's context has a signal that does the same.
A call in a handler without any limit is reported here and not by grpc/call-without-deadline: passing the caller's deadline on mends both.`,
  check: {
    ts: {
      mentions: typedMentions,
      reads: [grpcCall, grpcClient],
      *find(file, facts) {
        for (const call of facts.in(file.path, grpcCall)) {
          const client = clientOf(call, facts);
          if (!client || client.limits === "bounded" || call.value.cancelled || !worksForHandler(call, client.library)) continue;
          const { method, grpcJs, options } = call.value;
          if (!drops(call.value, client.library)) continue;
          const ms = client.library === "grpc-js" ? grpcJs.ms : options.ms;
          const own = ms !== undefined || (client.library === "grpc-js" ? grpcJs.deadline : options.timeoutMs) === "own";
          const message = ms !== undefined
            ? say`${method}() starts ${duration(ms)} anew and drops its caller's deadline and cancellation`
            : own ? say`${method}() sets a deadline of its own and drops its caller's deadline and cancellation` : say`${method}() drops its caller's deadline and cancellation, and has no limit itself`;
          const edits = handedOn(call.value, client.library);
          yield { at: call.at, message, ...(edits ? { fixes: [fix(client.library, edits)] } : {}) };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { credentials, Server, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { PricingClient } from "./gen/pricing";
const pricing = new PricingClient("pricing:50051", credentials.createInsecure());
export function getQuote(call: ServerUnaryCall<Item, Quote>, callback: sendUnaryData<Quote>) {
  pricing.price(call.request, { deadline: Date.now() + 5_000 }, callback);
  ^^^^^^^^^^^^^ price() starts 5 s anew and drops its caller's deadline and cancellation
}
`,
      fixed: files`
import { credentials, Server, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { PricingClient } from "./gen/pricing";
const pricing = new PricingClient("pricing:50051", credentials.createInsecure());
export function getQuote(call: ServerUnaryCall<Item, Quote>, callback: sendUnaryData<Quote>) {
  pricing.price(call.request, { deadline: Date.now() + 5_000, parent: call }, callback);
}
`,
    },
    {
      good: files`
import { createChannel, createClient, createServer } from "nice-grpc";
import { OrdersDefinition, PricingDefinition } from "./gen/shop";
const pricing = createClient(PricingDefinition, createChannel("pricing:50051"));
createServer().add(OrdersDefinition, {
  async getQuote(request, { signal }) {
    return pricing.price(request, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
  },
});
`,
    },
  ],
};

/** Nothing in the call comes from the handler's own call or context, provably. */
function drops({ grpcJs, options }: GrpcCall, library: CalledClient["library"]): boolean {
  const limits = library === "grpc-js" ? [grpcJs.parent, grpcJs.deadline] : library === "nice-grpc" ? [options.signal, options.deadline] : [options.signal, options.timeoutMs];
  return limits.every((one) => one === "absent" || one === "own");
}

/** The edits that hand the caller's deadline on; undefined where the handler does not take it or the options cannot be written. */
function handedOn({ handler, grpcJs, options }: GrpcCall, library: CalledClient["library"]): readonly Edit[] | undefined {
  if (handler?.text === undefined) return undefined;
  const more = handler.edit ? [handler.edit] : [];
  if (library === "grpc-js") {
    const { slot, edit } = grpcJs;
    return slot && [{ at: slot.at, text: `${slot.before}parent: ${handler.text}${slot.after}` }, ...(edit ? [edit] : []), ...more];
  }
  const { timer, slot } = options;
  if (timer) {
    const [start, end] = [{ ...timer, end: timer.start }, { ...timer, start: timer.end }];
    return [{ at: start, text: `AbortSignal.any([${handler.text}, ` }, { at: end, text: "])" }, ...more];
  }
  return slot && [{ at: slot.at, text: slot.before + (handler.text === "signal" ? "signal" : `signal: ${handler.text}`) + slot.after }, ...more];
}

function fix(library: CalledClient["library"], edits: readonly Edit[]): Fix {
  return { title: library === "grpc-js" ? "Make the incoming call the parent" : "Pass the caller's signal on", safe: false, edits };
}
