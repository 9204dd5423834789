// Fact: a long-lived connection of an RPC client and its keepalive settings. Sees grpc-js clients, nice-grpc channels, Connect transports and Nest gRPC clients.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node, type ObjectLiteralExpression } from "../../engine/typescript/compiler.ts";
import { anyOption, literalSlot, option, slot, type Slot } from "../../engine/typescript/option.ts";
import { quoteOf } from "../../engine/typescript/import-slot.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { keyText, value } from "../../engine/typescript/value.ts";
import { asNumber } from "../../engine/value.ts";
import { clientMentions, clientsOf } from "./grpc-client.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export interface GrpcChannel {
  readonly library: "grpc-js" | "nice-grpc" | "Nest" | "Connect";
  /** Address of the server. */
  readonly target: Value<unknown>;
  /** Interval of pings in ms; absent: no pings. */
  readonly interval: Value<number>;
  /** How long a ping may stay unanswered, in ms. */
  readonly timeout: Value<number>;
  /** Pings are sent while no call is open. */
  readonly idle: boolean;
  /** Opened once and kept: at module level or by an object that is. */
  readonly lasting: boolean;
  /** The quote character of the file. */
  readonly quote: string;
  /** Where the settings are written. */
  readonly slot?: Slot;
}

export const grpcChannel: FactKind<GrpcChannel> = {
  id: "grpc-channel",
  title: "RPC connection",
  ts: {
    mentions: clientMentions,
    *find(file) {
      for (const [node, { library }] of clientsOf(file)) {
        if (library === "grpc-js" && ts.isNewExpression(node)) yield { at: span(node), value: ofGrpcJs(file, node) };
        else if (library === "connect-transport" && ts.isCallExpression(node)) {
          const found = ofConnect(file, node);
          if (found) yield { at: span(node), value: found };
        }
      }
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression))
        if (canonical(file, call.expression) === "nice-grpc#createChannel") yield { at: span(call), value: { ...ofGrpcJs(file, call), library: "nice-grpc" } };
      if (file.text.includes("@nestjs/microservices"))
        for (const one of nodes<ObjectLiteralExpression>(file, ts.SyntaxKind.ObjectLiteralExpression)) if (isNestClient(file, one)) yield { at: span(one), value: ofNest(file, one) };
    },
  },
};

/** The value of an option in ms; unknown where it cannot be told that it is not set. */
function ms(file: TsFile, options: Expression | undefined, ...name: readonly string[]): Value<number> {
  const found = option(file, options, name);
  return found.is === "present" ? asNumber(found.value) : found.is === "absent" ? { absent: true } : { unknown: found.why };
}

function ofGrpcJs(file: TsFile, site: NewExpression | CallExpression): GrpcChannel {
  const list = site.arguments ?? [];
  const elsewhere = anyOption(file, list[2], ["channelOverride", "channelFactoryOverride"]) !== false;
  const always = option(file, list[2], ["grpc.keepalive_permit_without_calls"]);
  // createChannel takes its credentials as an option: a place is kept for them.
  const place = list.length === 1 ? { at: { file: "", start: list[0]!.end, end: list[0]!.end }, before: ", undefined, { ", after: " }" } : slot(file, site, 2);
  return {
    library: "grpc-js",
    target: value(file, list[0]),
    interval: elsewhere ? { unknown: "the channel is made elsewhere" } : ms(file, list[2], "grpc.keepalive_time_ms"),
    timeout: ms(file, list[2], "grpc.keepalive_timeout_ms"),
    idle: always.is === "present" && "known" in always.value && always.value.known === 1,
    lasting: isLasting(site),
    quote: quoteOf(file),
    ...(place ? { slot: place } : {}),
  };
}

/** HTTP/1.1 has no pings, and a session manager has its own settings. */
function ofConnect(file: TsFile, site: CallExpression): GrpcChannel | undefined {
  const [options] = site.arguments;
  const version = option(file, options, "httpVersion");
  const http2 = /#createGrpcTransport$/.test(canonical(file, site.expression) ?? "") ? version.is === "absent" || isTwo(version) : isTwo(version);
  if (!options || !http2 || option(file, options, "sessionManager").is !== "absent") return undefined;
  const place = literalSlot(file, options);
  return {
    library: "Connect",
    target: addressOf(file, options, "baseUrl"),
    interval: ms(file, options, "pingIntervalMs"),
    timeout: ms(file, options, "pingTimeoutMs"),
    idle: false,
    lasting: isLasting(site),
    quote: quoteOf(file),
    ...(place ? { slot: place } : {}),
  };
}

function addressOf(file: TsFile, options: Expression, name: string): Value<unknown> {
  const found = option(file, options, name);
  return found.is === "present" ? found.value : { unknown: "no readable address" };
}

function isTwo(found: ReturnType<typeof option>): boolean {
  return found.is === "present" && "known" in found.value && found.value.known === "2";
}

/** `{ transport: Transport.GRPC, options }` where Nest makes a client of it; the same literal can also describe a server. */
function isNestClient(file: TsFile, literal: ObjectLiteralExpression): boolean {
  const transport = literal.properties.find((one) => ts.isPropertyAssignment(one) && keyText(one.name) === "transport");
  if (!transport || !ts.isPropertyAssignment(transport) || canonical(file, transport.initializer) !== "@nestjs/microservices#Transport.GRPC") return false;
  for (let up: Node | undefined = literal.parent; up; up = up.parent)
    if (ts.isCallExpression(up)) return /^@nestjs\/microservices#(ClientsModule\.register(Async)?|ClientProxyFactory\.create|Client)$/.test(canonical(file, up.expression) ?? "");
  return false;
}

function ofNest(file: TsFile, literal: ObjectLiteralExpression): GrpcChannel {
  const options = option(file, literal, "options");
  const inner = options.is === "present" ? options.node : undefined;
  const nested = ms(file, inner, "keepalive", "keepaliveTimeMs");
  const place = inner && option(file, inner, "keepalive").is === "absent" ? literalSlot(file, inner) : undefined;
  return {
    library: "Nest",
    target: inner ? addressOf(file, inner, "url") : { unknown: "options are not read" },
    interval: !inner ? { unknown: "options are not read" } : "absent" in nested ? ms(file, inner, "channelOptions", "grpc.keepalive_time_ms") : nested,
    timeout: ms(file, inner, "keepalive", "keepaliveTimeoutMs"),
    idle: false,
    lasting: true,
    quote: quoteOf(file),
    ...(place ? { slot: place } : {}),
  };
}

/** Outside functions, or in a constructor or a start-up hook of Nest: made once and kept. */
function isLasting(site: Node): boolean {
  for (let up: Node | undefined = site.parent; up; up = up.parent) {
    if (ts.isConstructorDeclaration(up) || (ts.isMethodDeclaration(up) && keyText(up.name) === "onModuleInit")) return true;
    if (ts.isFunctionLike(up)) return false;
  }
  return true;
}
