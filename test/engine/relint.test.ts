// A pass that starts from an earlier one says the same as a pass that starts from nothing, edit after edit. PITLINT_RELINT=20x500 runs 20 seeds of 500 edits.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isManifest, rulesOf } from "../../engine/analyse.ts";
import { wanted } from "../../engine/demand.ts";
import { parseExample } from "../../engine/example.ts";
import { extract } from "../../engine/extract.ts";
import { lint, linting, type Linted } from "../../engine/lint.ts";
import { languageOf, planOf, relevant } from "../../engine/plan.ts";
import { readConfigs } from "../../engine/read-config.ts";
import { contextFor, packagesOf, type Workspace } from "../../engine/workspace.ts";
import { packs } from "../../rules/packs/index.ts";
import { randomEdit, seeded, type Random } from "../server/protocol/edits.ts";
import type { Extract } from "../../engine/types.ts";

const rules = rulesOf(packs);
const plan = planOf(rules);
const shop = join(import.meta.dirname, "../../examples/shop");
const [, seeds, edits] = /^(\d+)x(\d+)$/.exec(process.env["PITLINT_RELINT"] ?? "6x60") ?? assert.fail("PITLINT_RELINT is SEEDSxEDITS");

describe("a pass that starts from an earlier one", () => {
  let [moved, asked] = [0, 0];
  for (let seed = 1; seed <= Number(seeds); seed++)
    it(`says the same as one that starts from nothing, seed ${seed}`, () => {
      const random = seeded(seed);
      const originals = workspaceOf(random, seed % 2 === 0);
      const texts = new Map(originals);
      const extracts = new Map<string, Extract>();
      for (const path of texts.keys()) read(texts, extracts, path);
      let before = settled(texts, extracts);
      for (let edit = 0; edit < Number(edits); edit++) {
        const open = [...originals.keys()].filter((one) => languageOf(one) !== undefined);
        const path = random.pick(open);
        const former = new Map([[path, texts.get(path)]]);
        if (random.chance(0.3)) givenUp(random, texts, extracts, random.chance(0.5) ? path : random.pick(open), before);
        const text = random.chance(0.5) ? typed(random, texts.get(path)!) : randomEdit(random, texts.get(path)!, originals.get(path)!, "utf-16").text;
        texts.set(path, text);
        read(texts, extracts, path);
        const after = settled(texts, extracts, { result: before, former });
        assert.deepEqual(said(after), said(settled(texts, new Map(extracts))), `seed ${seed}, edit ${edit} of ${path}: ${JSON.stringify(text)}`);
        if (!after.relinked) moved++;
        // What a run found is the same object as before where it was not made again.
        else if (before.pass.checked.found.some((one) => after.pass.checked.found.includes(one))) asked++;
        before = after;
      }
    });
  it("links nothing anew for some of the edits", () => assert.ok(moved > Number(seeds), `${moved}`));
  it("asks few checks anew where a file parses now, or no longer", () => assert.ok(asked > Number(seeds) / 2, `${asked}`));
});

/** Begins a pass on another text of a file, and leaves it at any of its steps. */
function givenUp(random: Random, texts: Map<string, string>, extracts: Map<string, Extract>, path: string, before: Linted, steps = random.below(400)): void {
  const original = texts.get(path)!;
  texts.set(path, random.chance(0.5) ? "" : typed(random, original));
  const now = new Map(extracts);
  read(texts, now, path);
  const work = linting({ extracts: now, ...still.get(texts)!, text: (one) => texts.get(one), settled: true }, { packs, plan, before: { result: before, relink: !now.has(path), text: (one) => (one === path ? original : texts.get(one)) } });
  for (let step = 0; step < steps && !work.next().done; step++);
  texts.set(path, original);
}

describe("a pass that is given up", () => {
  const files = parseExample((rules.find((one) => one.id === "lifecycle/no-graceful-shutdown")!.examples.find((one) => "bad" in one) as { bad: string }).bad).files;
  const path = files.find(({ text }) => text.includes("createServer") || text.includes(".listen("))!.path;
  for (const steps of [1, 5, 20, Infinity])
    it(`leaves nothing behind that a later one takes for its own, after ${steps} steps`, () => {
      const texts = new Map(files.map((one) => [one.path, one.text]));
      const extracts = new Map<string, Extract>();
      for (const one of texts.keys()) read(texts, extracts, one);
      const before = settled(texts, extracts);
      assert.ok(before.diagnostics.length > 0);
      const original = texts.get(path)!;
      // What the server is about is gone for a moment, and nobody waits for what that would give.
      givenUp({ ...seeded(1), chance: () => true }, texts, extracts, path, before, steps);
      // It comes back in a file that does not parse: what is absent from it is not known.
      texts.set(path, `${original}\nconst a = ;\n`);
      read(texts, extracts, path);
      const after = settled(texts, extracts, { result: before, former: new Map([[path, original]]) });
      assert.deepEqual(said(after), said(settled(texts, new Map(extracts))));
    });
});

const workload = (name: string, rest: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: 3\n  selector: { matchLabels: { app: ${name} } }\n  template:\n    metadata: { labels: { app: ${name} } }\n    spec:\n${rest}`;

/** Documents that are judged as they read with others: a chart with two sets of values and a subchart, an overlay, Compose files. */
const layered: readonly (readonly [string, string])[] = [
  ["chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"],
  ["chart/values.yaml", "grace: 20\nsleep: 5\nport: 8080\nside:\n  grace: 10\n"],
  ["chart/values-prod.yaml", "grace: 5\n"],
  ["chart/templates/web.yaml", workload("web", "      terminationGracePeriodSeconds: {{ .Values.grace }}\n      containers:\n        - name: web\n          image: web:1\n          ports: [{ containerPort: {{ .Values.port }} }]\n          lifecycle: { preStop: { exec: { command: [sleep, \"{{ .Values.sleep }}\"] } } }\n          {{- if .Values.port }}\n          livenessProbe: { httpGet: { path: /health, port: 8081 } }\n          {{- end }}\n")],
  ["chart/charts/side/Chart.yaml", "apiVersion: v2\nname: side\nversion: 1.0.0\n"],
  ["chart/charts/side/values.yaml", "grace: 30\n"],
  ["chart/charts/side/templates/side.yaml", workload("side", "      terminationGracePeriodSeconds: {{ .Values.grace }}\n      containers: [{ name: side, image: side:1, lifecycle: { preStop: { exec: { command: [sleep, \"25\"] } } } }]\n")],
  ["base/kustomization.yaml", "resources: [api.yaml]\n"],
  ["base/api.yaml", workload("api", "      containers: [{ name: api, image: api:1, readinessProbe: { httpGet: { path: /ready, port: 80 } }, livenessProbe: { httpGet: { path: /ready, port: 80 } } }]\n")],
  ["overlay/kustomization.yaml", "resources: [../base]\npatches:\n  - path: patch.yaml\nreplicas:\n  - name: api\n    count: 5\n"],
  ["overlay/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 5\n"],
  ["compose.yaml", "services:\n  db:\n    image: postgres:${PG:-16}\n  web:\n    image: web:1\n    depends_on: [db]\n    stop_grace_period: 5s\n"],
  ["compose.prod.yaml", "services:\n  web:\n    stop_grace_period: 30s\n    environment: { PORT: 8080 }\n"],
];

/** A part of the example system, beside bad examples of some rules. */
function workspaceOf(random: Random, isLayered: boolean): Map<string, string> {
  const base = ["consul/gateway.yaml", "gateway/package.json", "gateway/src/config.ts", "gateway/src/server.ts", "gateway/src/orders.ts", "k8s/gateway.yaml"];
  const files = new Map([...base.map((path) => [path, readFileSync(join(shop, path), "utf8")] as const), ...(isLayered ? layered : [])]);
  for (let count = 0; count < 4; count++) {
    const example = random.pick(rules).examples.find((one) => "bad" in one)!;
    for (const { path, text } of parseExample((example as { bad: string }).bad).files) files.set(`extra${count}/${path}`, text);
  }
  return files;
}

/** What a keystroke does: a letter, a blank line, or one of them less. */
function typed(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  return random.chance(0.3) ? text.slice(0, at) + text.slice(at + 1) : text.slice(0, at) + random.pick(["x", " ", "\n", "// x\n", "1", ";", "(", "}"]) + text.slice(at);
}

function read(texts: ReadonlyMap<string, string>, extracts: Map<string, Extract>, path: string): void {
  const text = texts.get(path)!;
  const deep = extracts.get(path)?.deep === true;
  if (languageOf(path) !== undefined && !isManifest(path) && relevant(plan, path, plan.scanner.words(text, languageOf(path)!))) extracts.set(path, extract(path, text, contextOf(texts)(path), plan, deep));
  else extracts.delete(path);
}

const configsOf = (texts: ReadonlyMap<string, string>) => readConfigs([...texts].filter(([path]) => /(^|\/)pitlint\.ya?ml$/.test(path)), packs);
const contextOf = (texts: ReadonlyMap<string, string>) => contextFor(configsOf(texts).configs, packagesOf(new Map([...texts].filter(([path]) => isManifest(path)))));
const still = new WeakMap<object, Pick<Workspace, "manifests" | "paths" | "configs">>();

function settled(texts: ReadonlyMap<string, string>, extracts: Map<string, Extract>, from?: { result: Linted; former: ReadonlyMap<string, string | undefined> }): Linted {
  const config = [...texts.keys()].some((path) => /(^|\/)pitlint\.ya?ml$/.test(path));
  // Manifests are not edited, so they stay what they were for who compares.
  const parts = (!config && still.get(texts)) || { manifests: new Map([...texts].filter(([path]) => isManifest(path))), paths: new Set([...texts.keys()].filter((path) => languageOf(path) !== undefined && !isManifest(path))), configs: configsOf(texts).configs };
  still.set(texts, parts);
  const now = new Map(texts);
  for (let last = from?.result; ; ) {
    const workspace: Workspace = { extracts, ...parts, text: (path) => now.get(path), settled: true };
    // What was not read may be needed now: only who reads the files can tell, and here all of them say yes.
    const result: Linted = lint(workspace, { packs, plan, ...(last ? { before: { result: last, relink: [...(from?.former.keys() ?? [])].some((path) => !extracts.has(path)), text: (path) => from?.former.get(path) ?? now.get(path) } } : {}) });
    const next = result.relinked ? wanted(workspace, plan, result.index, (path) => (now.has(path) ? plan.scanner.outline(now.get(path)!, languageOf(path)!) : undefined)) : [];
    if (next.length === 0) return result;
    for (const path of next) extracts.set(path, extract(path, now.get(path)!, contextOf(texts)(path), plan, extracts.has(path)));
    last = result;
  }
}

function said({ index, pass, relinked, ...result }: Linted): object {
  return { ...result, facts: Object.fromEntries(plan.kinds.map((kind) => [kind.id, index.list(kind)])) };
}
