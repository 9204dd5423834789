// Fact: how large a message an RPC server or client receives, in bytes. Sees options of grpc-js and nice-grpc by their key, Nest transports and Connect adapters.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Node, type ObjectLiteralExpression, type PropertyAssignment } from "../../engine/typescript/compiler.ts";
import { anyOption, option, slot, type Slot } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { keyText, value } from "../../engine/typescript/value.ts";
import { asNumber } from "../../engine/value.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export interface MessageLimit {
  readonly library: "grpc-js" | "Nest" | "Connect";
  /** The largest message in bytes; -1 for any size. */
  readonly bytes: Value<number>;
  /** Where an option that is missing is written. */
  readonly slot?: Slot;
}

export const messageLimit: FactKind<MessageLimit> = {
  id: "message-limit",
  title: "RPC message limit",
  ts: {
    mentions: [["max_receive_message_length", "maxReceiveMessageLength", "connectNodeAdapter", "expressConnectMiddleware"]],
    *find(file) {
      for (const one of nodes<PropertyAssignment>(file, ts.SyntaxKind.PropertyAssignment)) {
        const key = ts.isComputedPropertyName(one.name) && ts.isStringLiteralLike(one.name.expression) ? one.name.expression.text : keyText(one.name);
        const library = key === "grpc.max_receive_message_length" ? "grpc-js" : key === "maxReceiveMessageLength" && isNest(file, one) ? "Nest" : undefined;
        if (library && ts.isObjectLiteralExpression(one.parent) && !isLocal(file, one.parent)) yield { at: span(one.initializer), value: { library, bytes: bytes(file, one) } };
      }
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        if (!/^@connectrpc\/connect-(node#connectNodeAdapter|express#expressConnectMiddleware)$/.test(canonical(file, call.expression) ?? "") || !call.arguments[0]) continue;
        if (anyOption(file, call.arguments[0], ["readMaxBytes", "interceptors"]) !== false) continue;
        const place = slot(file, call, 0);
        yield { at: span(call.expression), value: { library: "Connect", bytes: { absent: true }, ...(place ? { slot: place } : {}) } };
      }
    },
  },
};

function bytes(file: TsFile, { initializer }: PropertyAssignment): Value<number> {
  const from = [span(initializer)];
  const text = initializer.getText().replace(/\s/g, "");
  if (/^(Number\.(MAX_SAFE_INTEGER|MAX_VALUE|POSITIVE_INFINITY)|Infinity)$/.test(text)) return { known: -1, by: "text", from };
  return asNumber(value(file, initializer));
}

/** `{ transport: Transport.GRPC, options: { maxReceiveMessageLength } }`, or options with a proto file. */
function isNest(file: TsFile, node: Node): boolean {
  if (!/["']@nestjs\/microservices["']/.test(file.text)) return false;
  for (let up: Node | undefined = node.parent, step = 0; up && step < 6; up = up.parent, step++)
    if (ts.isObjectLiteralExpression(up) && (["protoPath", "packageDefinition"].some((name) => has(up as ObjectLiteralExpression, name)) || isGrpc(file, up))) return true;
  return false;
}

function isGrpc(file: TsFile, literal: ObjectLiteralExpression): boolean {
  const found = option(file, literal, "transport");
  return found.is === "present" && canonical(file, found.node) === "@nestjs/microservices#Transport.GRPC";
}

const has = (literal: ObjectLiteralExpression, name: string) => literal.properties.some((one) => one.name && keyText(one.name) === name);

/** A client of its own host talks to a process that it trusts as itself. */
function isLocal(file: TsFile, literal: ObjectLiteralExpression): boolean {
  const site = literal.parent;
  if (!(ts.isNewExpression(site) || ts.isCallExpression(site)) || !site.arguments?.[0] || site.arguments[0] === literal) return false;
  const target = value(file, site.arguments[0]);
  return "known" in target && target.by === "text" && /^(dns:\/{0,3}|ipv[46]:)?(localhost|127\.|\[::1?\])|^unix(-abstract)?:/.test(String(target.known));
}
