// Announces orders on Kafka.

import { Kafka, logLevel, Partitioners } from "kafkajs";
import { config } from "./config.js";

export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly sku: string;
  readonly quantity: number;
  readonly reservation: string;
}

const kafka = new Kafka({
  clientId: "orders",
  brokers: config.brokers,
  logLevel: logLevel.WARN,
  connectionTimeout: 1_000,
  requestTimeout: 1_000,
});

// A caller waits for the broker's answer, so one retry has to do.
const producer = kafka.producer({
  allowAutoTopicCreation: false,
  createPartitioner: Partitioners.DefaultPartitioner,
  retry: { initialRetryTime: 200, retries: 1 },
});

export async function connectEvents(): Promise<void> {
  await producer.connect();
}

/** Resolves when all replicas have the event. Orders of one customer stay in order. */
export async function publishPlaced(order: Order): Promise<void> {
  await producer.send({
    topic: "orders.placed",
    acks: -1,
    messages: [{ key: order.customer, value: JSON.stringify(order) }],
  });
}

export async function disconnectEvents(): Promise<void> {
  await producer.disconnect();
}
