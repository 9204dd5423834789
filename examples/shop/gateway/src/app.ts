// The routes of the gateway.

import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { productPage } from "./catalog.js";
import { logger } from "./config.js";
import { cancelOrder, placeOrder } from "./orders.js";
import { convert } from "./rates.js";

export interface Status {
  /** True once the process was told to stop. */
  draining: boolean;
}

export function createApp(status: Status): Express {
  const app = express();
  app.use(express.json({ limit: "100kb" }));

  app.get("/health", (_req, res) => {
    res.json({ uptime: process.uptime() });
  });

  app.get("/readyz", (_req, res) => {
    res.sendStatus(status.draining ? 503 : 200);
  });

  app.get("/products/:id", async (req, res) => {
    const page = await productPage(req.params.id, closed(res));
    const currency = typeof req.query.currency === "string" ? req.query.currency : "EUR";
    res.json({ ...page, currency, amount: convert(page.amount, currency) });
  });

  app.post("/orders", async (req, res) => {
    const { customer, sku, quantity } = req.body ?? {};
    if (typeof customer !== "string" || typeof sku !== "string" || !Number.isInteger(quantity) || quantity < 1) {
      res.status(400).json({ error: "an order has a customer, a sku and a quantity of at least 1" });
      return;
    }
    res.status(201).json(await placeOrder({ customer, sku, quantity }, closed(res)));
  });

  app.delete("/orders/:id/:reservation", async (req, res) => {
    const { id, reservation } = req.params;
    res.json(await cancelOrder({ id, reservation }, closed(res)));
  });

  app.use((err: Error, _req: Request, res: Response, next: NextFunction) => {
    logger.error({ err }, "request failed");
    if (res.headersSent) next(err);
    else res.status(502).json({ error: "a service behind the gateway failed" });
  });

  return app;
}

/** Aborts when the client goes away, or when the answer is complete. */
function closed(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => controller.abort());
  return controller.signal;
}
