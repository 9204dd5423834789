// A line for every message: at ten thousand messages a second the log is the load.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { logCall, type LogCall } from "../facts/log-call.ts";
import { derivedLogger, loggerBehind } from "../facts/derived-logger.ts";
import { logger, type LogLibrary } from "../facts/logger.ts";
import type { Finding, Fix, Linked, Rule } from "../../engine/types.ts";

export const unsampledHotPath: Rule = {
  id: "log/unsampled-hot-path",
  title: "Log line for every message, without sampling",
  why: `A log line per message, per item or with a whole payload grows with traffic: in a burst the disk and the collector give out first,
and the lines that matter drown. Writing to a pipe or a file is synchronous for console and for pino's default destination
(https://nodejs.org/api/process.html#a-note-on-process-io), so each line also holds the event loop.
Write such lines at debug level, sample them, or count and write one line per interval.`,
  check: {
    ts: {
      reads: [logCall, logger, derivedLogger],
      *find(file, facts) {
        for (const call of facts.in(file.path, logCall)) {
          const made = call.value.ref && loggerBehind(facts, file.path, call.value.ref, logger);
          const library = call.value.library ?? made?.value.library;
          if (!library || made?.value.sampled) continue;
          // Below the level that most services write, a line costs next to nothing; console has no levels.
          if (call.value.method === "debug" && library !== "console") continue;
          const level = made?.value.level;
          const mute = level !== undefined && "known" in level && typeof level.known === "string" && /^(warn|warning|error|fatal|silent|off|crit|emerg|alert)$/i.test(level.known);
          // Muted by the code, it is never written; muted by today's deployment, it waits for the day somebody turns the level up.
          if (mute && !level.from.some((one) => /\.ya?ml$/.test(one.file))) continue;
          yield finding(call, library, mute);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import pino from "pino";
import { kafka } from "./kafka";
const logger = pino();
await kafka.consumer({ groupId: "orders" }).run({
  eachMessage: async ({ message }) => {
    logger.info({ body: message.value?.toString() }, "received");
    ^^^^^^^^^^^ logger.info() writes a line for every message, without sampling
    await handle(message);
  },
});
`,
      fixed: files`
import pino from "pino";
import { kafka } from "./kafka";
const logger = pino();
await kafka.consumer({ groupId: "orders" }).run({
  eachMessage: async ({ message }) => {
    logger.debug({ body: message.value?.toString() }, "received");
    await handle(message);
  },
});
`,
    },
    {
      good: files`
import pino from "pino";
import { kafka } from "./kafka";
const logger = pino();
await kafka.consumer({ groupId: "orders" }).run({
  eachMessage: async ({ message }) => {
    if (Math.random() < 0.01) logger.info({ key: message.key?.toString() }, "received");
    try {
      await handle(message);
    } catch (error) {
      logger.info({ err: error }, "put aside");
    }
  },
});
`,
    },
  ],
};

function finding(call: Linked<LogCall>, library: LogLibrary, mute: boolean): Finding {
  const { callee, each, large } = call.value;
  const message = each === "request"
    ? say`${callee}() writes ${large!.length > 30 ? "a whole payload" : large!} whole for every request`
    : each === "item"
      ? say`${callee}() writes a line for every item of a loop in a handler`
      : say`${callee}() writes a line for every ${each}, without sampling`;
  const variant = mute ? "quiet" : each === "request" ? "payload" : each === "item" ? "item" : each === "job" ? "job" : undefined;
  return { at: call.at, message, ...(variant ? { variant } : {}), fixes: fixesOf(call.value, library) };
}

/** Loggers with levels write the line at debug; console has none that hides it, and Nest writes all of them. */
function fixesOf({ methodAt, statement }: LogCall, library: LogLibrary): Fix[] {
  const lower: Fix = { title: "Write it at debug level", safe: false, edits: [{ at: methodAt, text: "debug" }] };
  const sample: Fix[] = statement ? [{ title: "Write one line in a hundred", safe: false, edits: [{ at: statement, text: "if (Math.random() < 0.01) " }] }] : [];
  return library === "console" ? sample : library === "nest" ? [...sample, lower] : [lower, ...sample];
}
