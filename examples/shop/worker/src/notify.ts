// Tells a customer about an order.

import { config } from "./config.js";

export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly sku: string;
  readonly quantity: number;
}

/** The order in a message; undefined when the message holds none. */
export function parseOrder(value: Buffer | null): Order | undefined {
  if (!value) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(value.toString());
  } catch {
    return undefined;
  }
  return isOrder(body) ? body : undefined;
}

function isOrder(body: unknown): body is Order {
  if (typeof body !== "object" || body === null) return false;
  const { id, customer, sku, quantity } = body as Record<string, unknown>;
  return typeof id === "string" && typeof customer === "string" && typeof sku === "string" && typeof quantity === "number";
}

/** Sends the confirmation. Kafka may deliver an order twice: the key lets the receiver drop the second one. */
export async function notify(order: Order): Promise<void> {
  const response = await fetch(`${config.notificationsUrl}/confirmations`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": order.id },
    body: JSON.stringify({ customer: order.customer, text: `${order.quantity} x ${order.sku} ordered` }),
    signal: AbortSignal.timeout(5_000),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`notifications answered ${response.status}: ${answer}`);
}
