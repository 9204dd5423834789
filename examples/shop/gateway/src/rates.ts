// Exchange rates, kept in memory and refreshed every hour.

import axios from "axios";
import { config, logger } from "./config.js";

/** Units of each currency for one EUR. */
type Rates = Readonly<Record<string, number>>;

const hour = 60 * 60 * 1_000;

let rates: Rates = { EUR: 1 };

/** Fetches today's rates. Throws when the provider does not answer with rates. */
export async function refreshRates(): Promise<void> {
  const { data } = await axios.get<{ rates: Rates }>(`${config.ratesUrl}/latest?base=EUR`);
  rates = { ...data.rates, EUR: 1 };
}

/** Refreshes the rates until the timer is cleared; old rates stay when the provider fails. */
export function keepRatesFresh(): NodeJS.Timeout {
  return setInterval(() => {
    refreshRates().catch((err) => logger.warn({ err }, "rates are out of date"));
  }, hour);
}

/** An amount of EUR in another currency, rounded to cents. Throws for a currency without a rate. */
export function convert(amount: number, currency: string): number {
  const rate = rates[currency];
  if (rate === undefined) throw new Error(`no exchange rate for ${currency}`);
  return Math.round(amount * rate * 100) / 100;
}
