// An alert on the mean of a latency: one request in a hundred may wait for minutes, and the mean hardly moves.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { averageAlert } from "../facts/average-alert.ts";
import { metricUse } from "../facts/metric-use.ts";
import { registeredMetric, seriesOf } from "../facts/registered-metric.ts";
import type { Facts, Rule } from "../../engine/types.ts";

export const alertOnAverageLatency: Rule = {
  id: "prom/alert-on-average-latency",
  title: "Alert on the mean of a latency",
  why: `The mean of a latency says little about what users wait: with 1 % of the requests at 10 s and the others at 50 ms it is 150 ms. Requests that hang
until their timeout, which is how an overloaded dependency looks, hide behind the many fast ones, and a flood of fast errors even lowers it.
Alert on a quantile of the histogram: https://prometheus.io/docs/practices/histograms/#quantiles`,
  check: {
    yaml: {
      mentions: averageAlert.yaml!.mentions,
      reads: [averageAlert, metricUse, registeredMetric],
      *find(document, facts) {
        for (const { at, value } of facts.in(document.path, averageAlert)) {
          if (at.start < document.at.start || at.start > document.at.end) continue;
          const { metric, form, quantile } = value;
          yield {
            at,
            message: form === "mean" ? say`Alert on the mean of ${metric}: a slow tail hardly moves it` : say`Alert on the mean of the gauge ${metric}: a slow tail hardly moves it`,
            ...(form === "gauge" ? { variant: "gauge" } : {}),
            ...(quantile !== undefined && isHistogram(metric, facts) ? { fixes: [{ title: "Alert on the 99th percentile, at the same threshold", safe: false, edits: [{ at, text: quantile }] }] } : {}),
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- rules.yml
groups:
  - name: orders
    rules:
      - record: route:http_request_duration_seconds:p50
        expr: histogram_quantile(0.5, sum by (route, le) (rate(http_request_duration_seconds_bucket[5m])))
      - alert: Slow
        expr: rate(http_request_duration_seconds_sum[5m]) / rate(http_request_duration_seconds_count[5m]) > 0.5
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info: Alert on the mean of http_request_duration_seconds: a slow tail hardly moves it
        for: 5m
`,
      fixed: files`
//- rules.yml
groups:
  - name: orders
    rules:
      - record: route:http_request_duration_seconds:p50
        expr: histogram_quantile(0.5, sum by (route, le) (rate(http_request_duration_seconds_bucket[5m])))
      - alert: Slow
        expr: histogram_quantile(0.99, rate(http_request_duration_seconds_bucket[5m])) > 0.5
        for: 5m
`,
    },
    {
      good: files`
//- rules.yml
groups:
  - name: orders
    rules:
      - record: route:http_request_duration_seconds:mean
        expr: rate(http_request_duration_seconds_sum[5m]) / rate(http_request_duration_seconds_count[5m])
      - alert: Slow
        expr: histogram_quantile(0.99, sum by (route, le) (rate(http_request_duration_seconds_bucket[5m]))) > 0.5
        for: 5m
`,
    },
  ],
};

/** A summary has no buckets: a quantile needs proof that they exist. */
function isHistogram(metric: string, facts: Facts): boolean {
  const bucket = `${metric}_bucket`;
  return facts.everywhere(registeredMetric).some((one) => one.value.type === "histogram" && seriesOf(one.value).includes(bucket)) || facts.everywhere(metricUse).some((one) => one.value.metric === bucket);
}
