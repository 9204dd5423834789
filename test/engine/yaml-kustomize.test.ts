// Manifests as Kustomize overlays build them: what is judged, where it is reported, and what stays silent.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { analyse } from "../../engine/analyse.ts";
import { kustomizeReadings } from "../../engine/kustomize.ts";
import { lowerEagerly } from "../../engine/lower.ts";
import { readYaml } from "../../engine/yaml/chart-template.ts";
import { items, lookup, pairs, scalar } from "../../engine/yaml/read.ts";
import { packs } from "../../rules/packs/index.ts";

const manifest = (grace: number, name = "orders") => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  replicas: 1\n  template:\n    spec:\n      terminationGracePeriodSeconds: ${grace}\n      containers:\n        - name: orders\n          image: acme/orders\n          lifecycle: {preStop: {exec: {command: ["sleep", "60"]}}}\n`;
const kustomization = (more = "") => `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\n${more}`;
const base = { "base/kustomization.yaml": "kind: Kustomization\nresources: [orders.yaml]\n", "base/orders.yaml": manifest(60) };
const patch = (grace: number | string = 90) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: ${grace}\n`;
type Files = Readonly<Record<string, string>>;
const run = (files: Files) => analyse(new Map(Object.entries(files)), { packs, only: ["lifecycle/prestop-exceeds-grace"] });
const found = (files: Files) => run(files).diagnostics.map((one) => one.at.file);
const texts = (files: Files) => run(files).diagnostics.map(({ at, related }) => [at, ...(related ?? []).map((one) => one.at)].map((one) => `${one.file}: ${files[one.file]!.slice(one.start, one.end)}`));
const documentsOf = (files: Files) => Object.entries(files).flatMap(([path, said]) => readYaml(path, said).documents);
const patches = "patches: [{path: grace.yaml}]\n";

describe("a base", () => {
  it("that no overlay changes is judged", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization() }), ["base/orders.yaml"]));
  it("is silent where a patch file changes what is compared", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("patches: [{path: grace.yaml}]\n"), "prod/grace.yaml": patch() }), []));
  it("is silent where a patch of the old list does", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("patchesStrategicMerge: [grace.yaml]\n"), "prod/grace.yaml": patch() }), []));
  const inline = (path: string, target: string) => kustomization(`patches:\n  - target: ${target}\n    patch: |-\n      - op: replace\n        path: ${path}\n        value: 90\n`);
  const grace = "/spec/template/spec/terminationGracePeriodSeconds";
  it("is silent where a JSON patch does", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": inline(grace, "{kind: Deployment, name: orders}") }), []));
  it("is judged where a patch means another object or another place", () => {
    assert.deepEqual(found({ ...base, "prod/kustomization.yaml": inline(grace, "{kind: Deployment, name: other}") }), ["base/orders.yaml"]);
    assert.deepEqual(found({ ...base, "prod/kustomization.yaml": inline("/spec/replicas", "{kind: Deployment}") }), ["base/orders.yaml"]);
    assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("patches: [{path: grace.yaml}]\n"), "prod/grace.yaml": patch().replace("orders", "other") }), ["base/orders.yaml"]);
  });
  it("is silent where a patch adds what is absent", () => {
    const bare = manifest(60).replace(/.*terminationGrace.*\n/, "");
    assert.deepEqual(found({ ...base, "base/orders.yaml": bare }), ["base/orders.yaml"]);
    assert.deepEqual(found({ ...base, "base/orders.yaml": bare, "prod/kustomization.yaml": kustomization("patches: [{path: grace.yaml}]\n"), "prod/grace.yaml": patch() }), []);
  });
  it("is silent where a component does", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("components: [../slow]\n"), "slow/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: grace.yaml}]\n", "slow/grace.yaml": patch() }), []));
});

describe("a patch", () => {
  it("proves nothing absent", () => assert.deepEqual(found({ ...base, "base/orders.yaml": manifest(90), "prod/kustomization.yaml": kustomization("patches: [{path: hook.yaml}]\n"), "prod/hook.yaml": manifest(60).replace(/.*terminationGrace.*\n/, "") }), []));
  it("changes the container that it names, and no other", () => {
    const [pod] = kustomizeReadings(documentsOf({
      "base/orders.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: x, image: i, tty: true}\n    - {name: y, image: i, tty: true}\n",
      "kustomization.yaml": "kind: Kustomization\nresources: [base/orders.yaml]\npatches: [{path: p.yaml}]\n", "p.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: y, image: j}]}\n",
    }));
    assert.ok(pod);
    const containers = items(pod, lookup(pod, pod.root, "spec", "containers"));
    assert.deepEqual(containers.map((one) => ["name", "image", "tty"].map((key) => { const said = scalar(pod, one, key); return "known" in said ? said.known : "?"; })), [["y", "j", true], ["x", "i", true]]);
  });
  it("of a component that nobody includes opens the container that it names, and no other", () => {
    const [pod] = kustomizeReadings(documentsOf({
      "base/orders.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: x, image: i, tty: true}\n    - {name: y, image: i, tty: true}\n",
      "kustomization.yaml": "kind: Component\npatches: [{path: p.yaml}]\n", "p.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: y, image: j}]}\n",
    }));
    assert.ok(pod);
    const containers = items(pod, lookup(pod, pod.root, "spec", "containers"));
    assert.deepEqual(containers.map((one) => ["image", "tty"].map((key) => "known" in scalar(pod, one, key))), [[true, true], [false, true]]);
  });
  it("that cannot be read makes unknown what it may be for", () => {
    assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("patches: [{path: gone.json, target: {kind: Deployment}}]\n") }), []);
    assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization("patches: [{path: gone.json, target: {kind: Service}}]\n") }), ["base/orders.yaml"]);
  });
});

describe("what is wrong", () => {
  it("by a patch is reported there, with the other place beside it", () => {
    const files = { ...base, "base/orders.yaml": manifest(90), "prod/kustomization.yaml": kustomization(patches), "prod/grace.yaml": patch(45) };
    assert.deepEqual(texts(files), [["prod/grace.yaml: 45", 'base/orders.yaml: "60"']]);
  });
  it("by a patch in the kustomization is reported there, and a fix edits it", async () => {
    const file = "prod/kustomization.yaml";
    const inline = (grace: number) => kustomization(`patches:\n  - patch: |\n${patch(grace).replace(/^(?=.)/gm, "      ")}`);
    const files = { ...base, "base/orders.yaml": manifest(90), [file]: inline(45) };
    assert.deepEqual(texts(files), [[`${file}: 45`, 'base/orders.yaml: "60"']]);
    const [one] = run(files).diagnostics;
    const edits = lowerEagerly(one!.fixes![0]!, { text: (path) => (files as Files)[path], documents: (path) => readYaml(path, (files as Files)[path]!).documents });
    assert.deepEqual(edits?.map(({ file: path, edits: [edit] }) => (files as Files)[path]!.slice(0, edit!.at.start) + edit!.text + (files as Files)[path]!.slice(edit!.at.end)), [inline(90)]);
  });
  it("by a patch in quotes is reported there", () => {
    const files = { ...base, "base/orders.yaml": manifest(90), "prod/kustomization.yaml": kustomization(`patches: [{target: {kind: Deployment}, patch: '[{"op": "replace", "path": "/spec/template/spec/terminationGracePeriodSeconds", "value": 45}]'}]\n`) };
    assert.deepEqual(texts(files), [["prod/kustomization.yaml: 45", 'base/orders.yaml: "60"']]);
  });
  it("by what an overlay removes is reported where it is removed", () => {
    const bare = { ...base, "base/orders.yaml": manifest(90), "prod/kustomization.yaml": kustomization(patches), "prod/grace.yaml": patch("null") };
    assert.deepEqual(texts(bare), [["prod/grace.yaml: null", 'base/orders.yaml: "60"']]);
  });
  it("with the base alone is reported once, however many overlays take it", () => {
    const overlays = Object.fromEntries(["a", "b", "prod"].map((name) => [`${name}/kustomization.yaml`, kustomization(`namePrefix: ${name}-\nimages: [{name: acme/orders, newTag: "${name}"}]\n`)]));
    assert.deepEqual(found({ ...base, ...overlays }), ["base/orders.yaml"]);
  });
  it("in the same way in several overlays is reported once where one edit of the base puts it right", () => {
    const spread = manifest(90).replace("  template:\n", "  selector: {matchLabels: {app: orders}}\n  template:\n    metadata: {labels: {app: orders}}\n").replace("  replicas: 1\n", "");
    const overlays = Object.fromEntries(["a", "b"].map((name) => [`${name}/kustomization.yaml`, kustomization("replicas: [{name: orders, count: 3}]\n")]));
    const { diagnostics } = analyse(new Map(Object.entries({ ...base, "base/orders.yaml": spread, ...overlays })), { packs, only: ["k8s/no-topology-spread"] });
    assert.deepEqual(diagnostics.map((one) => one.at.file), ["a/kustomization.yaml"]);
  });
  it("with a part of the base that a patch only names stays there", () => {
    const named = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec: {template: {spec: {containers: [{name: orders, env: [{name: A, value: x}]}]}}}\n";
    assert.deepEqual(texts({ ...base, "prod/kustomization.yaml": kustomization(patches), "prod/grace.yaml": named }), [['base/orders.yaml: "60"', "base/orders.yaml: 60"]]);
  });
  it("with a base that overlays put right is not", () => {
    const right = (name: string) => ({ [`${name}/kustomization.yaml`]: kustomization(patches), [`${name}/grace.yaml`]: patch() });
    assert.deepEqual(found({ ...base, ...right("a"), ...right("b") }), []);
    assert.deepEqual(found({ ...base, ...right("a"), "b/kustomization.yaml": kustomization() }), ["base/orders.yaml"]);
  });
  it("of a development stage alone says nothing of the base", () => {
    const right = { "prod/kustomization.yaml": kustomization(patches), "prod/grace.yaml": patch() };
    assert.deepEqual(found({ ...base, ...right, "dev/kustomization.yaml": kustomization() }), []);
    assert.deepEqual(found({ ...base, ...right, "dev/kustomization.yaml": kustomization(patches), "dev/grace.yaml": patch(30) }), ["dev/grace.yaml"]);
    assert.deepEqual(found({ ...base, "dev/kustomization.yaml": kustomization() }), ["base/orders.yaml"]);
  });
  it("with a deleted object is nothing", () => assert.deepEqual(found({ ...base, "prod/kustomization.yaml": kustomization(patches), "prod/grace.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\n$patch: delete\n" }), []));
});

describe("a kustomization", () => {
  const built = (more: string) => {
    const all = kustomizeReadings(documentsOf({ ...base, "prod/kustomization.yaml": kustomization(more) })).filter((one) => one.built && !one.built.of);
    const said = (document: (typeof all)[number] | undefined, ...keys: (string | number)[]) => { const value = document && scalar(document, document.root, ...keys); return value && "known" in value ? value.known : undefined; };
    return { all, said: (...keys: (string | number)[]) => said(all[0], ...keys), of: (index: number, ...keys: string[]) => said(all[index], ...keys) };
  };
  const image = ["spec", "template", "spec", "containers", 0, "image"] as const;
  it("sets replicas, images, the namespace and labels", () => {
    assert.equal(built("replicas: [{name: orders, count: 3}]\n").said("spec", "replicas"), 3);
    assert.equal(built("images: [{name: acme/orders, newName: reg.io/orders, newTag: v2}]\n").said(...image), "reg.io/orders:v2");
    assert.equal(built("namespace: shop\n").said("metadata", "namespace"), "shop");
    const { said } = built("labels: [{pairs: {team: a}, includeSelectors: true}]\n");
    assert.deepEqual([said("metadata", "labels", "team"), said("spec", "selector", "matchLabels", "team"), said("spec", "template", "metadata", "labels", "team")], ["a", "a", "a"]);
  });
  it("may be called Kustomization", () => assert.deepEqual(found({ ...base, "base/orders.yaml": manifest(90), "prod/Kustomization": kustomization(patches), "prod/grace.yaml": patch(45) }), ["prod/grace.yaml"]));
  it("leaves objects the name that others call them by", () => assert.equal(built("namePrefix: prod-\n").said("metadata", "name"), "orders"));
  it("with a transformer of its own says nothing certain", () => assert.equal(built("transformers: [t.yaml]\n").said("spec", "replicas"), undefined));
  it("with a replacement says nothing of its target", () => {
    const { said } = built("replacements: [{source: {kind: ConfigMap, name: a}, targets: [{select: {kind: Deployment}, fieldPaths: [spec.replicas]}]}]\n");
    assert.deepEqual([said("spec", "replicas"), said(...image)], [undefined, "acme/orders"]);
  });
  it("generates ConfigMaps under the name that others call them by", () => {
    const { all, of } = built("configMapGenerator: [{name: settings, literals: [LEVEL=info, 'NAME=\"x\"'], envs: [more.env]}]\n");
    const map = all[1]!;
    assert.deepEqual([of(1, "kind"), of(1, "metadata", "name"), of(1, "data", "LEVEL"), of(1, "data", "NAME")], ["ConfigMap", "settings", "info", "x"]);
    assert.ok("unknown" in scalar(map, map.root, "data", "OTHER"));
    assert.deepEqual(pairs(map, lookup(map, map.root, "data")).map(({ key }) => key), ["LEVEL", "NAME"]);
  });
  it("that only a component nobody includes takes is built by itself", () => {
    const own = { ...base, "base/kustomization.yaml": "resources: [orders.yaml]\npatches: [{path: grace.yaml}]\n", "base/grace.yaml": patch() };
    assert.deepEqual(found({ ...own, "more/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [../base]\n" }), []);
  });
  it("replaces lists of a custom resource, and says nothing of those of former versions", () => {
    const list = (version: string, kind: string) => {
      const object = (container: string) => `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: a}\nspec: {template: {spec: {containers: [${container}]}}}\n`;
      const [one] = kustomizeReadings(documentsOf({ "base/a.yaml": object("{name: c, image: x}"), "kustomization.yaml": "resources: [base/a.yaml]\npatches: [{path: p.yaml}]\n", "p.yaml": object("{name: c, tty: true}") }));
      const container = items(one!, lookup(one!, one!.root, "spec", "template", "spec", "containers"))[0];
      const value = scalar(one!, container, "image");
      return "known" in value ? value.known : Object.keys(value)[0];
    };
    assert.deepEqual([list("apps/v1", "Deployment"), list("argoproj.io/v1alpha1", "Rollout"), list("extensions/v1beta1", "Deployment")], ["x", "absent", "unknown"]);
  });
  it("that takes one base twice knows no name of what it makes", () => {
    const all = kustomizeReadings(documentsOf({ ...base, "a/kustomization.yaml": kustomization("namePrefix: a-\n"), "b/kustomization.yaml": kustomization("namePrefix: b-\n"), "kustomization.yaml": "resources: [a, b]\n" }));
    assert.deepEqual(all.map((one) => "known" in scalar(one, one.root, "metadata", "name")), [false, false]);
  });
  it("of another tool, or that takes itself, is no overlay", () => {
    assert.deepEqual(found({ ...base, "prod/kustomization.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {path: ./base}\n" }), ["base/orders.yaml"]);
    assert.deepEqual(found({ "orders.yaml": manifest(60), "kustomization.yaml": "resources: [orders.yaml, .]\n" }), ["orders.yaml"]);
  });
});
