// A message is committed when its handler returns: work that is not done then is lost with the process, and its failure with it.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { isPromise } from "../facts/async-call.ts";
import { asyncClient } from "../facts/async-client.ts";
import { earlyCommit, type EarlyCommit } from "../facts/early-commit.ts";
import { kafkaClient, libraryOf } from "../facts/kafka-client.ts";
import type { Queue } from "../facts/message-handler.ts";
import { promiseFunction } from "../facts/promise-function.ts";
import type { Message, Rule } from "../../engine/types.ts";

export const commitBeforeProcessing: Rule = {
  id: "kafka/commit-before-processing",
  title: "Message committed before it is processed",
  why: `kafkajs and librdkafka commit a message once the handler's promise resolves; a RabbitMQ message is gone after ack(), a BullMQ job and an
SQS message when their handler returns. Work that nobody waits for is then lost when the process ends, its errors never reach the retry of the
consumer, and the handler takes on more messages than it can finish. A catch that only logs commits what was not processed.
"Offsets are committed after the messages are resolved": https://kafka.js.org/docs/consuming#a-name-auto-commit-a-autocommit;
https://github.com/tulios/kafkajs/blob/v2.2.4/src/consumer/runner.js#L201 (eachMessage is awaited, then its offset is resolved);
https://www.rabbitmq.com/docs/confirms#consumer-acknowledgements.`,
  check: {
    ts: {
      reads: [earlyCommit, kafkaClient, promiseFunction, asyncClient],
      *find(file, facts) {
        for (const one of facts.in(file.path, earlyCommit)) {
          const { is, of, proof, edits, callee } = one.value;
          if (of && !libraryOf(one, of, facts)) continue;
          if (proof && !isPromise(one, proof, (producer) => libraryOf(one, producer, facts), facts)) continue;
          const variant = is === "swallowed" || is === "detached" ? { variant: is } : {};
          yield { at: one.at, ...variant, message: message(one.value), ...(edits ? { fixes: [{ title: title(is, callee), safe: false, edits }] } : {}) };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { Kafka } from "kafkajs";
import { save } from "./orders";
const consumer = new Kafka({ brokers: ["kafka:9092"] }).consumer({ groupId: "orders" });
await consumer.run({
  eachMessage: async ({ message }) => {
    save(JSON.parse(String(message.value)));
    ^^^^ error: save() is not awaited: the offset is committed before it is done
  },
});
//- orders.ts
export async function save(order: object): Promise<void> {}
`,
      fixed: files`
import { Kafka } from "kafkajs";
import { save } from "./orders";
const consumer = new Kafka({ brokers: ["kafka:9092"] }).consumer({ groupId: "orders" });
await consumer.run({
  eachMessage: async ({ message }) => {
    await save(JSON.parse(String(message.value)));
  },
});
//- orders.ts
export async function save(order: object): Promise<void> {}
`,
    },
    {
      bad: files`
import type { Consumer } from "kafkajs";
import { save, logger } from "./orders";
export const run = (consumer: Consumer) =>
  consumer.run({
    eachMessage: async ({ message }) => {
      try {
        await save(message.value);
      } catch (error) {
        ^^^^^^^^^^^^^ warning: This catch only logs: the offset of a failed message is committed
        logger.error({ error }, "order failed");
      }
    },
  });
`,
    },
    {
      good: files`
import type { Consumer, Producer } from "kafkajs";
import { save, logger } from "./orders";
export const run = (consumer: Consumer, producer: Producer) =>
  consumer.run({
    eachMessage: async ({ message }) => {
      try {
        await save(message.value);
      } catch (error) {
        logger.error({ error }, "order failed");
        await producer.send({ topic: "orders.dead", messages: [message] });
      }
    },
  });
`,
    },
  ],
};

const committed: Readonly<Record<Queue, string>> = {
  kafka: "the offset is committed", amqplib: "the message is acknowledged", bullmq: "the job completes", "sqs-consumer": "the message is deleted",
};
const failed: Readonly<Record<Queue, string>> = {
  kafka: "the offset of a failed message is committed", amqplib: "a failed message is acknowledged", bullmq: "a failed job completes", "sqs-consumer": "a failed message is deleted",
};

function message({ is, queue, callee }: EarlyCommit): Message {
  if (is === "each") return say`${callee} does not wait for its async callback: ${committed[queue]} before it is done`;
  if (is === "swallowed") return say`This catch only logs: ${failed[queue]}`;
  if (is === "order") return say`${callee}() runs before the work on the message is done`;
  return say`${callee}() is not awaited: ${committed[queue]} before it is done`;
}

function title(is: EarlyCommit["is"], callee: string): string {
  if (is === "each") return "Wait for all callbacks";
  if (is === "swallowed") return "Throw the error again, so that the message is read again";
  return is === "order" ? `Move ${callee}() behind the work` : `Await ${callee}()`;
}
