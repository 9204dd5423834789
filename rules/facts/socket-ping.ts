// Fact: how often a WebSocket server sends something over a connection on which nothing else happens, in ms.

import { imports } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { apply, asNumber } from "../../engine/value.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export interface SocketPing {
  readonly library: "Socket.IO" | "ws";
  readonly interval: Value<number>;
  /** How long Socket.IO waits for the answer on top; its documentation asks proxies for more than both together. */
  readonly patience?: Value<number>;
  readonly sum?: Value<number>;
}

/** engine.io 6.6 build/server.js:48-51: pingInterval 25000, pingTimeout 20000. https://socket.io/docs/v4/server-options/#pinginterval */
const defaults = { pingInterval: 25_000, pingTimeout: 20_000 };

export const socketPing: FactKind<SocketPing> = {
  id: "socket-ping",
  title: "Ping of a WebSocket server",
  ts: {
    mentions: [[...imports("socket.io", "ws"), "WebSocketGateway"], ["Server", "setInterval", "WebSocketGateway", "socket.io"]],
    *find(file) {
      for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) if (canonical(file, call.expression) === "socket.io#Server") yield { at: span(call.expression), value: ofSocketIo(file, call) };
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const name = canonical(file, call.expression);
        if (name === "@nestjs/websockets#WebSocketGateway" && ts.isDecorator(call.parent) && /pingInterval/.test(call.getText())) yield { at: span(call.expression), value: ofSocketIo(file, call) };
        // One timer pings all connections.
        if (name !== "#setInterval" || !/["']ws["']/.test(file.text)) continue;
        const body = functionOf(file, call.arguments[0])?.body?.getText() ?? "";
        if (/\.ping\(/.test(body)) yield { at: span(call), value: { library: "ws", interval: asNumber(value(file, call.arguments[1])) } };
      }
    },
  },
};

function ofSocketIo(file: TsFile, call: CallExpression | NewExpression): SocketPing {
  const last = call.arguments?.[call.arguments.length - 1];
  const options = last && call.arguments!.length === 1 && !ts.isObjectLiteralExpression(bare(last)) ? undefined : last;
  const interval = settingOf(file, call.expression, options, "pingInterval");
  const patience = settingOf(file, call.expression, options, "pingTimeout");
  return { library: "Socket.IO", interval, patience, sum: asNumber(apply("+", [interval, patience], [])) };
}

function settingOf(file: TsFile, at: Expression, options: Expression | undefined, key: "pingInterval" | "pingTimeout"): Value<number> {
  const found = option(file, options, key);
  if (found.is === "present") return asNumber(found.value);
  return found.is === "absent" ? { known: defaults[key], by: "default", from: [span(at)] } : { unknown: found.why };
}
