// A handler that may take longer than its consumer may be silent: the group drops the consumer and reads the message again.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { awaitedWork } from "../facts/awaited-work.ts";
import { unlimitedReads } from "../facts/http-unlimited.ts";
import { kafkaClient, libraryOf, silenceOf } from "../facts/kafka-client.ts";
import { kafkaWork, type KafkaWork } from "../facts/kafka-work.ts";
import { workTime, type WorkTime } from "../facts/work-time.ts";
import type { Facts, Finding, Fix, Linked, Message, Rule } from "../../engine/types.ts";

export const handlerExceedsSession: Rule = {
  id: "kafka/handler-exceeds-session",
  title: "Handler outlasts its consumer's session",
  why: `kafkajs sends heartbeats between messages only. One message that takes longer than the session timeout (30 s by default) costs the consumer its
partitions: the group rebalances, another consumer reads the same message and waits as long. A single HTTP call without a timeout is enough:
https://github.com/tulios/kafkajs/issues/1396. librdkafka sends heartbeats in the background and drops a consumer that does not poll
for max.poll.interval.ms, 5 min by default. "handlers should not be blocked for longer than the configured session timeout or else the
consumer will be removed from the group": https://kafka.js.org/docs/consuming#a-name-each-message-a-eachmessage.`,
  check: {
    ts: {
      reads: [kafkaWork, kafkaClient, awaitedWork, ...unlimitedReads],
      *find(file, facts) {
        for (const work of facts.in(file.path, kafkaWork)) {
          const row = libraryOf(work, work.value.of, facts);
          if (!row || mayBeat(work, facts)) continue;
          const limit = silenceOf(work, work.value.consumer, row, facts);
          const time = workTime(file.path, work.value.steps, facts);
          const waits = time.call?.fact?.value.waits;
          // Without the consumer only what waits without any limit of its own is too long for sure.
          if (limit === undefined ? time.ms !== Infinity : time.ms <= limit || (waits !== undefined && waits <= limit)) continue;
          yield finding(work, time, limit);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import axios from "axios";
import { Kafka } from "kafkajs";
const consumer = new Kafka({ brokers: ["kafka:9092"] }).consumer({ groupId: "orders" });
await consumer.run({
  eachMessage: async ({ message }) => {
    await axios.post("https://billing.internal/orders", message.value);
          ^^^^^^^^^^ warning: axios.post has no timeout: the group drops this consumer after 30 s
  },
});
`,
      fixed: files`
import axios from "axios";
import { Kafka } from "kafkajs";
const consumer = new Kafka({ brokers: ["kafka:9092"] }).consumer({ groupId: "orders" });
await consumer.run({
  eachMessage: async ({ message }) => {
    await axios.post("https://billing.internal/orders", message.value, { timeout: 5_000 });
  },
});
`,
    },
    {
      bad: files`
//- kafka.ts
import { Kafka } from "kafkajs";
export const consumer = new Kafka({ brokers: ["kafka:9092"] }).consumer({ groupId: "orders", sessionTimeout: 20_000 });
//- main.ts
import { consumer } from "./kafka";
import { bill } from "./billing";
await consumer.run({ eachMessage: async ({ message }) => bill(message.value) });
                                                         ^^^^ bill may take 45 s: the group drops this consumer after 20 s
//- billing.ts
export async function bill(order: Buffer | null) {
  for (let attempt = 0; attempt < 3; attempt++) {
    const answer = await fetch("https://billing.internal", { method: "POST", body: order, signal: AbortSignal.timeout(15_000) });
    if (answer.ok) return;
  }
}
`,
    },
    {
      good: files`
import axios from "axios";
import { Kafka } from "kafkajs";
const consumer = new Kafka({ brokers: ["kafka:9092"] }).consumer({ groupId: "orders", sessionTimeout: 60_000 });
await consumer.run({
  eachMessage: async ({ message }) => {
    await axios.post("https://billing.internal/orders", message.value, { timeout: 45_000 });
  },
});
`,
    },
  ],
};

/** The whole payload goes to code that sends heartbeats, or that is not known. */
function mayBeat({ at, value }: Linked<KafkaWork>, facts: Facts): boolean {
  return value.handed.some((start) => {
    const step = value.steps.find((one) => one.given.includes(start));
    const inner = step?.target && facts.named(at.file, step.target, awaitedWork);
    return !inner || inner.value.beats;
  });
}

function finding(work: Linked<KafkaWork>, time: WorkTime, limit: number | undefined): Finding {
  const { step, call, most } = time;
  const alone = step !== undefined && (most > (limit ?? 0) || work.value.steps.length === 1);
  const at = alone ? { ...step.at, file: work.at.file } : work.at;
  const away = call !== undefined && (call.step !== step || call.file !== work.at.file);
  const edit = call?.fact?.value.edit;
  const fixes: Fix[] = edit && call?.fact ? [{ title: "Limit the call to 5 s", safe: false, edits: [{ at: { ...edit.at, file: call.fact.at.file }, text: edit.text }] }] : [];
  const related = away ? [{ at: { ...call.step.at, file: call.file }, message: time.ms === Infinity ? say`${call.step.what} has no timeout` : say`Most of the time may pass here` }] : [];
  return { at, message: message(alone ? step.what : work.value.kind, alone ? most : time.ms, away, limit), related, fixes };
}

function message(what: string, ms: number, away: boolean, limit: number | undefined): Message {
  if (ms !== Infinity) return say`${what} may take ${duration(ms)}: the group drops this consumer after ${duration(limit!)}`;
  if (limit === undefined) return away ? say`${what} waits without a timeout, and no heartbeat is sent meanwhile` : say`${what} has no timeout, and no heartbeat is sent meanwhile`;
  return away ? say`${what} waits without a timeout: the group drops this consumer after ${duration(limit)}` : say`${what} has no timeout: the group drops this consumer after ${duration(limit)}`;
}
