// The language server from its sources, with a fault in each handler on demand: the request `test/arm` says what may still be read of a message, and the next handler that reads
// anything else, or sends a notification, or ends a worker, meets an error that quotes a document. `test/handlers` lists what the server has registered.

import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { toolVersion } from "../../../host/version.ts";

interface Arm {
  /** Keys of the message that may be read. */
  readonly keep: readonly string[];
  /** Text of a document. */
  readonly text: string;
}

let armed: Arm | undefined;
const handlers: string[] = [];

function fault(): void {
  if (!armed) return;
  const { text } = armed;
  armed = undefined;
  throw new Error(`something is wrong with\n${text}\n    at all\nin ${text}`);
}

function poisoned(value: unknown, keep: readonly string[]): unknown {
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, { get: (target, key) => (keep.includes(String(key)) ? Reflect.get(target, key) : (fault(), Reflect.get(target, key))) });
}

/** Whatever registers a handler registers one that can be armed. */
function arming<T extends object>(target: T, path: string): T {
  return new Proxy(target, {
    get(from, key) {
      const value: unknown = Reflect.get(from, key);
      const name = `${path}${String(key)}`;
      if (typeof value === "object" && value !== null) return arming(value, `${name}.`);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (name === "sendNotification") fault();
        if (!args.some((one) => typeof one === "function") || !/(^|\.)on[A-Z]?/.test(name)) return value.apply(from, args);
        handlers.push(typeof args[0] === "string" ? args[0] : name);
        return value.apply(from, args.map((one) => (typeof one === "function" ? (...given: unknown[]) => one(...given.map((each) => (armed ? poisoned(each, armed.keep) : each))) : one)));
      };
    },
  });
}

const { terminate } = threads.Worker.prototype;
threads.Worker.prototype.terminate = function () {
  fault();
  return terminate.call(this);
};
syncBuiltinESMExports();

const { serve } = await import("../../../server/server.ts");
const connection = createConnection(ProposedFeatures.all);
connection.onRequest("test/arm", (arm: Arm) => ((armed = arm), null));
connection.onRequest("test/armed", () => armed !== undefined);
connection.onRequest("test/handlers", () => handlers);
serve(arming(connection, ""), toolVersion());
connection.listen();
