// Files for the probes: one appears when the worker has joined its group, the other is touched with every heartbeat to Kafka.

import { rm, writeFile } from "node:fs/promises";
import type { Consumer } from "kafkajs";
import { config, logger } from "./config.js";

/** Keeps the probe files in step with the consumer. */
export function reportHealth(consumer: Consumer): void {
  consumer.on(consumer.events.GROUP_JOIN, () => {
    touch(config.readyFile);
    touch(config.aliveFile);
  });
  consumer.on(consumer.events.HEARTBEAT, () => touch(config.aliveFile));
  consumer.on(consumer.events.DISCONNECT, () => remove(config.readyFile));
}

function touch(file: string): void {
  writeFile(file, new Date().toISOString()).catch((err) => logger.warn({ err, file }, "probe file not written"));
}

function remove(file: string): void {
  rm(file, { force: true }).catch((err) => logger.warn({ err, file }, "probe file not removed"));
}
