// The window of rate() holds too few samples: gaps where the value should be, alerts that come and go with the jitter of the scrape.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { scrapedEvery, type ScrapedEvery } from "../facts/query-interval.ts";
import { rangeQuery, type RangeQuery } from "../facts/range-query.ts";
import { registeredMetric, seriesOf } from "../facts/registered-metric.ts";
import { scrapeConfig } from "../facts/scrape-config.ts";
import { scrapeMonitor } from "../facts/scrape-monitor.ts";
import type { Facts, Finding, Linked, Rule } from "../../engine/types.ts";

/** Without any sign of the interval, a shorter window (ms) is too short for every usual one. */
const suspicious = 30_000;
/** Windows that people write. */
const usual = [60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000];

export const rateRangeTooShort: Rule = {
  id: "prom/rate-range-too-short",
  title: "Query window shorter than the scrapes it needs",
  why: `rate() and increase() need two samples inside the window. A window of less than two scrape intervals holds one, or by luck two: the result is empty
or flickers, a recording rule writes gaps, and an alert with "for" starts anew at each of them. With less than four intervals one failed scrape is enough.
https://www.robustperception.io/what-range-should-i-use-with-rate/`,
  check: {
    yaml: {
      mentions: rangeQuery.yaml!.mentions,
      reads: [rangeQuery, scrapeConfig, scrapeMonitor, registeredMetric],
      *find(document, facts) {
        const short = facts.in(document.path, rangeQuery).filter((one) => one.at.start >= document.at.start && one.at.start <= document.at.end).flatMap((query) => {
          const found = judged(query, facts);
          return found ? [{ query, ...found }] : [];
        });
        // An expression is mended as a whole: two windows that differ would compare two different times.
        const expressions = new Map<number, Judged[]>();
        for (const one of short) expressions.set(one.query.value.expression.start, [...(expressions.get(one.query.value.expression.start) ?? []), one]);
        for (const list of expressions.values()) yield finding(list);
      },
    },
  },
  examples: [
    {
      bad: files`
//- prometheus.yml
global:
  scrape_interval: 60s
rule_files: [rules.yml]
scrape_configs:
  - job_name: orders
    static_configs: [{ targets: ["orders:3000"] }]
//- rules.yml
groups:
  - name: orders
    rules:
      - record: job:http_requests:rate
        expr: sum by (job) (rate(http_requests_total{job="orders"}[1m]))
                                                                   ^^ error: A window of 60 s holds one scrape of every 60 s: rate() has nothing to compare
`,
      fixed: files`
//- prometheus.yml
global:
  scrape_interval: 60s
rule_files: [rules.yml]
scrape_configs:
  - job_name: orders
    static_configs: [{ targets: ["orders:3000"] }]
//- rules.yml
groups:
  - name: orders
    rules:
      - record: job:http_requests:rate
        expr: sum by (job) (rate(http_requests_total{job="orders"}[5m]))
`,
    },
    {
      good: files`
//- prometheus.yml
global:
  scrape_interval: 60s
rule_files: [rules.yml]
scrape_configs:
  - job_name: orders
    scrape_interval: 15s
    static_configs: [{ targets: ["orders:3000"] }]
//- rules.yml
groups:
  - name: orders
    rules:
      - record: job:http_requests:rate
        expr: sum by (job) (rate(http_requests_total{job="orders"}[1m]))
`,
    },
  ],
};

interface Judged {
  readonly query: Linked<RangeQuery>;
  readonly every?: ScrapedEvery;
  readonly variant?: string;
}

function judged(query: Linked<RangeQuery>, facts: Facts): Omit<Judged, "query"> | undefined {
  const { metric, ms } = query.value;
  // A recorded series has a sample per evaluation, not per scrape.
  if (metric.includes(":")) return undefined;
  const every = scrapedEvery(query, exposing(metric, facts), facts);
  if (!every) return ms < suspicious ? { variant: "unknown" } : undefined;
  if (ms < 2 * every.ms) return { every, ...(every.at ? {} : { variant: "implicit" }) };
  const extrapolates = query.value.function === "rate" || query.value.function === "increase";
  return extrapolates && ms < 4 * every.ms ? { every, variant: every.at ? "thin" : "implicit" } : undefined;
}

/** Services that register the metric. */
function exposing(metric: string, facts: Facts): ReadonlySet<string> {
  return new Set(facts.everywhere(registeredMetric).filter((one) => one.service !== undefined && seriesOf(one.value).includes(metric)).map((one) => one.service!));
}

function finding(list: readonly Judged[]): Finding {
  const worst = [...list].sort((a, b) => a.query.value.ms / (a.every?.ms ?? 1) - b.query.value.ms / (b.every?.ms ?? 1))[0]!;
  const { query, every, variant } = worst;
  const { ms, function: name } = query.value;
  const wanted = usual.find((one) => one >= 4 * (Math.max(...list.map((each) => each.every?.ms ?? 15_000))));
  const isEditable = wanted !== undefined && list.every((one) => one.query.value.exact);
  return {
    at: query.at,
    message: !every ? say`A window of ${duration(ms)} is too short for ${name}() at any usual scrape interval`
      : ms < 2 * every.ms ? say`A window of ${duration(ms)} holds one scrape of every ${duration(every.ms)}: ${name}() has nothing to compare`
      : say`A window of ${duration(ms)} is less than four scrapes of every ${duration(every.ms)}: one failure leaves a gap`,
    ...(variant === undefined ? {} : { variant }),
    ...(every?.at ? { related: [{ at: every.at, message: say`Scraped every ${duration(every.ms)}` }] } : {}),
    ...(isEditable ? { fixes: [{ title: `Look at ${duration(wanted)}`, safe: false, edits: list.map((one) => ({ at: one.query.at, text: spelled(wanted) })) }] } : {}),
  };
}

const spelled = (ms: number) => (ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`);
