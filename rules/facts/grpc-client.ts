// Fact: a client of an RPC service, or the Connect transport below one, and whether it bounds calls that say nothing themselves.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { option, literalSlot, type Slot } from "../../engine/typescript/option.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf, returned } from "../../engine/typescript/receiver.ts";
import { declaration } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import { boundedDefaults, middlewareOf } from "./nice-grpc-factory.ts";
import { channelCredentials, setsTimeout } from "./grpc-channel-options.ts";
import { extendsClient, isGenerated, isLoaded } from "./grpc-class.ts";
import type { FactKind, Mentions, Ref, Span } from "../../engine/types.ts";

export type ClientLibrary = "grpc-js" | "nice-grpc" | "connect" | "connect-transport" | "nest";

export interface GrpcClient {
  readonly library: ClientLibrary;
  /** False: a call that says nothing waits without limit. True: interceptors, a service config or defaults set a limit, or may. */
  readonly bounds: boolean;
  /** Methods that defaults bound (nice-grpc), or that the class of this file declares itself. */
  readonly except: readonly string[];
  /** Canonical name of the generated class. */
  readonly class?: string;
  /** The transport of a Connect client. */
  readonly transport?: Ref;
  /** nice-grpc: a call's `deadline` is obeyed. */
  readonly deadlines?: boolean;
  /** nice-grpc: a default `deadline` that nothing obeys. */
  readonly inert?: Span;
  /** Where a transport takes its default timeout. */
  readonly slot?: Slot;
  /** This is the function that returns the client, not the place that makes it. */
  readonly factory?: true;
}

/** Words of files that make a client. */
export const clientMentions: Mentions = [["@grpc/grpc-js", "nice-grpc", "@connectrpc/", "@nestjs/microservices"]];

export const grpcClient: FactKind<GrpcClient> = {
  id: "grpc-client",
  title: "RPC client",
  named: true,
  followed: true,
  ts: {
    mentions: clientMentions,
    *find(file) {
      const made = clientsOf(file);
      for (const [node, value] of made) yield { at: span(node), value };
      for (const kind of [ts.SyntaxKind.FunctionDeclaration, ts.SyntaxKind.ArrowFunction, ts.SyntaxKind.FunctionExpression])
        for (const one of nodes<FunctionLikeDeclaration & Node>(file, kind)) {
          const result = one.body && returned(file, one);
          const client = result && receiverOf(file, result).made;
          const value = client && made.get(client);
          if (value) yield { at: span(one), value: { ...value, factory: true } };
        }
    },
  },
};

/** Clients that a file makes, by the expression that makes them. */
export function clientsOf(file: TsFile): ReadonlyMap<Node, GrpcClient> {
  return once(file, clientsOf, () => {
    const found = new Map<Node, GrpcClient>();
    for (const one of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
      const client = constructed(file, one);
      if (client) found.set(one, client);
    }
    for (const one of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const client = created(file, one);
      if (client) found.set(one, client);
    }
    return found;
  });
}

/** `new OrdersClient(address, credentials.createSsl(), options)`. */
function constructed(file: TsFile, site: NewExpression): GrpcClient | undefined {
  const list = site.arguments ?? [];
  if (list.length < 2) return undefined;
  const own = ts.isIdentifier(site.expression) ? declaration(file, site.expression) : undefined;
  const local = own && ts.isClassLike(own) ? own : undefined;
  const name = canonical(file, site.expression);
  if (name !== undefined && /^@grpc\/grpc-js#(Server|Channel|Client)\b/.test(name)) return undefined;
  if (!(local ? extendsClient(file, local) : channelCredentials(file, list[1]!) || isLoaded(file, site.expression) || isGenerated(name))) return undefined;
  return {
    library: "grpc-js",
    bounds: boundsCalls(file, list[2]),
    except: local ? local.members.flatMap((one) => (ts.isMethodDeclaration(one) && keyText(one.name) !== undefined ? [keyText(one.name)!] : [])) : [],
    ...(name !== undefined && !isLoaded(file, site.expression) ? { class: name } : {}),
  };
}

const limiters = ["interceptors", "interceptor_providers", "callInvocationTransformer", "channelOverride", "channelFactoryOverride"];

/** True when the options of a grpc-js client set a limit for every call, or may. */
function boundsCalls(file: TsFile, options: Expression | undefined): boolean {
  if (limiters.some((name) => option(file, options, name).is !== "absent")) return true;
  const config = option(file, options, ["grpc.service_config"]);
  return config.is === "unknown" || (config.is === "present" && setsTimeout(file, config.node));
}

function created(file: TsFile, call: CallExpression): GrpcClient | undefined {
  const name = canonical(file, call.expression);
  if (name === "nice-grpc#createClient") return nice(file, call, { deadlines: false, bounds: false });
  if (name !== undefined && /^@connectrpc\/connect#create(Promise)?Client$/.test(name)) return { library: "connect", bounds: false, except: [], ...transportOf(file, call.arguments[1]) };
  if (name !== undefined && /^@connectrpc\/connect-node#create(Grpc|Connect|GrpcWeb)Transport$/.test(name)) return transport(file, call);
  if (!ts.isPropertyAccessExpression(call.expression)) return undefined;
  const { name: method, expression: owner } = call.expression;
  if (method.text === "create") {
    const middleware = middlewareOf(file, owner);
    return middleware && nice(file, call, middleware);
  }
  if (method.text !== "getService" && method.text !== "getClientByServiceName") return undefined;
  if (!/^@nestjs\/microservices#ClientGrpc(Proxy)?$/.test(receiverOf(file, owner).type ?? "")) return undefined;
  // getClientByServiceName hands out the grpc-js client itself.
  return { library: method.text === "getService" ? "nest" : "grpc-js", bounds: false, except: [] };
}

function nice(file: TsFile, call: CallExpression, { deadlines, bounds }: { deadlines: boolean; bounds: boolean }): GrpcClient {
  const defaults = boundedDefaults(file, call.arguments[2], deadlines);
  return { library: "nice-grpc", bounds: bounds || defaults.all, except: defaults.methods, deadlines, ...(defaults.inert ? { inert: defaults.inert } : {}) };
}

function transport(file: TsFile, call: CallExpression): GrpcClient {
  const [options] = call.arguments;
  const limit = ["defaultTimeoutMs", "interceptors"].some((name) => option(file, options, name).is !== "absent");
  const slot = options && literalSlot(file, options);
  return { library: "connect-transport", bounds: limit, except: [], ...(slot ? { slot } : {}) };
}

function transportOf(file: TsFile, node: Expression | undefined): { transport?: Ref } {
  const found = node ? receiverOf(file, node) : {};
  const maker = found.made && ts.isCallExpression(found.made) ? canonical(file, found.made.expression) : undefined;
  if (found.made && maker?.startsWith("@connectrpc/connect-node#")) return { transport: { name: "", start: found.made.getStart() } };
  return found.ref ? { transport: found.ref } : {};
}
