// Which client does a call go to? Joins calls with clients across files, by name or by class. Proves nothing that is not seen.

import { folder, join } from "../../engine/resolve.ts";
import type { Facts, Linked } from "../../engine/types.ts";
import type { GrpcCall } from "./grpc-call.ts";
import { isGenerated } from "./grpc-class.ts";
import { grpcClient, type ClientLibrary, type GrpcClient } from "./grpc-client.ts";

export interface CalledClient {
  readonly library: Exclude<ClientLibrary, "connect-transport">;
  /** `unbounded`: a call that says nothing waits without limit. `bounded`: the client sets a limit, or may. `unseen`: made where we do not look. */
  readonly limits: "unbounded" | "bounded" | "unseen";
  readonly fact?: Linked<GrpcClient>;
}

/** The client of a call; undefined where it is not proven to be one. */
export function clientOf(call: Linked<GrpcCall>, facts: Facts): CalledClient | undefined {
  const { receiver, type, method } = call.value;
  const fact = receiver && facts.named(call.at.file, receiver, grpcClient);
  const found = fact ? known(fact, method) : type !== undefined ? byType(call, type, facts) : undefined;
  return found && fits(found.library, call.value) ? found : undefined;
}

function known(fact: Linked<GrpcClient>, method: string): CalledClient | undefined {
  const { library, bounds, except } = fact.value;
  return library === "connect-transport" ? undefined : { library, limits: bounds || except.includes(method) ? "bounded" : "unbounded", fact };
}

/** grpc-js answers through a callback or a stream; a promise means that the class is a wrapper with its own ways. */
function fits(library: ClientLibrary, { form }: GrpcCall): boolean {
  return library !== "grpc-js" || form === "callback" || form === "stream" || form === "iterated";
}

function byType(call: Linked<GrpcCall>, type: string, facts: Facts): CalledClient | undefined {
  if (type.startsWith("@nestjs/")) return { library: "nest", limits: "unbounded" };
  if (type.startsWith("nice-grpc#")) return { library: "nice-grpc", limits: "unseen" };
  if (type.startsWith("@connectrpc/")) return { library: "connect", limits: "unseen" };
  const clients = facts.all(call.service, grpcClient).facts.filter((one) => one.value.library === "grpc-js" && !one.value.factory);
  const same = clients.filter((one) => one.value.class !== undefined && identity(one.at.file, one.value.class) === identity(call.at.file, type));
  if (same.length === 0 && !isGenerated(type)) return undefined;
  const bounded = (same.length > 0 ? same : clients).some((one) => one.value.bounds || one.value.except.includes(call.value.method));
  return { library: "grpc-js", limits: bounded ? "bounded" : "unbounded" };
}

/** A class by the path of its module, so that two files that import it agree. */
function identity(file: string, name: string): string {
  const [module, exported] = name.split("#") as [string, string];
  const path = module.startsWith(".") ? join(folder(file), module) : module;
  return `${path.replace(/\.[cm]?[jt]s$/, "")}#${exported.slice(exported.lastIndexOf(".") + 1)}`;
}

/** The call works for a handler whose deadline its client can take: then the deadline is the handler's to pass on, and no other rule speaks. */
export function worksForHandler({ value }: Linked<GrpcCall>, library: ClientLibrary): boolean {
  if (!value.handler || library === "nest") return false;
  return (library === "grpc-js") === (value.handler.library === "grpc-js");
}
