// What the catalogue knows of a product. Each function takes the signal of the request that it works for.

import axios from "axios";
import { config } from "./config.js";

export interface Product {
  readonly id: string;
  readonly title: string;
}

export interface ProductPage extends Product {
  /** Price in EUR. */
  readonly amount: number;
  readonly reviews: readonly string[];
  readonly related: readonly Product[];
}

/** Everything the page of a product shows. */
export async function productPage(id: string, signal: AbortSignal): Promise<ProductPage> {
  const [product, amount, reviews, related] = await Promise.all([
    findProduct(id, signal),
    findPrice(id, signal),
    findReviews(id, signal),
    findRelated(id),
  ]);
  return { ...product, amount, reviews, related };
}

async function findProduct(id: string, signal: AbortSignal): Promise<Product> {
  const response = await fetch(`${config.catalogUrl}/products/${encodeURIComponent(id)}`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]),
  });
  if (!response.ok) throw new Error(`catalogue answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Product;
}

async function findPrice(id: string, signal: AbortSignal): Promise<number> {
  const url = `${config.catalogUrl}/prices/${encodeURIComponent(id)}`;
  const response = await axios.get<{ amount: number }>(url, { timeout: 1_500 });
  return response.data.amount;
}

/** Reviews come from a slow search index: they get 800 ms. */
async function findReviews(id: string, signal: AbortSignal): Promise<string[]> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 800);
  try {
    const response = await fetch(`${config.catalogUrl}/reviews/${encodeURIComponent(id)}`, { signal: controller.signal });
    if (!response.ok) throw new Error(`reviews answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as string[];
  } finally {
    clearTimeout(timer);
  }
}

async function findRelated(id: string): Promise<Product[]> {
  const response = await axios.get<Product[]>(`${config.catalogUrl}/related/${encodeURIComponent(id)}`, { timeout: 1_000 });
  return response.data;
}
