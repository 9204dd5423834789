// Fact: what a Kafka handler waits for while its consumer sends no heartbeat.

import { stepsOf, type WorkStep } from "./awaited-work.ts";
import type { KafkaSource } from "./kafka-client.ts";
import { callsOf, kafkaHandlerMentions, kafkaHandlers, type KafkaHandler } from "./kafka-handler.ts";
import { payloadOf } from "./kafka-payload.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import type { FactKind, Ref } from "../../engine/types.ts";

export interface KafkaWork {
  readonly kind: "eachMessage" | "eachBatch";
  readonly of: KafkaSource;
  readonly consumer?: Ref;
  /** Where the function starts, if this file has it. */
  readonly start?: number;
  readonly steps: readonly WorkStep[];
  /** Offsets at which the whole payload is handed on: what gets it may send heartbeats. */
  readonly handed: readonly number[];
}

export const kafkaWork: FactKind<KafkaWork> = {
  id: "kafka-work",
  title: "Work of a Kafka handler",
  ts: {
    mentions: kafkaHandlerMentions,
    *find(file) {
      const handlers = kafkaHandlers(file);
      for (const handler of handlers) {
        const { kind, of, consumer, target, function: fn } = handler;
        const about = { kind, of, ...(consumer ? { consumer } : {}) };
        if (target) yield { at: span(handler.at), value: { ...about, handed: [], steps: [{ at: span(handler.at), what: kind, target, given: [], certain: true, times: 1 }] } };
        if (!fn || !isSilent(file, handler, handlers)) continue;
        const steps = stepsOf(file, fn);
        if (steps.length) yield { at: span(handler.at), value: { ...about, start: fn.getStart(), steps, handed: payloadOf(file, fn).whole.map((one) => one.getStart()) } };
      }
    },
  },
};

/** Sends no heartbeat and never pauses; nor does the handler that calls it, which is judged itself. */
function isSilent(file: TsFile, { function: fn, consumer }: KafkaHandler, handlers: readonly KafkaHandler[]): boolean {
  if (!fn || ["heartbeat", "pause"].some((part) => payloadOf(file, fn).uses(part).length > 0) || /\.pause\(/.test(fn.getText())) return false;
  if (consumer) return true;
  return !callsOf(file, fn).some((call) => handlers.some((one) => one.function === enclosingFunction(call) || /heartbeat/.test(enclosingFunction(call)?.getText() ?? "")));
}
