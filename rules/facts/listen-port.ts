// Fact: a port that this process opens, and on which address. Node's servers and those of frameworks, WebSocket and gRPC servers; unknown where a library chooses.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export interface ListenPort {
  /** A number, or the text of a variable. */
  readonly port: Value<unknown>;
  /** Absent: every address. */
  readonly host: Value<unknown>;
  /** Host and port are one text: `0.0.0.0:50051`. */
  readonly grpc?: true;
}

const unknown = { unknown: "not understood" };
const everywhere = { absent: true } as const;
/** Fastify's own choice: https://fastify.dev/docs/latest/Reference/Server/#listen */
const fastifyHost: Value<unknown> = { known: "localhost", by: "default", from: [] };
/** Libraries that open a port of which the call says little. */
const hidden = /#(startStandaloneServer|createMicroservice|createHTTPServer|createLightship|PrometheusExporter|startMetricsServer|createTerminus\w*)$|^#(Bun|Deno)\.serve$|#NestFactory\.createMicroservice$/;

export const listenPort: FactKind<ListenPort> = {
  id: "listen-port",
  title: "Port that the process opens",
  ts: {
    lazy: true,
    mentions: [["listen(", "serve(", "bindAsync(", "Server(", "createMicroservice(", "createLightship(", "PrometheusExporter("]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const found = opened(file, call);
        if (found) yield { at: span(call.arguments[0] ?? call.expression), value: found };
      }
      for (const made of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
        const name = canonical(file, made.expression) ?? "";
        const [first] = made.arguments ?? [];
        if (hidden.test(name)) yield { at: span(made.expression), value: { port: unknown, host: unknown } };
        else if (/^ws#(WebSocketServer|Server)?(\.Server)?$|^socket\.io#Server$/.test(name) && first) {
          const direct = value(file, first);
          const port = option(file, first, "port");
          if ("known" in direct && typeof direct.known === "number") yield { at: span(first), value: { port: direct, host: everywhere } };
          else if (port.is !== "absent") yield { at: span(first), value: { port: port.is === "present" ? port.value : unknown, host: hostOf(file, first) } };
        }
      }
    },
  },
};

function opened(file: TsFile, call: CallExpression): ListenPort | undefined {
  const name = canonical(file, call.expression) ?? "";
  const [first, second] = call.arguments;
  if (hidden.test(name)) return { port: unknown, host: unknown };
  if (name === "@hono/node-server#serve") {
    const port = option(file, first, "port");
    // https://github.com/honojs/node-server#usage
    return { port: port.is === "present" ? port.value : port.is === "absent" ? { known: 3000, by: "default", from: [] } : unknown, host: first ? hostOf(file, first) : unknown };
  }
  if (!ts.isPropertyAccessExpression(call.expression)) return undefined;
  const method = call.expression.name.text;
  if (method === "bindAsync" && first) return bound(value(file, first));
  if ((method !== "listen" && method !== "listenAsync") || !first || isFunction(first)) return undefined;
  const { made } = receiverOf(file, call.expression.expression);
  const maker = made && (ts.isCallExpression(made) || ts.isNewExpression(made)) ? (canonical(file, made.expression) ?? "") : "";
  const fastify = /^fastify#(fastify|default)?$/.test(maker);
  if (/^nice-grpc#createServer$/.test(maker)) return bound(value(file, first));
  const port = option(file, first, "port");
  if (port.is === "present") {
    const host = hostOf(file, first);
    return { port: port.value, host: fastify && "absent" in host ? fastifyHost : host };
  }
  if (ts.isObjectLiteralExpression(bare(first))) return option(file, first, "path").is === "present" ? undefined : { port: unknown, host: unknown };
  const host = second && !isFunction(second) && !/^(undefined|null)$/.test(second.getText()) ? textOrNothing(value(file, second)) : everywhere;
  return { port: value(file, first), host };
}

/** Both stand in one text, which may be made of variables. */
const bound = (address: Value<unknown>): ListenPort => ({ port: address, host: address, grpc: true });

function hostOf(file: TsFile, options: Expression): Value<unknown> {
  const found = ["host", "hostname"].map((key) => option(file, options, key)).find((one) => one.is !== "absent");
  return !found ? everywhere : found.is === "present" ? found.value : unknown;
}

/** A number in second place is a backlog. */
function textOrNothing(found: Value<unknown>): Value<unknown> {
  return "known" in found && typeof found.known === "number" ? everywhere : found;
}

function isFunction(node: Expression): boolean {
  return ts.isFunctionExpression(node) || ts.isArrowFunction(node);
}
