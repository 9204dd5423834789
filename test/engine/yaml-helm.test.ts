// Chart templates: judged as they read with the values of each unit, silent where only rendering tells, mended in values.yaml.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { analyse } from "../../engine/analyse.ts";
import { render } from "../../engine/message.ts";
import { readYaml } from "../../engine/yaml/chart-template.ts";
import { fill } from "../../engine/yaml/fill.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { nodesOf } from "../../engine/yaml/place.ts";
import { absentProvable, isOpen, items, lookup, pairs, scalar, text } from "../../engine/yaml/read.ts";
import { layerOf, stacked } from "../../engine/yaml/values.ts";
import { packs } from "../../rules/packs/index.ts";
import { applyFixes } from "../apply.ts";
import type { YamlDocument } from "../../engine/types.ts";

/** The reading of a template with these values. */
function reading(template: string, values: string): YamlDocument | undefined {
  const document = readYaml("chart/templates/x.yaml", template).documents[0];
  const chart = parseYaml("chart/Chart.yaml", "name: orders\nappVersion: 2.1.0\n").documents[0];
  const given = parseYaml("chart/values.yaml", values).documents[0];
  assert.ok(document && chart && given);
  return fill(document, { values: stacked([layerOf(given)]), chart: stacked([layerOf(chart)]) }, "chart/values.yaml");
}

const at = (document: YamlDocument | undefined, ...keys: (string | number)[]) => {
  const value = document && scalar(document, document.root, ...keys);
  return value && ("known" in value ? value.known : "absent" in value ? "absent" : "unknown");
};

describe("a value of a template", () => {
  const cases: readonly (readonly [expression: string, values: string, expected: unknown])[] = [
    ["{{ .Values.a }}", "a: 30\n", 30],
    ["{{ .Values.a.b }}", "a: {b: text}\n", "text"],
    ["{{ $.Values.a }}", "a: 30\n", 30],
    ["{{ .Values.a }}", "a: \"30\"\n", 30],
    ["\"{{ .Values.a }}\"", "a: 30\n", "30"],
    ["{{ .Values.a | quote }}", "a: 30\n", "30"],
    ["{{ quote .Values.a }}", "a: yes\n", "yes"],
    ["{{ .Values.a | default 45 }}", "b: 1\n", 45],
    ["{{ .Values.a | default 45 }}", "a: 30\n", 30],
    ["{{ default 45 .Values.a }}", "a: 0\n", 45],
    ["{{ default .Values.b .Values.a }}", "b: 7\n", 7],
    ["{{ .Values.a | int }}", "a: \"30\"\n", 30],
    ["{{ required \"a is missing\" .Values.a }}", "a: 30\n", 30],
    ["{{ .Values.repo }}/{{ .Values.name }}:{{ .Values.tag | default .Chart.AppVersion }}", "repo: acme\nname: orders\n", "acme/orders:2.1.0"],
    ["{{ printf \"%s:%v\" .Values.name .Values.tag }}", "name: orders\ntag: 2\n", "orders:2"],
    ["{{ .Chart.Name }}-api", "a: 1\n", "orders-api"],
    ["{{ ternary 1 2 .Values.on }}", "on: true\n", 1],
    ["{{ \"{{\" }} $labels.job {{ \"}}\" }}", "a: 1\n", "{{ $labels.job }}"],
    ["{{ `{{ $value }}` }} s", "a: 1\n", "{{ $value }} s"],
    // Only rendering knows.
    ["{{ .Values.a }}", "b: 1\n", "unknown"],
    ["{{ .Values.a }}", "a: {b: 1}\n", "unknown"],
    ["{{ .Release.Name }}", "a: 1\n", "unknown"],
    ["{{ include \"x.fullname\" . }}", "a: 1\n", "unknown"],
    ["{{ $x }}", "a: 1\n", "unknown"],
    ["{{ tpl .Values.a . }}", "a: \"{{ .Release.Name }}\"\n", "unknown"],
    ["{{ .Values.a | b64enc }}", "a: 1\n", "unknown"],
    ["{{ if .Values.a }}1{{ else }}2{{ end }}", "a: true\n", "unknown"],
    ["a-{{ .Release.Name }}-{{ .Values.a }}", "a: 1\n", "unknown"],
    ["{{ .Values.a }", "a: 1\n", "unknown"],
  ];
  for (const [expression, values, expected] of cases) it(`${expression} with ${JSON.stringify(values)} is ${JSON.stringify(expected)}`, () => assert.deepEqual(at(reading(`kind: X\nkey: ${expression}\n`, values), "key"), expected));

  it("names the place in the values first", () => {
    const document = reading("kind: X\nkey: {{ .Values.a }}\n", "a: 30\n")!;
    assert.deepEqual(scalar(document, document.root, "key"), { known: 30, by: "text", from: [{ file: "chart/values.yaml", start: 3, end: 5 }, { file: "", start: 13, end: 28 }] });
  });
});

describe("conditions", () => {
  const template = "kind: X\nspec:\n  {{- if .Values.on }}\n  grace: 60\n  {{- else }}\n  grace: 10\n  other: 1\n  {{- end }}\n  rest: 2\n";
  it("that hold show the first branch only", () => assert.deepEqual(["grace", "other", "rest"].map((key) => at(reading(template, "on: true\n"), "spec", key)), [60, "absent", 2]));
  it("that do not hold show the last branch only", () => assert.deepEqual(["grace", "other", "rest"].map((key) => at(reading(template, "on: false\n"), "spec", key)), [10, 1, 2]));
  it("on what is set nowhere do not hold", () => assert.equal(at(reading(template, "off: 1\n"), "spec", "grace"), 10));
  it("that nobody can tell make both branches unknown", () => {
    const document = reading(template.replace(".Values.on", ".Capabilities.APIVersions.Has \"x\""), "on: true\n");
    assert.deepEqual(["grace", "other", "rest"].map((key) => at(document, "spec", key)), ["unknown", "unknown", 2]);
  });
  it("in a chain show a branch between the first and the last as unknown", () => {
    const chain = "kind: X\nspec:\n  {{- if eq .Values.a \"x\" }}\n  grace: 1\n  {{- else if eq .Values.a \"y\" }}\n  grace: 2\n  {{- else }}\n  grace: 3\n  {{- end }}\n";
    assert.deepEqual(["x", "y", "z"].map((value) => at(reading(chain, `a: ${value}\n`), "spec", "grace")), [1, "unknown", 3]);
  });
  it("around the whole document decide whether there is one", () => {
    const whole = "{{- if and .Values.a.enabled (not .Values.b) }}\nkind: X\nkey: 1\n{{- end }}\n";
    assert.equal(at(reading(whole, "a: {enabled: true}\n"), "key"), 1);
    assert.equal(reading(whole, "a: {enabled: false}\n"), undefined);
    assert.equal(reading(whole, "a: {enabled: true}\nb: 1\n"), undefined);
    assert.equal(at(reading(whole.replace("and .Values.a.enabled (not .Values.b)", "include \"on\" ."), "a: 1\n"), "key"), 1);
  });
  it("give the dot of `with` to what stands inside", () => {
    const inside = "kind: X\nspec:\n  {{- with .Values.pod }}\n  grace: {{ .grace }}\n  all: {{ $.Values.all }}\n  {{- end }}\n";
    assert.deepEqual(["grace", "all"].map((key) => at(reading(inside, "pod: {grace: 5}\nall: 7\n"), "spec", key)), [5, 7]);
    assert.equal(at(reading(inside, "all: 7\n"), "spec", "grace"), "absent");
  });
});

describe("a loop", () => {
  const template = "kind: X\nlist:\n  {{- range .Values.all }}\n  - name: {{ . }}\n    port: 80\n  {{- end }}\n  - name: last\n";
  it("makes what stands in it unknown and its list open", () => {
    const document = reading(template, "all: [a, b]\n")!;
    const list = lookup(document, document.root, "list");
    assert.equal(isOpen(document, list), true);
    assert.deepEqual(items(document, list).map((one) => [text(scalar(document, one, "name")), text(scalar(document, one, "port"))]), [[undefined, undefined], ["last", undefined]]);
  });
  it("over nothing shows nothing", () => {
    const document = reading(template, "all: []\n")!;
    assert.deepEqual(items(document, lookup(document, document.root, "list")).map((one) => text(scalar(document, one, "name"))), ["last"]);
    assert.equal(isOpen(document, lookup(document, document.root, "list")), false);
  });
});

describe("inserted lines", () => {
  it("of values are read there, and the rest is absent", () => {
    const document = reading("kind: X\nspec:\n  resources:\n    {{- toYaml .Values.resources | nindent 4 }}\n", "resources:\n  limits: {memory: 1Gi}\n");
    assert.equal(at(document, "spec", "resources", "limits", "memory"), "1Gi");
    assert.equal(at(document, "spec", "resources", "requests"), "absent");
  });
  it("of an empty map prove that nothing is there", () => assert.equal(at(reading("kind: X\nspec:\n  resources: {{- toYaml .Values.resources | nindent 4 }}\n", "resources: {}\n"), "spec", "resources", "limits"), "absent"));
  it("join the members that the template shows", () => {
    const document = reading("kind: X\nlabels:\n  {{- toYaml .Values.labels | nindent 2 }}\n  own: 1\n", "labels: {a: 2}\n");
    assert.deepEqual([at(document, "labels", "a"), at(document, "labels", "own"), at(document, "labels", "b")], [2, 1, "absent"]);
  });
  it("of a partial leave the map open", () => {
    const document = reading("kind: X\nlabels:\n  {{- include \"x.labels\" . | nindent 2 }}\n  own: 1\nspec:\n  a: 1\n", "a: 1\n")!;
    assert.deepEqual([at(document, "labels", "own"), at(document, "labels", "b"), at(document, "spec", "b")], [1, "unknown", "absent"]);
    assert.equal(absentProvable(document, lookup(document, document.root, "labels")), false);
  });
  it("join a list", () => {
    const document = reading("kind: X\nenv:\n  - name: A\n  {{- with .Values.env }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}\n", "env:\n  - name: B\n")!;
    assert.deepEqual(items(document, lookup(document, document.root, "env")).map((one) => text(scalar(document, one, "name"))), ["A", "B"]);
  });
});

describe("what is no template of a chart", () => {
  for (const path of ["chart/templates/_helpers.yaml", "cookiecutter/x.yaml"]) it(`${path} is not applicable`, () => assert.deepEqual(readYaml(path, "a: {{ .Values.a }}\n"), { documents: [], problems: [], notApplicable: true }));
  it("a template that does not parse is not applicable and no problem", () => assert.deepEqual(readYaml("c/templates/x.yaml", "a: {{ .x }}\n b: [}\n"), { documents: [], problems: [], notApplicable: true }));
  it("a template without a chart is not judged", () => {
    const result = analyse(new Map([["templates/x.yaml", "a: {{ .x }}\n"], ["other/templates/x.yaml", deployment]]), { packs, only });
    assert.deepEqual([result.diagnostics.length, result.complete, result.summary.notApplicable], [0, true, 2]);
  });
});

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "orders.fullname" . }}
spec:
  template:
    spec:
      {{- if .Values.grace }}
      terminationGracePeriodSeconds: {{ .Values.grace }}
      {{- end }}
      containers:
        - name: orders
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          lifecycle:
            {{- toYaml .Values.lifecycle | nindent 12 }}
`;
const only = ["lifecycle/prestop-exceeds-grace"];
const chart = (values: string, more: Readonly<Record<string, string>> = {}, template = deployment) =>
  new Map(Object.entries({ "chart/Chart.yaml": "name: orders\n", "chart/values.yaml": values, "chart/templates/deployment.yaml": template, ...more }));
const sleep = (seconds: number) => `image: {repository: acme/orders, tag: "1"}\nlifecycle:\n  preStop:\n    exec:\n      command: ["sleep", "${seconds}"]\n`;

describe("a finding in a chart", () => {
  it("lies in the template, is shown at the value, and is mended there", async () => {
    const files = chart(`grace: 60\n${sleep(60)}`);
    const result = analyse(files, { packs, only });
    const [found] = result.diagnostics;
    assert.ok(found);
    assert.equal(render(found.message), "preStop sleeps 60 s of a grace period of 60 s: no time is left to drain");
    assert.equal(files.get(found.at.file)!.slice(found.at.start, found.at.end), "{{- toYaml .Values.lifecycle | nindent 12 }}");
    assert.deepEqual((found.related ?? []).map(({ at: place, mirror }) => [place.file, files.get(place.file)!.slice(place.start, place.end), mirror === true]), [["chart/values.yaml", "60", false], ["chart/values.yaml", "\"60\"", true]]);
    const after = await applyFixes(files, result);
    assert.equal(after.get("chart/values.yaml"), `grace: 90\n${sleep(60)}`);
    assert.equal(after.get("chart/templates/deployment.yaml"), deployment);
    assert.deepEqual(analyse(after, { packs, only }).diagnostics, []);
  });
  it("follows the default where the condition does not hold", () => {
    const [found] = analyse(chart(sleep(45)), { packs, only }).diagnostics;
    assert.equal(found && render(found.message), "preStop sleeps 45 s of a grace period of 30 s: no time is left to drain");
  });
  it("is none where the values are fine", () => assert.deepEqual(analyse(chart(`grace: 90\n${sleep(60)}`), { packs, only }).diagnostics, []));
  it("is none where a partial may set what is missing", () => assert.deepEqual(analyse(chart(sleep(60), {}, deployment.replace("      containers:", "      {{- include \"orders.pod\" . | nindent 6 }}\n      containers:")), { packs, only }).diagnostics, []));
  it("in another values file is one of that unit, and mended there", async () => {
    const files = chart(`grace: 90\n${sleep(60)}`, { "chart/values-prod.yaml": "grace: 60\n" });
    const result = analyse(files, { packs, only });
    assert.equal(result.diagnostics.length, 1);
    assert.equal((await applyFixes(files, result)).get("chart/values-prod.yaml"), "grace: 90\n");
  });
  it("that two units share is one", () => assert.equal(analyse(chart(`grace: 60\n${sleep(60)}`, { "chart/values-prod.yaml": "replicas: 3\n" }), { packs, only }).diagnostics.length, 1));
  it("on a machine of a developer is none", () => assert.deepEqual(analyse(chart(`grace: 90\n${sleep(60)}`, { "chart/values-dev.yaml": "grace: 5\n" }), { packs, only }).diagnostics, []));
  it("is silenced by a comment at the value", () => {
    const quiet = sleep(60).replace("      command", "      # pitlint-ignore-next-line lifecycle/prestop-exceeds-grace -- drains elsewhere\n      command");
    assert.deepEqual(analyse(chart(`grace: 60\n${quiet}`), { packs, only }).diagnostics, []);
  });
  it("of a subchart knows what the parent sets", () => {
    const files = new Map([["Chart.yaml", "name: all\n"], ["values.yaml", "orders:\n  grace: 90\n"], ...[...chart(`grace: 60\n${sleep(60)}`)].map(([path, said]) => [path.replace("chart/", "charts/orders/"), said] as const)]);
    assert.deepEqual(analyse(files, { packs, only }).diagnostics, []);
    assert.equal(analyse(files.set("values.yaml", "orders: {}\n"), { packs, only }).diagnostics.length, 1);
  });
  describe("of a dependency", () => {
    const below = (values: string) => [...chart(values)].map(([path, said]) => [path.replace("chart/", "charts/orders/"), said.replace(/^name: .*/, "name: orders")] as const);
    const count = (parent: string, values: string, own = `grace: 60\n${sleep(60)}`, more: Readonly<Record<string, string>> = {}) =>
      analyse(new Map([["Chart.yaml", `name: all\n${parent}`], ["values.yaml", values], ...below(own), ...Object.entries(more)]), { packs, only }).diagnostics.length;
    const takes = (more = "") => `dependencies: [{name: orders, version: 1.0.0${more}}]\n`;
    it("is none where a condition switches it off", () => {
      assert.equal(count(takes(", condition: orders.enabled"), "orders: {enabled: false}\n"), 0);
      assert.equal(count(takes(", condition: orders.enabled"), "orders: {enabled: true}\n"), 1);
      assert.equal(count(takes(", condition: 'first.on, orders.enabled'"), "first: {on: true}\norders: {enabled: false}\n"), 1);
      // Neither a text nor what stands nowhere decides.
      assert.equal(count(takes(", condition: orders.enabled"), "orders: {enabled: 'false'}\n"), 1);
      assert.equal(count(takes(", condition: orders.enabled"), "a: 1\n"), 1);
    });
    it("is none where its own values switch it off, and the parent does not say", () => {
      assert.equal(count(takes(", condition: orders.enabled"), "a: 1\n", `enabled: false\ngrace: 60\n${sleep(60)}`), 0);
      assert.equal(count(takes(", condition: orders.enabled"), "orders: {enabled: true}\n", `enabled: false\ngrace: 60\n${sleep(60)}`), 1);
    });
    it("follows the values file of each unit", () => {
      const off = { "values-prod.yaml": "orders: {enabled: true}\n" };
      assert.equal(count(takes(", condition: orders.enabled"), "orders: {enabled: false}\n", undefined, off), 1);
      assert.equal(count(takes(", condition: orders.enabled"), "orders: {enabled: false}\n", undefined, { "values-prod.yaml": "a: 1\n" }), 0);
    });
    it("is none where tags switch it off", () => {
      assert.equal(count(takes(", tags: [back, shop]"), "tags: {back: false}\n"), 0);
      assert.equal(count(takes(", tags: [back, shop]"), "tags: {back: false, shop: true}\n"), 1);
      assert.equal(count(takes(", tags: [back], condition: orders.enabled"), "tags: {back: false}\norders: {enabled: true}\n"), 1);
      assert.equal(count(takes(", tags: [back]"), "a: 1\n"), 1);
    });
    it("knows the values that stand under its alias", () => {
      assert.equal(count(takes(", alias: carts"), "carts: {grace: 90}\n"), 0);
      assert.equal(count(takes(", alias: carts"), "orders: {grace: 90}\n"), 1);
      const twice = "dependencies: [{name: orders, alias: a, condition: a.enabled}, {name: orders, alias: b}]\n";
      assert.equal(count(twice, "a: {grace: 90}\nb: {grace: 90}\n"), 0);
      assert.equal(count(twice, "a: {enabled: false}\nb: {grace: 90}\n"), 0);
      assert.equal(count(twice, "a: {grace: 90}\nb: {}\n"), 1);
    });
    it("of an older chart is stated in requirements.yaml", () => assert.equal(count("", "carts: {grace: 90}\n", undefined, { "requirements.yaml": takes(", alias: carts") }), 0));
    it("sees global values through several charts", () => {
      const template = deployment.replaceAll(".Values.grace", ".Values.global.grace");
      const deep = (values: string) => analyse(new Map([["Chart.yaml", "name: all\n"], ["values.yaml", values], ["charts/mid/Chart.yaml", "name: mid\n"], ["charts/mid/values.yaml", "a: 1\n"],
        ...[...chart(`global: {grace: 60}\n${sleep(60)}`, {}, template)].map(([path, said]) => [path.replace("chart/", "charts/mid/charts/orders/"), said] as const)]), { packs, only }).diagnostics.length;
      assert.equal(deep("global: {grace: 90}\n"), 0);
      assert.equal(deep("a: 1\n"), 1);
    });
    it("is called by its alias in its templates", () => {
      const named = deployment.replace('{{ include "orders.fullname" . }}', "{{ .Chart.Name }}");
      const [one] = analyse(new Map([["Chart.yaml", `name: all\n${takes(", alias: carts")}`], ["values.yaml", "a: 1\n"], ...[...chart(`grace: 60\n${sleep(60)}`, {}, named)].map(([path, said]) => [path.replace("chart/", "charts/orders/"), said.replace(/^name: .*/, "name: orders")] as const)]), { packs, only }).index.documents.filter((document) => document.class === "k8s");
      assert.equal(at(one, "metadata", "name"), "carts");
    });
    it("may give its parent values", () => {
      const parent = (imports: string, own: string, more: Readonly<Record<string, string>> = {}) =>
        analyse(new Map([...chart(own, { "chart/Chart.yaml": `name: all\ndependencies: [{name: limits, import-values: ${imports}}]\n`, ...more })]), { packs, only }).diagnostics.length;
      const limits = { "chart/charts/limits/Chart.yaml": "name: limits\n", "chart/charts/limits/values.yaml": "exports: {slow: {grace: 90}}\nlimits: {time: {grace: 90}}\n" };
      assert.equal(parent("[slow]", `grace: 60\n${sleep(60)}`, limits), 0);
      assert.equal(parent("[fast]", `grace: 60\n${sleep(60)}`, limits), 1);
      assert.equal(parent("[{child: limits.time, parent: .}]", `grace: 60\n${sleep(60)}`, limits), 0);
      // One that is not here may give anything.
      assert.equal(parent("[slow]", `grace: 60\n${sleep(60)}`), 0);
      assert.equal(parent("[{child: a, parent: other}]", `grace: 60\n${sleep(60)}`), 1);
    });
  });
  it("is the same without the prefilter", () => {
    const files = chart(`grace: 60\n${sleep(60)}`);
    assert.deepEqual(analyse(files, { packs, only, everything: true }).diagnostics, analyse(files, { packs, only }).diagnostics);
  });
});

describe("a fix in a template", () => {
  const literal = (hook: string, before = "") => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n  template:\n    spec:\n${before}      containers:\n        - name: orders\n          image: {{ .Values.image }}\n          lifecycle:\n            preStop:\n              exec:\n                command: ["sleep", ${hook}]\n`;
  const mended = async (template: string, values = "image: a\n") => {
    const files = chart(values, {}, template);
    const result = analyse(files, { packs, only });
    assert.equal(result.diagnostics.length, 1);
    const after = await applyFixes(files, result);
    return [after.get("chart/templates/deployment.yaml"), after.get("chart/values.yaml")];
  };
  it("changes what the template itself says", async () => {
    const grace = (seconds: number) => literal('"60"', `      terminationGracePeriodSeconds: ${seconds}\n`);
    assert.deepEqual(await mended(grace(60)), [grace(90), "image: a\n"]);
  });
  it("adds a line where no condition stands around it", async () => assert.deepEqual(await mended(literal('"60"')), [literal('"60"', "      terminationGracePeriodSeconds: 90\n"), "image: a\n"]));
  it("is refused where the result of an action would change", async () => {
    const template = literal('"60"', '      terminationGracePeriodSeconds: {{ printf "%v" .Values.grace }}\n');
    assert.deepEqual(await mended(template, "image: a\ngrace: 60\n"), [template, "image: a\ngrace: 60\n"]);
  });
});

describe("the service of a template", () => {
  const app = { "services/orders/package.json": '{"name":"@acme/orders"}', "services/orders/app.ts": 'import express from "express";\nconst app = express();\napp.get("/health", (_req, res) => { res.send("ok"); });\napp.listen(3000);\n', "services/other/package.json": '{"name":"other"}', "services/other/app.ts": "export const a = 1;\n" };
  const template = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ include "x.fullname" . }}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: {{ .Chart.Name }}\n          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n          livenessProbe:\n            httpGet: {path: {{ .Values.path }}, port: 3000}\n`;
  const probes = { packs, only: ["k8s/probe-path-not-served"] };
  it("is told by its image, and its probe is compared", async () => {
    const files = new Map([...Object.entries(app), ...chart("image: {repository: ghcr.io/acme/orders, tag: 1}\npath: /healthz\n", {}, template)]);
    const result = analyse(files, probes);
    assert.deepEqual(result.diagnostics.map((one) => [one.at.file, render(one.message)]), [["chart/templates/deployment.yaml", "The liveness probe asks for /healthz, which the service does not serve"]]);
    assert.match((await applyFixes(files, result)).get("chart/values.yaml")!, /path: \/health\n/);
  });
  it("is found once, in the values, where these say whose probe it is", () => {
    const whole = template.replace("livenessProbe:\n            httpGet: {path: {{ .Values.path }}, port: 3000}", "livenessProbe:\n            {{- toYaml .Values.livenessProbe | nindent 12 }}");
    const files = new Map([...Object.entries(app), ...chart("image: {repository: ghcr.io/acme/orders, tag: 1}\nlivenessProbe:\n  httpGet: {path: /healthz, port: 3000}\n", {}, whole)]);
    assert.deepEqual(analyse(files, probes).diagnostics.map((one) => one.at.file), ["chart/values.yaml"]);
  });
  it("is none when the image is not known", () => assert.deepEqual(analyse(new Map([...Object.entries(app), ...chart("path: /healthz\n", {}, template)]), probes).diagnostics, []));
});

describe("any text", () => {
  const part = fc.constantFrom(
    "{{ if .Values.a }}", "{{- if .x }}", "{{- else }}", "{{- else if .Values.b -}}", "{{ end }}", "{{- end }}", "{{ range .Values.l -}}", "{{ with .Values.m }}", "{{ .Values.a }}", "{{ .Values.m.n }}", "{{ . }}",
    "{{ toYaml .Values.m | nindent 2 }}", "{{ toYaml .Values.l | indent 0 }}", "{{ include \"x\" . }}", "{{/* */}}", "{{ $x := 1 }}", "{{ ((((", "{{ a | }}", "{{", "}}", "\n", "\n", "\n", "\r\n", "  ", "  ", "a: ", "b: ", "- ", "# ", "kind: X\n", "x", "&a ", "*a", "|\n", "<<: ", "[", "}", "---\n",
  );
  const template = fc.array(part, { maxLength: 40 }).map((parts) => `kind: X\n${parts.join("")}`);
  const values = fc.constantFrom("a: 1\nm: {n: 2}\nl: [1, {k: v}]\n", "a: &a {x: 1}\nm: {<<: *a, n: [*a]}\nl: []\n", "a: false\nb: true\n", "m:\n  - 1\n");
  it("is read without failing, and what is known lies in its file", () => {
    fc.assert(fc.property(template, values, (source, said) => {
      const given = parseYaml("chart/values.yaml", said).documents[0]!;
      for (const document of readYaml("chart/templates/x.yaml", source).documents) {
        const filled = fill(document, { values: stacked([layerOf(given)]), chart: undefined }, "chart/values.yaml");
        for (const node of nodesOf(filled?.root ?? null)) {
          const end = node.at.file === "chart/values.yaml" ? said.length : source.length;
          assert.ok(node.at.start <= node.at.end && node.at.end <= end);
          if (filled && node.kind === "scalar" && !isOpen(filled, node)) assert.ok(!String(node.value).includes("\uE000"), source);
          if (filled && node.kind === "map") for (const { key, ...member } of pairs(filled, node)) assert.ok(!key.includes("\uE000") && member.pair, source);
        }
      }
    }), { numRuns: 2_000 });
  });
});
