// Settings of the gateway, from its environment.

import { hostname } from "node:os";
import { pino } from "pino";

export const config = {
  port: Number(process.env.PORT ?? 8080),
  /** Catalogue of products, prices and reviews. */
  catalogUrl: process.env.CATALOG_URL ?? "http://catalog.shop.internal:8080",
  /** Exchange rates of an outside provider. */
  ratesUrl: process.env.RATES_URL ?? "https://rates.example.com",
  ordersAddress: process.env.ORDERS_ADDRESS ?? "dns:///orders:50051",
  consulHost: process.env.CONSUL_HOST ?? "127.0.0.1",
  consulDefinition: process.env.CONSUL_DEFINITION ?? "/etc/shop/consul.yaml",
  /** Where other services reach this instance. */
  address: process.env.POD_IP ?? hostname(),
};

export const logger = pino({ name: "gateway", level: process.env.LOG_LEVEL ?? "info" });
