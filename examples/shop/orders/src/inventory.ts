// Client of the inventory service, and a local list of what is sold out.

import { fileURLToPath } from "node:url";
import { credentials, loadPackageDefinition, type CallOptions, type ChannelCredentials, type ChannelOptions, type ClientUnaryCall, type ServiceError } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { config, logger } from "./config.js";

type Done<T> = (err: ServiceError | null, reply?: T) => void;

interface Unary<Q, A> {
  (request: Q, done: Done<A>): ClientUnaryCall;
  (request: Q, options: Partial<CallOptions>, done: Done<A>): ClientUnaryCall;
}

interface InventoryClient {
  readonly reserve: Unary<{ sku: string; quantity: number }, { id: string }>;
  readonly release: Unary<{ id: string }, { released: boolean }>;
  readonly getSoldOut: Unary<object, { skus: string[] }>;
  close(): void;
}

type InventoryPackage = { shop: { inventory: { Inventory: new (address: string, creds: ChannelCredentials, options?: ChannelOptions) => InventoryClient } } };

const definition = loadSync(fileURLToPath(new URL("../proto/inventory.proto", import.meta.url)), { defaults: true });
const { Inventory } = (loadPackageDefinition(definition) as unknown as InventoryPackage).shop.inventory;

export const inventoryClient = new Inventory(config.inventoryAddress, credentials.createInsecure());

let soldOut: ReadonlySet<string> = new Set();

/** True when the last list from the inventory has no stock of this article. */
export function isSoldOut(sku: string): boolean {
  return soldOut.has(sku);
}

/** Asks for the list of sold-out articles every 15 s, until the timer is cleared. */
export function watchSoldOut(): NodeJS.Timeout {
  refreshSoldOut();
  return setInterval(refreshSoldOut, 15_000);
}

function refreshSoldOut(): void {
  inventoryClient.getSoldOut({}, (err, reply) => {
    if (reply) soldOut = new Set(reply.skus);
    else logger.warn({ err }, "list of sold-out articles is out of date");
  });
}
