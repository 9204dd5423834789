// Overlays of every shape that the engine builds, made from a number: the same number makes the same files.

import { stringify } from "yaml";
import type { Files } from "./kustomize-built.ts";

/** A base, one or two overlays above it, and perhaps a component. */
export function overlay(seed: number): Files {
  const random = numbers(seed);
  const chance = (share: number) => random() < share;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const some = <T>(list: readonly T[], share = 0.5): T[] => list.filter(() => chance(share));
  const files: Record<string, string> = {};
  const objects = ["web", "jobs"].map((name) => ({ name, kind: pick(["Deployment", "StatefulSet", "CronJob", "Deployment"]) }));

  const container = (name: string) => ({
    name, image: `acme/${name}${pick(["", ":1.0", "@sha256:abc123"])}`,
    ...(chance(0.6) ? { env: some(["A", "B", "C"]).map((key) => ({ name: key, value: pick(["1", "two", "true"]) })) } : {}),
    ...(chance(0.5) ? { ports: [{ containerPort: 80, name: "http" }, ...some([{ containerPort: 9090, protocol: "TCP" }])] } : {}),
    ...(chance(0.4) ? { readinessProbe: { httpGet: { path: "/ready", port: 80 }, periodSeconds: pick([5, 10]) } } : {}),
    ...(chance(0.3) ? { command: ["node", "server.js"] } : {}),
    ...(chance(0.3) ? { volumeMounts: [{ name: "data", mountPath: "/data" }] } : {}),
    ...(chance(0.4) ? { resources: { limits: { memory: "1Gi" } } } : {}),
  });
  const podSpec = () => ({
    ...(chance(0.5) ? { terminationGracePeriodSeconds: pick([30, 60]) } : {}),
    containers: [container("main"), ...(chance(0.4) ? [container("side")] : [])],
    ...(chance(0.2) ? { initContainers: [container("init")] } : {}),
    ...(chance(0.3) ? { volumes: [{ name: "data", emptyDir: {} }] } : {}),
    ...(chance(0.3) ? { tolerations: [{ key: "a", operator: "Exists" }] } : {}),
  });
  const around = (kind: string, name: string, spec: unknown, whole: boolean) => {
    const template = { ...(whole || chance(0.2) ? { metadata: { labels: { app: name } } } : {}), spec };
    return {
      apiVersion: kind === "CronJob" ? "batch/v1" : "apps/v1", kind, metadata: { name, ...(whole && chance(0.3) ? { labels: { app: name } } : {}) },
      spec: kind === "CronJob" ? { ...(whole ? { schedule: "1 * * * *" } : {}), jobTemplate: { spec: { template } } } : { ...(whole ? { selector: { matchLabels: { app: name } }, ...(chance(0.5) ? { replicas: 2 } : {}) } : {}), template },
    };
  };
  const patchOf = ({ kind, name }: { kind: string; name: string }): object => {
    if (chance(0.05)) return { ...around(kind, name, {}, false), spec: undefined, $patch: "delete" };
    const changed = () => ({
      name: pick(["main", "side", "extra"]),
      ...(chance(0.3) ? { image: "acme/other:2" } : {}),
      ...(chance(0.5) ? { env: [...some(["A", "B", "D"]).map((key) => ({ name: key, value: pick(["9", "x"]) })), ...(chance(0.3) ? [{ name: "C", $patch: "delete" }] : [])] } : {}),
      ...(chance(0.2) ? { ports: [pick([{ containerPort: 80, name: "web" }, { containerPort: 81 }])] } : {}),
      ...(chance(0.3) ? { readinessProbe: pick<object | null>([null, { periodSeconds: 3 }, { $patch: "replace", tcpSocket: { port: 80 } }]) } : {}),
      ...(chance(0.2) ? { command: ["sh"] } : {}),
      ...(chance(0.2) ? { volumeMounts: [{ mountPath: "/data", readOnly: true, name: "data" }, { mountPath: "/more", name: "more" }] } : {}),
      ...(chance(0.2) ? { resources: pick<object | null>([null, { limits: { cpu: "1" } }]) } : {}),
    });
    const spec = {
      ...(chance(0.4) ? { terminationGracePeriodSeconds: pick<number | null>([90, null]) } : {}),
      ...(chance(0.7) ? { containers: [changed(), ...(chance(0.2) ? [{ name: "side", $patch: "delete" }] : [])].filter((one, at, all) => all.findIndex((other) => other.name === one.name) === at) } : {}),
      ...(chance(0.2) ? { volumes: [{ name: "more", emptyDir: {} }, ...(chance(0.5) ? [{ name: "data", $patch: "delete" }] : [])] } : {}),
      ...(chance(0.2) ? { tolerations: [{ key: "b", operator: "Exists" }] } : {}),
    };
    return around(kind, name, spec, false);
  };
  let made = 0;
  const operations = (kind: string) => {
    const pod = kind === "CronJob" ? "/spec/jobTemplate/spec/template/spec" : "/spec/template/spec";
    return some([
      { op: "add", path: `${pod}/terminationGracePeriodSeconds`, value: 45 }, { op: "replace", path: `${pod}/containers/0/image`, value: "acme/json:3" },
      { op: "add", path: `${pod}/containers/-`, value: { name: `last-${++made}`, image: "acme/last" } }, { op: "remove", path: `${pod}/containers/0/image` },
      { op: "add", path: "/metadata/annotations", value: { "acme.io/x": "kept" } }, { op: "add", path: `${pod}/containers/0/args`, value: ["a"] }, { op: "add", path: `${pod}/containers/0`, value: { name: `zero-${++made}`, image: "acme/zero" } },
      { op: "add", path: `${pod}/containers/0/env`, value: [{ name: "E", value: "1" }] }, { op: "add", path: `${pod}/containers/0/env/-`, value: { name: "F", value: "2" } }, { op: "test", path: "/kind", value: kind },
    ], 0.35);
  };
  const settings = (folder: string, prefix: string) => {
    const patches: object[] = [];
    for (const one of some(objects, 0.7)) {
      const inline = chance(0.5);
      const text = stringify(patchOf(one));
      if (!inline) files[`${folder}/${one.name}-patch.yaml`] = text;
      patches.push(inline ? { patch: text } : { path: `${one.name}-patch.yaml`, ...(chance(0.3) ? { target: { kind: one.kind, name: pick([one.name, ".*"]) } } : {}) });
    }
    if (chance(0.4)) {
      const { kind, name } = pick(objects);
      const list = operations(kind);
      if (list.length > 0) patches.push({ target: { kind, ...(chance(0.7) ? { name } : { labelSelector: `app=${name}` }) }, patch: stringify(list) });
    }
    const old: { readonly path?: string; readonly patch?: string }[] = [];
    const late: object[] = [];
    if (chance(0.2)) {
      const text = stringify(patchOf(pick(objects)));
      if (chance(0.5)) old.push({ patch: text });
      else files[`${folder}/old.yaml`] = text, old.push({ path: "old.yaml" });
    }
    if (chance(0.2)) {
      const { kind, name } = pick(objects);
      const list = operations(kind);
      files[`${folder}/late.yaml`] = stringify(list);
      if (list.length > 0) late.push({ target: { group: kind === "CronJob" ? "batch" : "apps", version: "v1", kind, name }, path: "late.yaml" });
    }
    return {
      ...(old.length > 0 ? { patchesStrategicMerge: old.map((one) => one.path ?? one.patch) } : {}),
      ...(late.length > 0 ? { patchesJson6902: late } : {}),
      ...(patches.length > 0 ? { patches } : {}),
      ...(chance(0.3) ? { namespace: pick(["shop", "prod"]) } : {}),
      ...(chance(0.3) ? { namePrefix: prefix } : {}),
      ...(chance(0.2) ? { nameSuffix: "-suf" } : {}),
      ...(chance(0.3) ? { commonLabels: { team: pick(["a", "b"]) } } : {}),
      ...(chance(0.3) ? { labels: [{ pairs: { tier: "x" }, ...(chance(0.5) ? { includeSelectors: true } : chance(0.5) ? { includeTemplates: true } : {}) }] } : {}),
      ...(chance(0.2) ? { commonAnnotations: { note: "said" } } : {}),
      ...(chance(0.4) ? { images: some([{ name: "acme/main", newTag: "7" }, { name: "acme/side", newName: "reg.io/side" }, { name: "acme/init", digest: "sha256:fff" }, { name: "acme/extra", newTag: "1" }]) } : {}),
      ...(chance(0.3) ? { replicas: objects.filter((one) => one.kind !== "CronJob").map(({ name }) => ({ name, count: pick([3, 4]) })) } : {}),
      configMapGenerator: [...some([{ name: `config-of-${folder}`, literals: ["A=1", "LEVEL=info"] }], 0.3), ...(folder !== "base" && chance(0.3) ? [{ name: "shared", behavior: pick(["merge", "replace"]), literals: ["X=2", "Y=3"] }] : [])],
    };
  };
  const write = (folder: string, more: object) => (files[`${folder}/kustomization.yaml`] = stringify({ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", ...more }));

  for (const { kind, name } of objects) files[`base/${name}.yaml`] = stringify(around(kind, name, podSpec(), true));
  files["base/service.yaml"] = stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { selector: { app: "web" }, ports: [{ port: 80, name: "http" }] } });
  const own = chance(0.2) ? settings("base", "top-") : { configMapGenerator: [] };
  write("base", { resources: ["web.yaml", "jobs.yaml", "service.yaml"], ...own, configMapGenerator: [...own.configMapGenerator, { name: "shared", literals: ["X=1", "Z=0"] }] });
  const hasComponent = chance(0.3);
  if (hasComponent) files["extra/kustomization.yaml"] = stringify({ apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component", ...(chance(0.5) ? { resources: ["more.yaml"] } : {}), ...(chance(0.5) ? { namespace: "inner" } : {}), patches: [{ patch: stringify(patchOf(objects[0]!)) }] });
  if (hasComponent) files["extra/more.yaml"] = stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "more" }, spec: { selector: { app: "web" }, ports: [{ port: 81 }] } });
  write("prod", { resources: ["../base"], ...(hasComponent ? { components: ["../extra"] } : {}), ...settings("prod", "pre-"), ...(chance(0.3) ? { secretGenerator: [{ name: "token", literals: ["T=abc"] }] } : {}) });
  if (chance(0.3)) write("top", { resources: ["../prod"], ...settings("top", "top-") });
  return files;
}

/** https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (mulberry32) */
function numbers(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
