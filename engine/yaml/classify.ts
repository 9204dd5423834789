// Which tool reads a document: decided from its path and its tree alone, first match wins. Looks at no other file.

import type { DocumentClass, YamlMap, YamlNode } from "../types.ts";

type Test = (path: Path, root: YamlMap) => boolean;
interface Path {
  readonly full: string;
  readonly name: string;
  readonly folders: readonly string[];
}

/** The class of a document. A values file next to no Chart.yaml cannot be told here: by its name it is "helm-values", by Kubernetes-shaped parts "values-fragment". */
export function classify(path: string, root: YamlNode | null): DocumentClass {
  const full = path.replaceAll("\\", "/");
  const folders = full.split("/");
  const where: Path = { full, name: folders.pop() ?? "", folders };
  const map = root?.kind === "map" ? root : EMPTY;
  return CLASSES.find(([, test]) => test(where, map))?.[0] ?? "other";
}

const EMPTY: YamlMap = { kind: "map", at: { file: "", start: 0, end: 0 }, flow: false, pairs: [] };

const CLASSES: readonly (readonly [DocumentClass, Test])[] = [
  ["pitlint", ({ name }) => /^\.?pitlint\.ya?ml$/.test(name)],
  ["gha", ({ full }) => /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(full)],
  ["kustomization", ({ name }, root) => /^(?:kustomization\.ya?ml|Kustomization)$/.test(name) || (text(root, "apiVersion") ?? "").startsWith("kustomize.config.k8s.io/")],
  ["skaffold", ({ name }, root) => /^skaffold.*\.ya?ml$/.test(name) || (text(root, "apiVersion") ?? "").startsWith("skaffold/")],
  ["helm-chart", ({ name }) => /^Chart\.ya?ml$/.test(name)],
  ["k8s", (_path, root) => text(root, "apiVersion") !== undefined && text(root, "kind") !== undefined],
  ["compose", ({ name }, root) => /^(?:docker-)?compose(?:[._-].*)?\.ya?ml$/.test(name) || isCompose(root)],
  ["helm-values", ({ name }) => /^values(?:[._-].*)?\.ya?ml$/.test(name)],
  ["loki-promtail", (_path, root) => maps(root, "scrape_configs").some((each) => has(each, "pipeline_stages")) || maps(root, "clients").some((each) => text(each, "url")?.includes("/loki/"))],
  ["prom-config", (_path, root) => has(root, "scrape_configs") || (has(root, "global") && (has(root, "rule_files") || has(root, "alerting")))],
  ["prom-rules", (_path, root) => maps(root, "groups").some((group) => maps(group, "rules").some((rule) => has(rule, "expr")))],
  ["otelcol", (_path, root) => [root, map(root, "config")].some(isCollector)],
  ["envoy", (_path, root) => has(root, "static_resources") || has(root, "dynamic_resources") || maps(root, "resources").some((each) => text(each, "@type")?.startsWith("type.googleapis.com/envoy."))],
  ["spring", ({ name }, root) => /^(?:application|bootstrap)(?:-[^/]*)?\.ya?ml$/.test(name) || root.pairs.some((pair) => isSpring(pair.key, pair.value))],
  ["etcd", (_path, root) => count(root, "listen-client-urls", "initial-cluster", "heartbeat-interval", "election-timeout", "data-dir") >= 2],
  ["consul", (_path, root) => isConsul(root)],
  ["spire", (_path, root) => [root, map(root, "spire")].some((each) => ["agent", "server"].some((role) => has(map(each, role), "trust_domain")))],
  ["registrar", (_path, root) => isRegistrar(root)],
  ["values-fragment", ({ name, folders }, root) => /[._-]values\.ya?ml$/.test(name) || (!isConfig(name, folders) && hasPodParts(root))],
  ["app-config", ({ name, folders }, root) => isConfig(name, folders) && root.pairs.length > 0],
];

function isConfig(name: string, folders: readonly string[]): boolean {
  return /^config[^/]*\.ya?ml$/.test(name) || folders.at(-1) === "config";
}

function isCompose(root: YamlMap): boolean {
  const services = map(root, "services");
  return !has(root, "apiVersion") && services.pairs.some(({ value }) => value?.kind === "map" && count(value, "image", "build", "extends") > 0);
}

function isCollector(root: YamlMap): boolean {
  return has(map(root, "service"), "pipelines") && (has(root, "receivers") || has(root, "exporters"));
}

function isSpring(key: YamlNode, value: YamlNode | null): boolean {
  const name = key.kind === "scalar" ? String(key.value).toLowerCase().replace(/[-_]/g, "") : "";
  return /^(?:spring|eureka|management)\./.test(name) || (/^(?:spring|eureka|management)$/.test(name) && value?.kind === "map");
}

function isConsul(root: YamlMap): boolean {
  const services = [map(root, "service"), ...maps(root, "services")];
  return services.some((each) => has(each, "check") || has(each, "checks")) || count(root, "retry_join", "datacenter", "bootstrap_expect", "server") >= 2;
}

const REGISTRY = /regist|discover|etcd|consul|nacos|zookeeper|lease/i;

/** A registry and its stand-in, side by side at most three levels down. */
function isRegistrar(root: YamlMap): boolean {
  for (const { node, keys } of shallow(root)) {
    if (!has(node, "primary") || count(node, "fallback", "secondary", "backup", "standby") === 0) continue;
    if ([...keys, ...node.pairs.map((pair) => keyText(pair.key))].some((key) => REGISTRY.test(key))) return true;
  }
  return false;
}

/** Parts that only a pod, or the chart that renders it, has. */
function hasPodParts(root: YamlMap): boolean {
  for (const { node } of shallow(root)) {
    const resources = map(node, "resources");
    if (has(resources, "limits") || has(resources, "requests")) return true;
    if (["livenessProbe", "readinessProbe", "startupProbe"].some((key) => map(node, key).pairs.length > 0)) return true;
    if (["podDisruptionBudget", "serviceMonitor"].some((key) => map(node, key).pairs.length > 0)) return true;
    if (count(node, "scrapeTimeout", "terminationGracePeriodSeconds", "replicaCount") > 0) return true;
  }
  return false;
}

/** Maps at most three levels below the root, with the keys above them. */
function* shallow(root: YamlMap): Generator<{ readonly node: YamlMap; readonly keys: readonly string[] }> {
  const rest: { readonly node: YamlNode; readonly keys: readonly string[] }[] = [{ node: root, keys: [] }];
  for (let step = rest.pop(); step; step = rest.pop()) {
    const { node, keys } = step;
    if (node.kind === "map") yield { node, keys };
    if (keys.length >= 3) continue;
    if (node.kind === "map") for (const { key, value } of node.pairs) if (value) rest.push({ node: value, keys: [...keys, keyText(key)] });
    if (node.kind === "seq") for (const item of node.items) rest.push({ node: item, keys: [...keys, ""] });
  }
}

function find(node: YamlMap, key: string): YamlNode | null | undefined {
  return node.pairs.findLast((pair) => keyText(pair.key) === key)?.value;
}

function has(node: YamlMap, key: string): boolean {
  return find(node, key) !== undefined;
}

function count(node: YamlMap, ...keys: readonly string[]): number {
  return keys.filter((key) => has(node, key)).length;
}

function map(node: YamlMap, key: string): YamlMap {
  const value = find(node, key);
  return value?.kind === "map" ? value : EMPTY;
}

function maps(node: YamlMap, key: string): YamlMap[] {
  const value = find(node, key);
  return value?.kind === "seq" ? value.items.filter((item): item is YamlMap => item.kind === "map") : [];
}

function text(node: YamlMap, key: string): string | undefined {
  const value = find(node, key);
  return value?.kind === "scalar" && value.value !== null ? String(value.value) : undefined;
}

function keyText(key: YamlNode): string {
  return key.kind === "scalar" ? String(key.value) : "";
}
