// What a YAML document deploys or registers: workloads with their image, names, environment and build context.

import { interpolate } from "./compose.ts";
import { composeSources, podSources, type EnvSource } from "./env-source.ts";
import { join, folder } from "./resolve.ts";
import { PLACEHOLDER } from "./yaml/mask.ts";
import { isOpen, items, lookup, pairs, scalar, type Found, type From } from "./yaml/read.ts";
import type { Mentions, Value, YamlDocument } from "./types.ts";

export interface Workload {
  /** `Deployment/orders`, `compose/orders`, `consul/orders`. */
  readonly id: string;
  readonly kind: "workload" | "registration";
  /** The most telling name first. */
  readonly names: readonly string[];
  /** Last part of the image's name. */
  readonly image?: string;
  /** Package folder the image is built from. */
  readonly build?: string;
  readonly evidence?: string;
  readonly env: ReadonlyMap<string, Value<unknown>>;
  /** A template adds variables to `env` that nobody knows. */
  readonly envIsOpen?: true;
  /** What sets variables beside `env`. */
  readonly sources: readonly EnvSource[];
  /** Names given independently of each other: image, workload name, stated service name. Labels repeat one of them. */
  readonly said: readonly string[];
  readonly document: YamlDocument;
}

/** Words of documents that deploy or register something, or set what a workload reads: such files are read whatever the rules ask for, because they tell whose the others are. */
export const workloadMentions: Mentions = [["containers", "image", "build", "service", "ConfigMap", "stringData"]];

const sidecars = /^(istio-proxy|proxyv2|linkerd-proxy|envoy|otel-.*|opentelemetry-collector.*|fluent.*|cloud-sql-proxy|vault-agent|daprd?)$/;
const podKinds = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Rollout", "Pod", "DeploymentConfig"]);

/** Workloads of a document; none for documents that deploy nothing. `shell` holds what a `.env` beside a compose file sets. */
export function workloadsOf(document: YamlDocument, shell: ReadonlyMap<string, string> = new Map()): readonly Workload[] {
  if (!document.root) return [];
  if (document.class === "k8s") return kubernetes(document);
  if (document.class === "compose") return compose(document, shell);
  if (document.class === "consul") return consul(document);
  return [];
}

/** The pod template of a workload document: the map that has `spec.containers`; undefined for other kinds. */
export function podOf(document: YamlDocument): Found | undefined {
  const kind = text(document, document.root, "kind");
  if (!document.root || kind === undefined || !podKinds.has(kind)) return undefined;
  if (kind === "Pod") return lookup(document, document.root);
  const path = kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
  return lookup(document, document.root, ...path);
}

/** Id of a Kubernetes object: `Deployment/orders`; `Deployment/orders.yaml` where only rendering tells the name. */
export function objectId(document: YamlDocument): string | undefined {
  const kind = text(document, document.root, "kind");
  const name = text(document, document.root, "metadata", "name") ?? (isOpen(document, lookup(document, document.root, "metadata", "name")) ? document.path.slice(document.path.lastIndexOf("/") + 1) : undefined);
  return kind && name ? `${kind}/${name}` : undefined;
}

/** Containers of a pod template that run the application: known sidecars are left out. */
export function appContainers(document: YamlDocument, pod: From): readonly Found[] {
  return items(document, lookup(document, pod, "spec", "containers")).filter((one) => {
    const image = text(document, one, "image");
    return !sidecars.test(text(document, one, "name") ?? "") && (image === undefined || !sidecars.test(imageBase(image)));
  });
}

/** The image of a container; where only rendering tells its registry or tag, a name of it that is certain. */
export function imageOf(document: YamlDocument, container: Found): string | undefined {
  const { node } = lookup(document, container, "image") ?? {};
  if (!node || node.kind !== "scalar" || node.open !== undefined || !isOpen(document, node)) return text(document, container, "image");
  const name = imageBase(String(node.value));
  return String(node.value).includes("/") && !name.includes(PLACEHOLDER) ? name : undefined;
}

function kubernetes(document: YamlDocument): Workload[] {
  const pod = podOf(document);
  const id = objectId(document);
  if (!pod || !id) return [];
  const name = text(document, document.root, "metadata", "name");
  const labels = ["app", "app.kubernetes.io/name", "io.kompose.service"].map((label) => text(document, pod, "metadata", "labels", label));
  return appContainers(document, pod).map((container) => {
    const image = imageOf(document, container);
    const set = lookup(document, container, "env");
    const env = environment(document, set);
    const envIsOpen = isOpen(document, set) || items(document, set).some((one) => isOpen(document, one) || isOpen(document, lookup(document, one, "name")));
    const said = ["OTEL_SERVICE_NAME", "SERVICE_NAME"].map((key) => env.get(key)).map((value) => (value && "known" in value ? String(value.known) : undefined));
    return {
      id, kind: "workload", names: distinct([name, ...said, ...labels]), ...(image === undefined ? {} : { image: imageBase(image) }), env, ...(envIsOpen ? { envIsOpen } : {}), sources: podSources(document, container), document,
      said: [image === undefined ? undefined : imageBase(image), name, said.find(Boolean)].filter((one) => one !== undefined),
    };
  });
}

function compose(document: YamlDocument, shell: ReadonlyMap<string, string>): Workload[] {
  return pairs(document, lookup(document, document.root, "services")).map((service) => {
    const { key } = service;
    const said = (...keys: string[]) => interpolate(plainText(lookup(document, service, ...keys)), shell);
    const image = said("image");
    const built = lookup(document, service, "build");
    const build = built && buildFolder(folder(document.path), said("build") ?? said("build", "context") ?? (built.node.kind === "map" ? "." : undefined), lookup(document, service, "build", "dockerfile") && (said("build", "dockerfile") ?? null));
    return {
      id: `compose/${key}`, kind: "workload" as const, names: distinct([key, said("container_name")]), document,
      ...(image === undefined ? {} : { image: imageBase(image) }), ...(build === undefined ? {} : { build, evidence: "compose builds it from" }),
      env: environment(document, lookup(document, service, "environment")), sources: composeSources(document, service), said: [image === undefined ? undefined : imageBase(image), key].filter((one) => one !== undefined),
    };
  });
}

/** Folder a build takes its source from: the Dockerfile's where it lies deeper than the context. Undefined when either is not known (`null`). */
function buildFolder(home: string, context: string | undefined, dockerfile: string | null | undefined): string | undefined {
  if (context === undefined || dockerfile === null) return undefined;
  const root = join(home, context);
  return dockerfile?.includes("/") ? join(root, folder(dockerfile)) : root;
}

const plainText = (found: Found | undefined) => (found?.node.kind === "scalar" && found.node.value !== null ? String(found.node.value) : undefined);

function consul(document: YamlDocument): Workload[] {
  const one = lookup(document, document.root, "service");
  return [...(one ? [one] : []), ...items(document, lookup(document, document.root, "services"))].flatMap((service) => {
    const name = text(document, service, "name");
    return name === undefined ? [] : [{ id: `consul/${name}`, kind: "registration" as const, names: [name], env: new Map(), sources: [], said: [name], document }];
  });
}

/** Environment of a container: a list of `{name, value}`, a map, or a list of `NAME=value`. References to secrets and fields are unknown. */
function environment(document: YamlDocument, found: Found | undefined): Map<string, Value<unknown>> {
  const env = new Map<string, Value<unknown>>();
  for (const one of pairs(document, found)) env.set(one.key, one.pair.value ? scalar(document, one) : { unknown: `${one.key} comes from the shell` });
  for (const one of items(document, found)) {
    const name = text(document, one, "name");
    if (name !== undefined) env.set(name, lookup(document, one, "value") ? scalar(document, one, "value") : { unknown: `${name} is a reference` });
    const entry = text(document, one);
    if (entry !== undefined && name === undefined && !entry.includes("=")) env.set(entry, { unknown: `${entry} comes from the shell` });
    if (entry?.includes("=")) env.set(entry.slice(0, entry.indexOf("=")), { known: entry.slice(entry.indexOf("=") + 1), by: "text", from: [one.node.at] });
  }
  for (const [name, value] of env) if ("known" in value && /\$\{|\$\(/.test(String(value.known))) env.set(name, { unknown: `${name} is interpolated` });
  return env;
}

function text(document: YamlDocument, from: From, ...keys: string[]): string | undefined {
  const value = scalar(document, from, ...keys);
  return "known" in value && value.known !== null ? String(value.known) : undefined;
}

const distinct = (names: readonly (string | undefined)[]): string[] => [...new Set(names.filter((name) => name !== undefined))];

/** Last part of an image's name, without registry, tag and digest, in lower case. */
export function imageBase(image: string): string {
  const [plain] = image.split("@", 1) as [string];
  const colon = plain.lastIndexOf(":");
  const name = colon > plain.lastIndexOf("/") ? plain.slice(0, colon) : plain;
  return name.slice(name.lastIndexOf("/") + 1).toLowerCase();
}
