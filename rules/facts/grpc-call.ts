// Fact: a call that may go to an RPC service: what it is made on, what it says about its limit, and the handler around it.

import { importsLike } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression } from "../../engine/typescript/compiler.ts";
import { importSlot } from "../../engine/typescript/import-slot.ts";
import { slot, type Slot } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, visible } from "../../engine/typescript/scope.ts";
import { clientsOf } from "./grpc-client.ts";
import { grpcJsOptions, limit, type GrpcJsOptions, type Limit } from "./grpc-call-options.ts";
import { isBoundedOutside, isDetached, useOf, type Form } from "./grpc-call-use.ts";
import { carried, grpcHandlerOf, type ServerLibrary } from "./grpc-handler.ts";
import { rxChain, type RxChain } from "./rx-chain.ts";
import type { FactKind, Mentions, Ref, Span } from "../../engine/types.ts";

interface TextEdit {
  readonly at: Span;
  readonly text: string;
}

export interface GrpcCall {
  /** What the call is made on, or its declared type where no value is seen. */
  readonly receiver?: Ref;
  readonly type?: string;
  /** `getOrder`; `[name]` where it is computed. */
  readonly method: string;
  readonly form: Form;
  /** The arguments as grpc-js reads them, with the import that the slot needs. */
  readonly grpcJs: Omit<GrpcJsOptions, "slot"> & { readonly slot?: Slot; readonly edit?: TextEdit };
  /** The second argument as nice-grpc and Connect read it; `timer`: its signal; `inScope`: a signal that this code was given. */
  readonly options: { readonly signal: Limit; readonly deadline: Limit; readonly timeoutMs: Limit; readonly ms?: number; readonly timer?: Span; readonly slot?: Slot; readonly inScope?: string };
  readonly rx?: RxChain;
  /** Something around the call ends the wait. */
  readonly guarded: boolean;
  /** A timer or the caller's end cancels it. */
  readonly cancelled: boolean;
  /** The handler that the call works for. A detached or fire-and-forget call has none. `text`: how its deadline is written here. */
  readonly handler?: { readonly library: ServerLibrary; readonly text?: string; readonly edit?: TextEdit };
}

/** Words of files whose clients are known by their declared type only. */
export const typedMentions: Mentions = [["Client"], importsLike("grpc", "proto", "/gen", "_pb", "/pb", "@connectrpc/")];
const typedModule = /grpc|proto|\/gen|_pb|\/pb/;
/** An imported value that may be a client, told by a word in its module or its name; one that is called back by a local module needs none. */
const clientLike = /client|stub|grpc|rpc|service|gateway|connect|api|proto/i;
const ownMethods = /^(close|getChannel|waitForReady|make(Unary|ClientStream|ServerStream|BidiStream)Request|on|once|emit|bind|call|apply|then|catch|finally|subscribe|pipe|getService|getClientByServiceName|constructor)$/;
const nestProxy = /^@nestjs\/microservices#Client(Proxy|Kafka|KafkaProxy|RMQ|Nats|TCP|Redis|Mqtt)$/;

export const grpcCall: FactKind<GrpcCall> = {
  id: "grpc-call",
  title: "RPC call",
  ts: {
    needs: ["@grpc/grpc-js", "grpc", "nice-grpc", "@connectrpc/connect", "@nestjs/microservices"],
    mentions: [],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const found = target(file, call);
        if (found) yield { at: span(call.expression), value: read(file, call, found) };
      }
    },
  },
};

interface Target extends Pick<GrpcCall, "receiver" | "type" | "method"> {
  /** A promisified method takes no callback. */
  readonly promisified?: true;
  /** The client's class has no types: it comes out of `loadPackageDefinition`. */
  readonly untyped?: true;
  readonly owner: Expression;
}

function target(file: TsFile, call: CallExpression): Target | undefined {
  const promisified = promisifiedMethod(file, call.expression);
  const callee = promisified ?? bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) && !ts.isElementAccessExpression(callee)) return undefined;
  const owner = callee.expression;
  const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isStringLiteralLike(callee.argumentExpression) ? callee.argumentExpression.text : `[${callee.argumentExpression.getText()}]`;
  if (ownMethods.test(method) || owner.kind === ts.SyntaxKind.ThisKeyword || owner.kind === ts.SyntaxKind.SuperKeyword) return undefined;
  const { made, ref, type } = receiverOf(file, owner);
  const rest = { method, owner, ...(promisified ? { promisified: true as const } : {}) };
  const client = made && clientsOf(file).get(made);
  if (made && client) return { receiver: { name: "", start: made.getStart() }, ...(client.class === undefined ? { untyped: true as const } : {}), ...rest };
  const factory = made && ts.isCallExpression(made) ? canonical(file, made.expression) : undefined;
  const named = type ?? (factory === "@nestjs/microservices#ClientProxyFactory.create" ? "@nestjs/microservices#ClientProxy" : undefined);
  if (named !== undefined) return nestProxy.test(named) ? (method === "send" ? { type: named, ...rest } : undefined) : isClientType(named) ? { type: named, ...rest } : undefined;
  return ref && mayBeClient(ref, call) ? { receiver: ref, ...rest } : undefined;
}

function mayBeClient({ module, name, keys }: Ref, call: CallExpression): boolean {
  if (clientLike.test([module, name, ...(keys ?? [])].join(" "))) return true;
  return /^[.~#@]/.test(module ?? "") && call.arguments.length > 0 && !ts.isLiteralExpression(call.arguments[0]!);
}

function isClientType(type: string): boolean {
  const [module, name] = type.split("#") as [string, string];
  return /^(nice-grpc#(Raw)?Client|@connectrpc\/connect#(Promise)?Client)$/.test(type) || (/Client$/.test(name) && module !== "" && typedModule.test(module) && !/^@(grpc|nestjs)\//.test(module));
}

/** The method behind `promisify(client.method).bind(client)`. */
function promisifiedMethod(file: TsFile, callee: Expression): Expression | undefined {
  let made = receiverOf(file, callee).made;
  if (!made || !ts.isCallExpression(made) || !file.text.includes("promisify")) return undefined;
  if (ts.isPropertyAccessExpression(made.expression) && made.expression.name.text === "bind") made = bare(made.expression.expression);
  if (!ts.isCallExpression(made) || canonical(file, made.expression) !== "util#promisify" || !made.arguments[0]) return undefined;
  const method = bare(made.arguments[0]);
  return ts.isCallExpression(method) && ts.isPropertyAccessExpression(method.expression) && method.expression.name.text === "bind" ? bare(method.expression.expression) : method;
}

const background = /audit|event|notif/i;

function read(file: TsFile, call: CallExpression, { receiver, type, method, promisified, untyped, owner }: Target): GrpcCall {
  const use = useOf(file, call);
  const around = grpcHandlerOf(file, call);
  const handler = around && !isDetached(call, around.function) && !background.test(`${owner.getText()}.${method}`) ? around : undefined;
  const js = grpcJsOptions(file, call, promisified ? undefined : use.callback, use.written ? 0 : 1, handler);
  // Generated types have no overload with options alone; untyped clients need no empty metadata.
  const demanded = js.slot?.metadata === true && /\.[cm]?tsx?$/.test(file.path) && !untyped;
  const metadata = demanded ? importSlot(file, call, "@grpc/grpc-js", "Metadata") : undefined;
  const carrier = handler && carried(file, call, handler);
  const second = call.arguments[1];
  const [signal, deadline, timeoutMs] = (["signal", "deadline", "timeoutMs"] as const).map((name) => limit(file, second, name, handler)) as [ReturnType<typeof limit>, ReturnType<typeof limit>, ReturnType<typeof limit>];
  const ms = signal.ms ?? timeoutMs.ms ?? deadline.ms;
  const place = slot(file, call, 1);
  const given = visible(file, call, "signal");
  return {
    ...(receiver ? { receiver } : {}), ...(type !== undefined ? { type } : {}),
    method, form: promisified ? "callback" : use.form,
    grpcJs: { deadline: js.deadline, parent: js.parent, ...(js.ms === undefined ? {} : { ms: js.ms }), ...(js.slot && (!demanded || metadata) ? { slot: withMetadata(js.slot, metadata?.name) } : {}), ...(metadata?.edit ? { edit: metadata.edit } : {}) },
    options: { signal: signal.state, deadline: deadline.state, timeoutMs: timeoutMs.state, ...(ms === undefined ? {} : { ms }), ...(signal.at ? { timer: signal.at } : {}), ...(place ? { slot: place } : {}), ...(given && (ts.isParameter(given) || ts.isBindingElement(given)) ? { inScope: "signal" } : {}) },
    ...(file.text.includes("@nestjs/microservices") ? { rx: rxChain(file, call) } : {}),
    guarded: isBoundedOutside(file, call),
    cancelled: use.cancelled === true,
    ...(handler ? { handler: { library: handler.library, ...(carrier ? { text: carrier.text, ...(carrier.edit ? { edit: carrier.edit } : {}) } : {}) } } : {}),
  };
}

function withMetadata(place: Slot, name: string | undefined): Slot {
  return { at: place.at, before: name === undefined ? place.before : place.before.replace("{ ", `new ${name}(), { `), after: place.after };
}
