// Settings of the worker, from its environment.

import { pino } from "pino";

export const config = {
  brokers: (process.env.KAFKA_BROKERS ?? "kafka:9092").split(","),
  notificationsUrl: process.env.NOTIFICATIONS_URL ?? "http://notifications.shop.internal:8080",
  /** Files that the probes look at. */
  aliveFile: process.env.ALIVE_FILE ?? "/tmp/alive",
  readyFile: process.env.READY_FILE ?? "/tmp/ready",
};

export const logger = pino({ name: "worker", level: process.env.LOG_LEVEL ?? "info" });
