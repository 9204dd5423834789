// Manifests that Kustomize overlays change: what a patch touches is unknown, the rest is judged as it stands.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { analyse } from "../../engine/analyse.ts";
import { kustomizeReadings } from "../../engine/kustomize.ts";
import { readYaml } from "../../engine/yaml/chart-template.ts";
import { items, lookup, scalar } from "../../engine/yaml/read.ts";
import { packs } from "../../rules/packs/index.ts";

const manifest = (grace: number, name = "orders") => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  replicas: 1\n  template:\n    spec:\n      terminationGracePeriodSeconds: ${grace}\n      containers:\n        - name: orders\n          image: acme/orders\n          lifecycle: {preStop: {exec: {command: ["sleep", "60"]}}}\n`;
const kustomization = (more = "") => `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\n${more}`;
const base = { "base/kustomization.yaml": "kind: Kustomization\nresources: [orders.yaml]\n", "base/orders.yaml": manifest(60) };
const patch = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 90\n`;
const found = (files: Readonly<Record<string, string>>) => analyse(new Map(Object.entries(files)), { packs, only: ["lifecycle/prestop-exceeds-grace"] }).diagnostics.map((one) => one.at.file);

describe("a base", () => {
  it("that no overlay changes is judged", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization() }), ["base/orders.yaml"]));
  it("is silent where a patch file changes what is compared", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("patches: [{path: grace.yaml}]\n"), "prod/grace.yaml": patch }), []));
  it("is silent where a patch of the old list does", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("patchesStrategicMerge: [grace.yaml]\n"), "prod/grace.yaml": patch }), []));
  const inline = (path: string, target: string) => kustomization(`patches:\n  - target: ${target}\n    patch: |-\n      - op: replace\n        path: ${path}\n        value: 90\n`);
  const grace = "/spec/template/spec/terminationGracePeriodSeconds";
  it("is silent where a JSON patch does", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": inline(grace, "{kind: Deployment, name: orders}") }), []));
  it("is judged where a patch means another object or another place", () => {
    assert.deepEqual(found({ ...base, "prod/kustomization.yaml": inline(grace, "{kind: Deployment, name: other}") }), ["base/orders.yaml"]);
    assert.deepEqual(found({ ...base, "prod/kustomization.yaml": inline("/spec/replicas", "{kind: Deployment}") }), ["base/orders.yaml"]);
    assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("patches: [{path: grace.yaml}]\n"), "prod/grace.yaml": patch.replace("orders", "other") }), ["base/orders.yaml"]);
  });
  it("is silent where a patch adds what is absent", () => {
    const bare = manifest(60).replace(/.*terminationGrace.*\n/, "");
    assert.deepEqual(found({ ...base, "base/orders.yaml": bare }), ["base/orders.yaml"]);
    assert.deepEqual(found({ ...base, "base/orders.yaml": bare, "prod/kustomization.yaml": kustomization("patches: [{path: grace.yaml}]\n"), "prod/grace.yaml": patch }), []);
  });
  it("is silent where a component does", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("components: [../slow]\n"), "slow/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: grace.yaml}]\n", "slow/grace.yaml": patch }), []));
});

describe("a patch", () => {
  it("proves nothing absent", () => assert.deepEqual(found({ ...base, "base/orders.yaml": manifest(90), "prod/kustomization.yaml": kustomization("patches: [{path: hook.yaml}]\n"), "prod/hook.yaml": manifest(60).replace(/.*terminationGrace.*\n/, "") }), []));
  it("opens the container that it names, and no other", () => {
    const documents = [
      ["base/orders.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: x, image: i, tty: true}\n    - {name: y, image: i, tty: true}\n"],
      ["kustomization.yaml", "kind: Kustomization\nresources: [base/orders.yaml]\nreplicas: [{name: b, count: 3}]\npatches: [{path: p.yaml}]\n"], ["p.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: y, image: j}]}\n"],
    ].flatMap(([path, said]) => readYaml(path!, said!).documents);
    const [pod] = kustomizeReadings(documents);
    assert.ok(pod);
    const containers = items(pod, lookup(pod, pod.root, "spec", "containers"));
    assert.deepEqual(containers.map((one) => ["image", "tty"].map((key) => "known" in scalar(pod, one, key))), [[true, true], [false, true]]);
  });
  it("on replicas opens them", () => {
    const documents = [["orders.yaml", manifest(90)], ["kustomization.yaml", "kind: Kustomization\nresources: [orders.yaml]\nreplicas: [{name: orders, count: 3}]\n"]].flatMap(([path, said]) => readYaml(path!, said!).documents);
    const [deployment] = kustomizeReadings(documents);
    assert.ok(deployment && "unknown" in scalar(deployment, deployment.root, "spec", "replicas"));
  });
});
