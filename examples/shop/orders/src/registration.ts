// Registers this instance in Consul as consul/orders.yaml defines it, and keeps its TTL check passing.

import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import Consul from "consul";
import { parse } from "yaml";
import { config, logger } from "./config.js";

interface Definition {
  readonly service: { readonly name: string; readonly port: number };
}

// The types of the client do not list `timeout` (ms), the client honours it.
const agent = { host: config.consulHost, timeout: 2_000 };
const consul = new Consul(agent);
/** Unique per replica. */
const id = `orders-${hostname()}`;

/** Adds this instance to the registry. It counts as healthy from its first heartbeat on. */
export async function register(): Promise<void> {
  const { service } = parse(await readFile(config.consulDefinition, "utf8")) as Definition;
  await consul.agent.service.register({ ...service, id, address: config.address });
  await consul.agent.check.pass(`service:${id}`);
}

/** Renews the check until the timer is cleared. */
export function startHeartbeat(): NodeJS.Timeout {
  return setInterval(() => {
    consul.agent.check.pass(`service:${id}`).catch((err) => logger.warn({ err }, "heartbeat failed"));
  }, 20_000);
}

/** Takes this instance out of the registry. */
export async function deregister(): Promise<void> {
  await consul.agent.service.deregister(id);
}
