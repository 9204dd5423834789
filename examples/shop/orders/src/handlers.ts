// What the orders service does for its callers.

import { randomUUID } from "node:crypto";
import { status, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { logger } from "./config.js";
import { publishPlaced, type Order } from "./events.js";
import { inventoryClient, isSoldOut } from "./inventory.js";

interface PlaceOrderRequest {
  readonly customer: string;
  readonly sku: string;
  readonly quantity: number;
}

interface CancelOrderRequest {
  readonly id: string;
  readonly reservation: string;
}

interface CancelOrderReply {
  readonly cancelled: boolean;
}

/** Reserves the articles, then announces the order. A reservation that no order follows expires in the inventory. */
export function placeOrder(call: ServerUnaryCall<PlaceOrderRequest, Order>, callback: sendUnaryData<Order>): void {
  const { customer, sku, quantity } = call.request;
  if (isSoldOut(sku)) {
    callback({ code: status.FAILED_PRECONDITION, details: `${sku} is sold out` });
    return;
  }
  inventoryClient.reserve({ sku, quantity }, { deadline: Date.now() + 2_000, parent: call }, (err, reservation) => {
    if (!reservation) {
      logger.warn({ err, sku }, "inventory did not reserve");
      callback({ code: status.UNAVAILABLE, details: "the inventory did not reserve the articles" });
      return;
    }
    const order = { id: randomUUID(), customer, sku, quantity, reservation: reservation.id };
    publishPlaced(order).then(
      () => callback(null, order),
      (cause) => {
        logger.error({ err: cause }, "order not announced");
        callback({ code: status.UNAVAILABLE, details: "the order was not accepted" });
      },
    );
  });
}

/** Gives the reserved articles back. */
export function cancelOrder(call: ServerUnaryCall<CancelOrderRequest, CancelOrderReply>, callback: sendUnaryData<CancelOrderReply>): void {
  const { reservation } = call.request;
  inventoryClient.release({ id: reservation }, { deadline: Date.now() + 2_000 }, (err, reply) => {
    if (!reply) {
      logger.warn({ err, reservation }, "inventory did not release");
      callback({ code: status.UNAVAILABLE, details: "the inventory did not release the articles" });
      return;
    }
    callback(null, { cancelled: reply.released });
  });
}
