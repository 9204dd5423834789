// A consumer that works through a batch without a sign of life is dropped from its group, and the batch is read again.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { kafkaBatchLoop, type KafkaBatchLoop } from "../facts/kafka-batch-loop.ts";
import { kafkaClient, libraryOf, silenceOf } from "../facts/kafka-client.ts";
import { kafkaRetryLimit } from "../facts/kafka-retry-limit.ts";
import type { Facts, Finding, Linked, Rule, Source } from "../../engine/types.ts";

export const batchWithoutHeartbeat: Rule = {
  id: "kafka/batch-without-heartbeat",
  title: "Kafka batch without a heartbeat",
  why: `kafkajs sends heartbeats between messages and between batches, never while eachBatch runs. A batch that takes longer than the session
timeout (30 s by default) costs the consumer its partitions: the group rebalances and reads the same batch again, often without end.
"heartbeat() can be used to send heartbeat to the broker according to the set heartbeatInterval": https://kafka.js.org/docs/consuming#a-name-each-batch-a-eachbatch;
https://github.com/tulios/kafkajs/issues/708. Retry options belong to the same contract with the broker: maxRetryTime and initialRetryTime
are both milliseconds, and a largest delay below the first one turns backoff into a rapid fire: https://kafka.js.org/docs/configuration#default-retry.`,
  check: {
    ts: {
      reads: [kafkaBatchLoop, kafkaRetryLimit, kafkaClient],
      *find(file, facts) {
        for (const loop of facts.in(file.path, kafkaBatchLoop)) if (libraryOf(loop, loop.value.of, facts)?.manual) yield silent(loop, facts);
        yield* units(file, facts);
      },
    },
  },
  examples: [
    {
      bad: files`
import { Kafka } from "kafkajs";
import { store } from "./store";
const consumer = new Kafka({ brokers: ["kafka:9092"] }).consumer({ groupId: "orders", sessionTimeout: 45_000 });
await consumer.run({
  eachBatch: async ({ batch, resolveOffset }) => {
    for (const message of batch.messages) {
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: eachBatch sends no heartbeat in this loop, and its session ends after 45 s
      await store(message);
      resolveOffset(message.offset);
    }
  },
});
`,
      fixed: files`
import { Kafka } from "kafkajs";
import { store } from "./store";
const consumer = new Kafka({ brokers: ["kafka:9092"] }).consumer({ groupId: "orders", sessionTimeout: 45_000 });
await consumer.run({
  eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
    for (const message of batch.messages) {
      await store(message);
      resolveOffset(message.offset);
      await heartbeat();
    }
  },
});
`,
    },
    {
      bad: files`
import type { Kafka } from "kafkajs";
export const producer = (kafka: Kafka) => kafka.producer({ retry: { retries: 10, initialRetryTime: 1000, maxRetryTime: 30 } });
                                                                                                                       ^^ error: maxRetryTime of 30 ms is below initialRetryTime of 1 s: both are milliseconds
`,
      fixed: files`
import type { Kafka } from "kafkajs";
export const producer = (kafka: Kafka) => kafka.producer({ retry: { retries: 10, initialRetryTime: 1000, maxRetryTime: 30000 } });
`,
    },
    {
      good: files`
import type { EachBatchPayload } from "kafkajs";
import { store } from "./store";
export async function eachBatch({ batch, resolveOffset, isRunning, isStale }: EachBatchPayload) {
  for (const message of batch.messages) {
    if (!isRunning() || isStale()) break;
    await store(message);
    resolveOffset(message.offset);
  }
}
`,
    },
  ],
};

function silent(loop: Linked<KafkaBatchLoop>, facts: Facts): Finding {
  const { of, consumer, edits } = loop.value;
  const after = silenceOf(loop, consumer, libraryOf(loop, of, facts)!, facts);
  const message = after === undefined ? say`eachBatch sends no heartbeat in this loop: kafkajs sends none while it runs` : say`eachBatch sends no heartbeat in this loop, and its session ends after ${duration(after)}`;
  return { at: loop.at, message, ...(edits ? { fixes: [{ title: "Send a heartbeat after each turn of the loop", safe: false, edits }] } : {}) };
}

function* units(file: Source, facts: Facts): Iterable<Finding> {
  for (const limit of facts.in(file.path, kafkaRetryLimit)) {
    const { most, first, of } = limit.value;
    if (!("known" in most) || !("known" in first) || most.known >= first.known || !libraryOf(limit, of, facts)) continue;
    const target = most.known * 1000;
    const fixes = target >= first.known && most.by === "text" ? [{ title: `Raise maxRetryTime to ${duration(target)}`, safe: false, edits: [{ at: most.from[0]!, duration: target }] }] : [];
    const implied = first.by === "default";
    const message = implied
      ? say`maxRetryTime of ${duration(most.known)} is below kafkajs' first delay of ${duration(first.known)}: both are milliseconds`
      : say`maxRetryTime of ${duration(most.known)} is below initialRetryTime of ${duration(first.known)}: both are milliseconds`;
    yield { at: limit.at, variant: "unit", message, fixes };
  }
}
