// A language server on stdio with bytes in hand: what no client library would send can be sent, and every message both ways goes through the checker.

import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createChecker, type Checker, type Message } from "./checker.ts";
import { deframer, frame } from "./framing.ts";

export const serverCommand: readonly string[] = [process.execPath, join(import.meta.dirname, "../../../dist/cli.js"), "lsp", "--stdio"];

/** Longest wait for anything (ms): the machine may be busy, and a test that waits this long has failed. */
export const patience = 60_000;

export interface Wire {
  readonly process: ChildProcess;
  readonly checker: Checker;
  readonly stderr: string;
  /** How the server ended. Rejects after `patience`. */
  ended(): Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Bytes as they are; with the ids of the requests in them. */
  raw(bytes: Buffer | string, ...ids: number[]): void;
  /** Sends without the checker: for what a client must not do. */
  wrong(message: Message): void;
  notify(method: string, params?: unknown): void;
  /** The whole response. Rejects when the server ends, or after `patience`. */
  request(method: string, params?: unknown, id?: number | string): Promise<Message>;
  /** Response to an id whose request was sent by hand. */
  answer(id: number | string): Promise<Message>;
  initialize(params?: object): Promise<Message>;
  /** Shuts down in order and gives the exit status. */
  stop(): Promise<number | null>;
  onMessage(listener: (message: Message) => void): void;
  /** Resolves when a message from the server holds, also one that has come. */
  until(holds: (message: Message) => boolean): Promise<Message>;
}

export function startServer(command: readonly string[] = serverCommand, cwd?: string): Wire {
  const child = spawn(command[0]!, command.slice(1), { stdio: ["pipe", "pipe", "pipe"], ...(cwd ? { cwd } : {}) });
  const checker = createChecker();
  // Ids of requests that went past the checker: it shall not judge their answers.
  const past = new Set<number | string>();
  const answers = new Map<number | string, { message: Message } | ((message: Message) => void)>();
  const listeners: ((message: Message) => void)[] = [];
  const recent: Message[] = [];
  let stderr = "";
  let last = 0;
  let failed: (error: Error) => void;
  const dead = new Promise<never>((_, reject) => (failed = reject));
  dead.catch(() => {});
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
  child.stdin.on("error", () => {}); // A server that has ended is seen by its exit.
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => child.on("close", (code, signal) => {
    checker.ended(code);
    resolve({ code, signal });
    setImmediate(() => failed(new Error(`the server ended with ${code ?? signal}: ${stderr.slice(-2000)}`)));
  }));
  const send = (message: Message) => {
    checker.take("client", message);
    child.stdin.write(frame(message));
  };
  child.stdout.on("data", deframer((body) => {
    const message = JSON.parse(body) as Message;
    if (message.method !== undefined || !past.delete(message.id!)) checker.take("server", message);
    if (message.method === undefined) {
      const waiting = answers.get(message.id!);
      if (typeof waiting === "function") waiting(message);
      else answers.set(message.id!, { message });
      return;
    }
    if (message.id !== undefined) send({ jsonrpc: "2.0", id: message.id!, result: clientAnswer(message) });
    recent.push(message);
    if (recent.length > 200) recent.shift();
    for (const listener of listeners) listener(message);
  }, (bytes) => checker.stray("server", bytes)));
  const patient = <T>(what: string, promise: Promise<T>, death: Promise<never> = dead): Promise<T> => {
    let timer: NodeJS.Timeout;
    const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(`waited ${patience / 1000} s for ${what}; ${stderr.slice(-1000)}`)), patience)));
    return Promise.race([promise, late, death]).finally(() => clearTimeout(timer));
  };
  const wire: Wire = {
    process: child, checker,
    get stderr() { return stderr; },
    raw(bytes, ...ids) {
      for (const id of ids) past.add(id);
      child.stdin.write(bytes);
    },
    wrong(message) {
      if (message.id !== undefined) past.add(message.id!);
      child.stdin.write(frame({ jsonrpc: "2.0", ...message }));
    },
    notify: (method, params) => send({ jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) }),
    request(method, params, id = ++last) {
      send({ jsonrpc: "2.0", id, method, ...(params === undefined ? {} : { params }) });
      return wire.answer(id);
    },
    answer: (id) => patient(`an answer to ${id}`, new Promise((resolve) => {
      const known = answers.get(id);
      answers.delete(id);
      if (known && typeof known !== "function") resolve(known.message);
      else answers.set(id, (message) => (answers.delete(id), resolve(message)));
    })),
    async initialize(params) {
      const answer = await wire.request("initialize", { processId: null, rootUri: null, capabilities: {}, ...params });
      wire.notify("initialized", {});
      return answer;
    },
    async stop() {
      await wire.request("shutdown");
      wire.notify("exit");
      return (await wire.ended()).code;
    },
    ended: () => patient("the server's end", exit, new Promise(() => {})),
    onMessage: (listener) => void listeners.push(listener),
    until: (holds) => patient("a message", new Promise((resolve) => {
      const found = recent.find(holds);
      if (found) return resolve(found);
      listeners.push((message) => void (holds(message) && resolve(message)));
    })),
  };
  return wire;
}

/** What an editor answers that lets the server do nothing. */
function clientAnswer({ method, params }: Message): unknown {
  if (method === "workspace/configuration") return params.items.map(() => null);
  if (method === "workspace/applyEdit") return { applied: false };
  return method === "window/showDocument" ? { success: true } : null;
}
