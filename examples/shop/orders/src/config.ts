// Settings of the orders service, from its environment.

import { hostname } from "node:os";
import { pino } from "pino";

export const config = {
  port: Number(process.env.PORT ?? 50051),
  inventoryAddress: process.env.INVENTORY_ADDRESS ?? "inventory.shop.internal:50051",
  brokers: (process.env.KAFKA_BROKERS ?? "kafka:9092").split(","),
  consulHost: process.env.CONSUL_HOST ?? "127.0.0.1",
  consulDefinition: process.env.CONSUL_DEFINITION ?? "/etc/shop/consul.yaml",
  /** Where other services reach this instance. */
  address: process.env.POD_IP ?? hostname(),
};

export const logger = pino({ name: "orders", level: process.env.LOG_LEVEL ?? "info" });
