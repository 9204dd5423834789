// Starts the gateway: HTTP server, registration in Consul, shutdown on SIGTERM.

import { once } from "node:events";
import { createServer } from "node:http";
import { createApp } from "./app.js";
import { config, logger } from "./config.js";
import { closeOrders } from "./orders.js";
import { keepRatesFresh, refreshRates } from "./rates.js";
import { deregister, register, startHeartbeat } from "./registration.js";

const status = { draining: false };

await refreshRates();
const rates = keepRatesFresh();

const server = createServer(createApp(status));
// Product pages fan out to slow partners, so give them time.
server.requestTimeout = 45_000;
server.headersTimeout = 10_000;
server.on("error", (err) => {
  logger.fatal({ err }, "server failed");
  process.exit(1);
});
server.listen(config.port);
await once(server, "listening");

await register();
const heartbeat = startHeartbeat();
logger.info({ port: config.port }, "gateway is up");

process.once("SIGTERM", () => void shutdown());

/** Leaves the registry first, so that no new caller comes, then finishes what is under way. */
async function shutdown(): Promise<void> {
  status.draining = true;
  clearInterval(heartbeat);
  clearInterval(rates);
  try {
    await deregister();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    closeOrders();
  } catch (err) {
    logger.error({ err }, "shutdown failed");
    process.exitCode = 1;
  }
  process.exit();
}
