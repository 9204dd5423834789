// The gateway's client of the orders service.

import { fileURLToPath } from "node:url";
import { credentials, loadPackageDefinition, type CallOptions, type ChannelCredentials, type ChannelOptions, type ClientUnaryCall, type ServiceError } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { config } from "./config.js";

export interface NewOrder {
  readonly customer: string;
  readonly sku: string;
  readonly quantity: number;
}

export interface Order extends NewOrder {
  readonly id: string;
  readonly reservation: string;
}

type Done<T> = (err: ServiceError | null, reply?: T) => void;
type Unary<Q, A> = (request: Q, options: Partial<CallOptions>, done: Done<A>) => ClientUnaryCall;

interface OrdersClient {
  readonly placeOrder: Unary<NewOrder, Order>;
  readonly cancelOrder: Unary<{ id: string; reservation: string }, { cancelled: boolean }>;
  close(): void;
}

type OrdersPackage = { shop: { orders: { Orders: new (address: string, creds: ChannelCredentials, options: ChannelOptions) => OrdersClient } } };

const definition = loadSync(fileURLToPath(new URL("../proto/orders.proto", import.meta.url)));
const { Orders } = (loadPackageDefinition(definition) as unknown as OrdersPackage).shop.orders;

// The Service is headless: with round_robin each replica gets its share of the calls.
const orders = new Orders(config.ordersAddress, credentials.createInsecure(), {
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
});

export function placeOrder(order: NewOrder, signal: AbortSignal): Promise<Order> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const call = orders.placeOrder(order, { deadline: Date.now() + 5_000 }, (err, reply) => (reply ? resolve(reply) : reject(err)));
    signal.addEventListener("abort", () => call.cancel(), { once: true });
  });
}

export function cancelOrder(order: { id: string; reservation: string }, signal: AbortSignal): Promise<{ cancelled: boolean }> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const call = orders.cancelOrder(order, { deadline: Date.now() + 5_000 }, (err, reply) => (reply ? resolve(reply) : reject(err)));
    signal.addEventListener("abort", () => call.cancel(), { once: true });
  });
}

export function closeOrders(): void {
  orders.close();
}
