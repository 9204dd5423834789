// Which tool reads a document, and which texts are templates.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DocumentClass } from "../../engine/types.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { isTemplate } from "../../engine/yaml/template.ts";

const cases: readonly (readonly [DocumentClass, path: string, text: string])[] = [
  ["pitlint", "services/pitlint.yaml", "services: {a: {image: x}}"],
  ["gha", ".github/workflows/ci.yml", "on: push\njobs: {}"],
  ["other", ".github/dependabot.yml", "version: 2"],
  ["kustomization", "k8s/kustomization.yaml", "resources: [a.yaml]"],
  ["kustomization", "k8s/x.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component"],
  ["skaffold", "x.yaml", "apiVersion: skaffold/v4beta6\nkind: Config"],
  ["helm-chart", "charts/a/Chart.yaml", "apiVersion: v2\nname: a"],
  ["k8s", "x.yaml", "apiVersion: apps/v1\nkind: Deployment"],
  ["k8s", "values.yaml", "apiVersion: v1\nkind: List\nitems: []"],
  ["k8s", "x.yaml", "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: {groups: []}"],
  ["other", "x.yaml", "apiVersion: 1\ndatasources: []"],
  ["compose", "docker-compose.prod.yml", "services:"],
  ["compose", "compose.yaml", "x: 1"],
  ["compose", "deploy/stack.yml", "services:\n  a:\n    build: ."],
  ["other", "deploy/stack.yml", "services:\n  - name: a"],
  ["helm-values", "charts/a/values.yaml", "image: {tag: x}"],
  ["helm-values", "values-prod.yaml", "replicaCount: 2"],
  ["values-fragment", "helm/orders.yaml", "orders:\n  resources:\n    limits: {memory: 1Gi}"],
  ["values-fragment", "helm/orders.yaml", "a:\n  b:\n    c:\n      livenessProbe: {httpGet: {path: /}}"],
  ["other", "helm/orders.yaml", "a:\n  b:\n    c:\n      d:\n        livenessProbe: {httpGet: {path: /}}"],
  ["values-fragment", "ci/config-reload-values.yaml", "a: 1"],
  ["loki-promtail", "x.yaml", "clients:\n  - url: http://loki/loki/api/v1/push"],
  ["loki-promtail", "x.yaml", "scrape_configs:\n  - pipeline_stages: []"],
  ["prom-config", "prometheus.yml", "global: {}\nscrape_configs:\n  - job_name: a"],
  ["prom-config", "x.yml", "global: {}\nrule_files: []"],
  ["prom-rules", "rules.yml", "groups:\n  - name: a\n    rules:\n      - expr: up == 0"],
  ["otelcol", "x.yaml", "receivers: {}\nservice: {pipelines: {}}"],
  ["otelcol", "x.yaml", "config:\n  exporters: {}\n  service: {pipelines: {}}"],
  ["envoy", "x.yaml", "static_resources: {}"],
  ["envoy", "x.yaml", "resources:\n  - \"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster"],
  ["spring", "src/application-prod.yml", "a: 1"],
  ["spring", "x.yml", "spring.application.name: a"],
  ["spring", "x.yml", "eureka: {instance: {}}"],
  ["etcd", "etcd.yml", "data-dir: /x\nheartbeat-interval: 100"],
  ["consul", "x.yaml", "service: {name: orders, check: {ttl: 30s}}"],
  ["consul", "x.yaml", "datacenter: dc1\nretry_join: []"],
  ["spire", "x.yaml", "agent: {trust_domain: example.org}"],
  ["registrar", "x.yaml", "registrar:\n  primary: {url: a, lease_ttl: 30}\n  fallback: {url: b, lease_ttl: 30}"],
  ["other", "x.yaml", "colours:\n  primary: red\n  secondary: blue"],
  ["app-config", "services/orders/config.yaml", "port: 1"],
  ["app-config", "services/orders/config/default.yaml", "port: 1"],
  ["other", "x.yaml", "- a"],
  ["other", "x.yaml", "a"],
];

for (const [expected, path, text] of cases) {
  test(`${path}: ${text.split("\n")[0]} is ${expected}`, () => {
    assert.deepEqual(parseYaml(path, text).documents.map((document) => document.class), [expected]);
  });
}

const templates: readonly (readonly [expected: boolean, path: string, text: string])[] = [
  [true, "chart/templates/a.yaml", "a: \"{{ .Values.a }}\""],
  [true, "chart\\templates\\a.yaml", "a: \"{{ .Values.a }}\""],
  [false, "chart/templates/a.yaml", "a: 1"],
  [true, "x.yaml", "a: {{ .Values.a }}"],
  [true, "x.yaml", "- {{ item }}"],
  [true, "x.yaml", "- name: &n {{ item }}"],
  [true, "x.yaml", "a: 1\n{{- if .x }}\nb: 2\n{{- end }}\n"],
  [true, "x.yaml", "{% for a in b %}\n- x\n{% endfor %}"],
  [true, "x.yaml", "text: |\n  fine\nb: {{ x }}"],
  [false, "x.yaml", "a: \"{{ $labels.job }}\""],
  [false, "x.yaml", "a: \"one\n  {{ $value }} {{ if }}\n  \\\" {{ x }}\"\nb: 1"],
  [false, "x.yaml", "a: 'it''s\n\n{{ x }}'\n"],
  [false, "x.yaml", "a: one\n  {{ $value }}\n"],
  [false, "x.yaml", "- >-\n  x\n\n  {{ $value }}\n"],
  [false, "x.yaml", "a:\n  - b: |\n      {{ define }}\n    c: 1\n"],
  [false, "x.yaml", "run: echo ${{ github.sha }}"],
  [false, "x.yaml", "# {{ x }}\na: 1"],
  [false, "x.yaml", "a: {b: {c: 1}}"],
];

for (const [expected, path, text] of templates) {
  test(`${path}: ${JSON.stringify(text)} is ${expected ? "a" : "no"} template`, () => assert.equal(isTemplate(path, text), expected));
}
