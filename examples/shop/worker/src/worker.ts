// Consumes placed orders and tells the customers.

import { Kafka, logLevel, Partitioners } from "kafkajs";
import { config, logger } from "./config.js";
import { notify, parseOrder } from "./notify.js";
import { reportHealth } from "./probe.js";

const kafka = new Kafka({ clientId: "worker", brokers: config.brokers, logLevel: logLevel.WARN });
const consumer = kafka.consumer({ groupId: "order-notifications", sessionTimeout: 30_000, heartbeatInterval: 3_000 });
const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner });

reportHealth(consumer);
consumer.on(consumer.events.CRASH, ({ payload }) => {
  logger.error({ err: payload.error }, "consumer crashed");
  if (!payload.restart) process.exit(1);
});

await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic: "orders.placed" });
await consumer.run({
  eachMessage: async ({ message, partition }) => {
    logger.info({ partition, offset: message.offset }, "order received");
    const order = parseOrder(message.value);
    if (!order) {
      logger.warn({ partition, offset: message.offset }, "order cannot be read");
      await producer.send({ topic: "orders.unreadable", messages: [{ key: message.key, value: message.value }] });
      return;
    }
    await notify(order);
    if (logger.isLevelEnabled("debug")) logger.debug({ order: order.id }, "customer notified");
  },
});
logger.info("worker is up");

process.once("SIGTERM", () => void shutdown());

/** Finishes the message under way, then leaves the group. */
async function shutdown(): Promise<void> {
  try {
    await consumer.disconnect();
    await producer.disconnect();
  } catch (err) {
    logger.error({ err }, "shutdown failed");
    process.exitCode = 1;
  }
  process.exit();
}
