// A handler of grpc-js that rejects answers nobody: the library ignores its promise.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { span } from "../../engine/typescript/parse.ts";
import { unanswered, type Unanswered } from "../facts/grpc-response.ts";
import type { Finding, Rule } from "../../engine/types.ts";

export const asyncHandlerNoResponse: Rule = {
  id: "grpc/async-handler-no-response",
  title: "Handler does not answer on every path",
  why: `grpc-js calls a handler in a synchronous try/catch and ignores the promise that it returns
(https://github.com/grpc/grpc-node/blob/master/packages/grpc-js/src/server.ts, \`handleUnary\`). When an async handler rejects, nobody calls the callback: the
client waits until its own deadline, for ever without one, and the unhandled rejection ends the server process
(https://nodejs.org/api/cli.html#--unhandled-rejectionsmode). A return without a callback leaves the client waiting too.
nice-grpc, Connect and Nest await their handlers and are not meant.`,
  check: {
    ts: {
      needs: ["@grpc/grpc-js", "grpc"],
      mentions: [["@grpc/grpc-js", "addService", "Server", "Handlers"]],
      *find(file) {
        for (const one of unanswered(file)) yield finding(one);
      },
    },
  },
  examples: [
    {
      bad: files`
import { Server, status } from "@grpc/grpc-js";
import { OrdersService } from "./gen/orders";
import { repo } from "./repo";
export const server = new Server();
server.addService(OrdersService, {
  getOrder: async (call, callback) => {
  ^^^^^^^^ error: A rejection here never reaches the callback: the client waits until its deadline
    const order = await repo.find(call.request.id);
    callback(null, order);
  },
});
`,
      fixed: files`
import { Server, status } from "@grpc/grpc-js";
import { OrdersService } from "./gen/orders";
import { repo } from "./repo";
export const server = new Server();
server.addService(OrdersService, {
  getOrder: async (call, callback) => {
    try {
      const order = await repo.find(call.request.id);
      callback(null, order);
    } catch (error) {
      callback({ code: status.INTERNAL, message: error instanceof Error ? error.message : String(error) });
    }
  },
});
`,
    },
    {
      good: files`
import { Server } from "@grpc/grpc-js";
import { OrdersService } from "./gen/orders";
import { repo } from "./repo";
import { settle } from "./settle";
export const server = new Server();
server.addService(OrdersService, {
  getOrder: settle(async (call, callback) => {
    callback(null, await repo.find(call.request.id));
  }),
});
`,
    },
  ],
};

function finding({ at, by, leaves, stream, registered, edits }: Unanswered): Finding {
  const message =
    by === "return"
      ? say`This handler can return without calling the callback: the client waits until its deadline`
      : stream
        ? say`A rejection here never reaches the stream: the client waits until its deadline`
        : say`A rejection here never reaches the callback: the client waits until its deadline`;
  return {
    at: span(at),
    message,
    related: [{ at: span(leaves), message: by === "return" ? say`Returns here without an answer` : say`What throws here answers nobody` }],
    ...(registered ? {} : { variant: "elsewhere" }),
    ...(edits ? { fixes: [{ title: "Answer with the error", safe: false, edits }] } : {}),
  };
}
