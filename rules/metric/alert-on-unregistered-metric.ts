// A rule reads a series that no service exposes, though one exposes nearly that: the alert is silent for ever.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { exposedBy, exposes, isExporters, meant, meantLabel, type Exposed } from "../facts/metric-names.ts";
import { metricUse, type MetricUse } from "../facts/metric-use.ts";
import { registeredMetric } from "../facts/registered-metric.ts";
import type { Facts, Finding, Linked, Rule } from "../../engine/types.ts";

export const alertOnUnregisteredMetric: Rule = {
  id: "metric/alert-on-unregistered-metric",
  title: "Rule reads a metric that nothing exposes",
  why: `A query for a series that does not exist is no error: it gives an empty result, and an alert on an empty result never fires. A metric that was
renamed in the code, or a suffix that was guessed, turns monitoring off without a sign; so does a matcher on a label that the metric does not have.
https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ and https://prometheus.io/docs/practices/naming/`,
  check: {
    yaml: {
      mentions: metricUse.yaml!.mentions,
      reads: [metricUse, registeredMetric],
      *find(document, facts) {
        const exposed = exposedBy(facts);
        if (!exposed || exposed.series.size === 0) return;
        const recorded = new Set(facts.everywhere(metricUse).map((one) => one.value.record));
        for (const use of facts.in(document.path, metricUse)) {
          if (use.at.start < document.at.start || use.at.start > document.at.end) continue;
          const { metric } = use.value;
          if (metric.includes(":") || recorded.has(metric) || isExporters(metric)) continue;
          const found = exposes(exposed, metric) ? undefined : unregistered(use, exposed, facts);
          if (found) yield found;
          else yield* mislabelled(use, exposed, facts);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/payment.ts
import { Counter } from "prom-client";
export const paid = new Counter({ name: "payment_success_total", help: "Payments" });
//- k8s/rules.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: payment }
spec:
  groups:
    - name: payment
      rules:
        - alert: NoPayments
          expr: rate(payment_success_count[5m]) < 0.1
                     ^^^^^^^^^^^^^^^^^^^^^ warning: Nothing exposes payment_success_count: the service has payment_success_total
          for: 10m
`,
      fixed: files`
//- src/payment.ts
import { Counter } from "prom-client";
export const paid = new Counter({ name: "payment_success_total", help: "Payments" });
//- k8s/rules.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: payment }
spec:
  groups:
    - name: payment
      rules:
        - alert: NoPayments
          expr: rate(payment_success_total[5m]) < 0.1
          for: 10m
`,
    },
    {
      good: files`
//- src/payment.ts
import { Histogram } from "prom-client";
export const paid = new Histogram({ name: "payment_success", help: "Payments" });
//- k8s/rules.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: payment }
spec:
  groups:
    - name: payment
      rules:
        - alert: NoPayments
          expr: rate(payment_success_count[5m]) < 0.1
          for: 10m
`,
    },
  ],
};

function unregistered(use: Linked<MetricUse>, exposed: Exposed, facts: Facts): Finding | undefined {
  const { metric, exact, quoted } = use.value;
  const found = meant(exposed, metric);
  if (!found || !facts.all(found.metric.service, registeredMetric).complete) return undefined;
  const { type } = found.metric.value;
  const isFamily = found.by === "suffix" && (type === "histogram" || type === "summary");
  const related = [{ at: found.metric.at, message: say`Registered here as a ${type}` }];
  if (isFamily) return { at: use.at, message: type === "histogram" ? say`Nothing exposes ${metric}: it is a histogram, with _bucket, _sum and _count` : say`Nothing exposes ${metric}: it is a summary, without buckets`, related };
  const fixes = exact && !quoted ? [{ title: `Read ${found.name}`, safe: false, edits: [{ at: use.at, text: found.name }] }] : [];
  return { at: use.at, message: say`Nothing exposes ${metric}: the service has ${found.name}`, related, ...(fixes.length ? { fixes } : {}) };
}

function* mislabelled(use: Linked<MetricUse>, exposed: Exposed, facts: Facts): Iterable<Finding> {
  const registered = exposed.series.get(use.value.metric);
  const { labels } = registered?.value ?? {};
  if (!registered || !labels || !facts.all(registered.service, registeredMetric).complete) return;
  // Two services may give one name different labels.
  if (facts.everywhere(registeredMetric).filter((one) => one.value.name && "known" in one.value.name && "known" in registered.value.name && one.value.name.known === registered.value.name.known).length > 1) return;
  for (const label of use.value.labels) {
    const wanted = meantLabel(labels, label.name);
    if (wanted === undefined) continue;
    yield {
      at: label.at,
      message: say`${use.value.metric} has no label ${label.name}, but ${wanted}`,
      related: [{ at: registered.at, message: say`Labels are named here` }],
      ...(label.exact ? { fixes: [{ title: `Match ${wanted}`, safe: false, edits: [{ at: label.at, text: wanted }] }] } : {}),
    };
  }
}
