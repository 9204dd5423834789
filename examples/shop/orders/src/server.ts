// Starts the orders service: gRPC server with health checks, registration in Consul, shutdown on SIGTERM.

import { fileURLToPath } from "node:url";
import { loadPackageDefinition, Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { HealthImplementation } from "grpc-health-check";
import { config, logger } from "./config.js";
import { connectEvents, disconnectEvents } from "./events.js";
import { cancelOrder, placeOrder } from "./handlers.js";
import { inventoryClient, watchSoldOut } from "./inventory.js";
import { deregister, register, startHeartbeat } from "./registration.js";

type OrdersPackage = { shop: { orders: { Orders: { service: ServiceDefinition } } } };

const definition = loadSync(fileURLToPath(new URL("../proto/orders.proto", import.meta.url)), { defaults: true });
const { Orders } = (loadPackageDefinition(definition) as unknown as OrdersPackage).shop.orders;

const health = new HealthImplementation({ "": "SERVING", "shop.orders.Orders": "NOT_SERVING" });

// Callers look the service up again when their connection has become old: new replicas get work.
const server = new Server({
  "grpc.max_connection_age_ms": 300_000,
  "grpc.max_connection_age_grace_ms": 30_000,
});
server.addService(Orders.service, { placeOrder, cancelOrder });
health.addToServer(server);

await connectEvents();
const soldOut = watchSoldOut();
await new Promise<void>((resolve, reject) => {
  server.bindAsync(`0.0.0.0:${config.port}`, ServerCredentials.createInsecure(), (err) => (err ? reject(err) : resolve()));
});
health.setStatus("shop.orders.Orders", "SERVING");

await register();
const heartbeat = startHeartbeat();
logger.info({ port: config.port }, "orders is up");

process.once("SIGTERM", () => void shutdown());

/** Leaves the registry, finishes the calls under way, and gives up after 20 s. */
async function shutdown(): Promise<void> {
  const giveUp = setTimeout(() => process.exit(1), 20_000);
  try {
    health.setStatus("shop.orders.Orders", "NOT_SERVING");
    clearInterval(heartbeat);
    clearInterval(soldOut);
    await deregister();
    await new Promise<void>((resolve, reject) => server.tryShutdown((err) => (err ? reject(err) : resolve())));
    await disconnectEvents();
    inventoryClient.close();
  } catch (err) {
    logger.error({ err }, "shutdown failed");
    process.exitCode = 1;
  } finally {
    clearTimeout(giveUp);
  }
  process.exit();
}
