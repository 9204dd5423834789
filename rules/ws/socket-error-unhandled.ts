// A WebSocket without 'error' listener: one malformed frame, from any client, ends the process.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { heardReads, unheard } from "../facts/error-heard.ts";
import type { Rule } from "../../engine/types.ts";

export const socketErrorUnhandled: Rule = {
  id: "ws/socket-error-unhandled",
  title: "WebSocket without 'error' listener",
  why: `ws emits 'error' on the socket for a malformed frame, a message beyond maxPayload and a reset connection
(https://github.com/websockets/ws/blob/master/doc/ws.md#event-error-1). Node throws an 'error' event that has no listener, and the process ends with all its
connections. On a server any client can send such a frame: measured on ws 7 and 8 with two wrong bits. A listener on the server hears nothing of it.
@fastify/websocket and Nest's WsAdapter attach one themselves, express-ws does not.`,
  check: {
    ts: {
      reads: heardReads,
      *find(file, facts) {
        for (const { fact, row } of unheard(file.path, facts, "ws")) {
          const { shown, edits } = fact.value;
          const message = say`This ${row.object!} has no 'error' listener: ${row.fails!} ends the process`;
          yield { at: shown, message, ...(edits ? { fixes: [{ title: "Listen to its errors", safe: true, edits }] } : {}) };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { WebSocketServer } from "ws";
const wss = new WebSocketServer({ port: 8080 });
wss.on("error", (error) => console.error("server", error));
wss.on("connection", (ws) => {
                      ^^ error: This WebSocket has no 'error' listener: a malformed frame from any client ends the process
  ws.on("message", (data) => ws.send(data));
});
`,
      fixed: files`
import { WebSocketServer } from "ws";
const wss = new WebSocketServer({ port: 8080 });
wss.on("error", (error) => console.error("server", error));
wss.on("connection", (ws) => {
  ws.on("error", (error) => console.error("WebSocket error", error));
  ws.on("message", (data) => ws.send(data));
});
`,
    },
    {
      good: files`
import { WebSocketServer, type WebSocket } from "ws";
const wss = new WebSocketServer({ port: 8080 });
function guard(socket: WebSocket) {
  socket.onerror = (event) => console.error("socket", event.error);
}
wss.on("connection", (ws) => {
  guard(ws);
  ws.on("message", (data) => ws.send(data));
});
`,
    },
  ],
};
