// A log call that loses its error: the one line that explains the outage says only that there was one.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { derivedLogger, loggerBehind } from "../facts/derived-logger.ts";
import { logError, type LogError } from "../facts/log-error.ts";
import { loggerErrors, type LoggerErrors } from "../facts/logger-errors.ts";
import type { Edit, Facts, Finding, Fix, Linked, Message, Rule } from "../../engine/types.ts";

export const errorDropped: Rule = {
  id: "log/error-dropped",
  title: "Log call drops the error",
  why: `pino takes an object before the text and fills the text's placeholders with what follows; anything else is dropped without a word
(https://github.com/pinojs/pino/blob/main/docs/api.md#logging-method-parameters). An Error has no enumerable properties: as JSON it is {},
and at best the fields that a library adds, so only keys with a serializer keep it, in pino \`err\`. winston writes an error in the metadata as {} as well, whatever its formats
(https://github.com/winstonjs/winston/issues/1338). The incident is over when somebody finds that the line for it is empty.`,
  check: {
    ts: {
      reads: [logError, loggerErrors, derivedLogger],
      *find(file, facts) {
        for (const call of facts.in(file.path, logError)) {
          const finding = judged(call, facts, file.path);
          if (finding) yield finding;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import pino from "pino";
import { charge } from "./charge";
const logger = pino();
export async function pay(order: string) {
  try {
    await charge(order);
    logger.info("charged", { order });
                           ^^^^^^^^^ warning: pino writes only the text and drops what follows it
  } catch (error) {
    logger.error("charge failed", error);
                                  ^^^^^ error: pino writes only the text and drops error
  }
}
`,
      fixed: files`
import pino from "pino";
import { charge } from "./charge";
const logger = pino();
export async function pay(order: string) {
  try {
    await charge(order);
    logger.info({ order }, "charged");
  } catch (error) {
    logger.error({ err: error }, "charge failed");
  }
}
`,
    },
    {
      good: files`
import pino from "pino";
import { charge } from "./charge";
const logger = pino();
export async function pay(order: string) {
  try {
    await charge(order);
  } catch (error) {
    logger.error(error, "charge failed");
    logger.error("charge of %s failed: %s", order, error);
    logger.error({ err: error, reason: (error as Error).message }, "charge failed");
  }
}
`,
    },
  ],
};

function judged(call: Linked<LogError>, facts: Facts, path: string): Finding | undefined {
  const { shape, error, text, key, ref, swap, rename, alone } = call.value;
  const made = ref && loggerBehind(facts, path, ref, loggerErrors);
  const library = made?.value.library ?? call.value.library;
  if (!library) return undefined;
  if (shape === "stringify") return finding(call, say`JSON.stringify(${text}) is {}: message and stack are not enumerable`, "stringify", alone && fix(`Write ${text} itself`, false, alone));
  const how = made ? [made.value] : treatments(call, facts, library);
  if (shape === "text-first") {
    if (library === "bunyan") return error ? finding(call, say`bunyan writes ${text} into the text only, without a field`, "text", swap && fix("Put the error first", false, swap)) : undefined;
    if (library !== "pino" || how.some((one) => one.rewrites)) return undefined;
    return finding(call, say`pino writes only the text and drops ${text}`, error ? undefined : "fields", swap && fix("Put it before the text", swap.sure, swap));
  }
  // Without a logger in sight nothing is known of its serializers.
  if (how.length === 0 || how.some((one) => one.rewrites)) return undefined;
  if (shape === "whole") return library === "winston" && how.every((one) => !one.whole) ? finding(call, say`winston writes neither message nor stack of ${text} without format.errors()`, "format") : undefined;
  if (how.some((one) => one.keeps === "any" || one.keeps.includes(key!))) return undefined;
  if (library === "winston") return shape === "metadata" ? finding(call, say`winston writes an error in the metadata as {}`, undefined, alone && fix("Pass the error itself", false, alone)) : undefined;
  if (shape !== "object-first" || (library !== "pino" && library !== "bunyan")) return undefined;
  return finding(call, say`${library} writes ${key!} without its message and stack: it has no serializer for that key`, "key", how.every((one) => one.keeps.includes("err")) && rename ? fix("Call it err", false, rename) : undefined);
}

/** Loggers of the service that behave so, for one that only its type tells. */
function treatments(call: Linked<LogError>, facts: Facts, library: string): readonly LoggerErrors[] {
  return facts.all(call.service, loggerErrors).facts.map((one) => one.value).filter((one) => one.library === library);
}

function finding(call: Linked<LogError>, message: Message, variant?: string, way?: Fix): Finding {
  return { at: call.at, message, ...(variant ? { variant } : {}), ...(way ? { fixes: [way] } : {}) };
}

function fix(title: string, safe: boolean, edit: Edit | NonNullable<LogError["swap"]>): Fix {
  return { title, safe, edits: ["sure" in edit ? { at: edit.at, text: edit.text } : edit] };
}
