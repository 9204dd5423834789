// What a handler throws costs its own message: it is answered with an error, and logged with the place in the code. Logs hold no text of a document, so no message of an error either.

import { ErrorCodes, ResponseError, type Connection } from "vscode-languageserver/node";

export interface Faults {
  /** Runs a handler of a request. An error that was meant as the answer stays it. */
  answered<R>(method: string, work: () => R | Promise<R>): Promise<R>;
  /** Runs a handler of a notification. */
  taken(method: string, work: () => void): void;
  /** Logs what was thrown in work that nobody waits for. */
  log(what: string, error: unknown): void;
}

export function faultsOf(connection: Pick<Connection, "console">, version: string): Faults {
  const log = (what: string, error: unknown) => connection.console.error(`pitlint ${version}: ${what} failed: ${briefly(error)}${placesIn(error)}`);
  return {
    log,
    async answered(method, work) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        log(method, error);
        throw new ResponseError(ErrorCodes.InternalError, `${method} failed: ${briefly(error)}; the log of pitlint ${version} says where`);
      }
    },
    taken(method, work) {
      try {
        work();
      } catch (error) {
        log(method, error);
      }
    },
  };
}

/** What was thrown, without its message: that may quote what was read. What the system or a worker that does not start says quotes nothing. */
export function briefly(error: unknown): string {
  if (!(error instanceof Error)) return "no error was thrown but something else";
  const { code, syscall, message, name } = error as NodeJS.ErrnoException;
  return syscall !== undefined || code === "PITLINT_NO_WORKER" ? message : name;
}

/** The frames of a stack. Its head repeats the message, which may have many lines. */
function placesIn(error: unknown): string {
  const { stack = "", message = "" } = error instanceof Error ? error : {};
  const frames = stack.slice(message === "" ? 0 : stack.indexOf(message) + message.length);
  return frames.split("\n").filter((line) => /^ {4}at /.test(line)).map((line) => `\n${line}`).join("");
}
