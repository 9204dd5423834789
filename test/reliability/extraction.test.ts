// P and X: findings follow what the text says and nothing else; fixes converge, change only their edits, and leave nothing worse.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fingerprint } from "../../engine/fingerprint.ts";
import { render } from "../../engine/message.ts";
import { planOf } from "../../engine/plan.ts";
import { grouped } from "../../cli/fix-plan.ts";
import { applyFixes } from "../apply.ts";
import { faultsOf, fixtures, lintAll, plan, rules, type Texts } from "./fixtures.ts";
import { mutated, random } from "./random.ts";
import { firstSeed, size } from "./size.ts";
import type { Opened } from "../../cli/open.ts";
import type { Linted } from "../../engine/lint.ts";
import type { FactKind, FileEdit, Rule } from "../../engine/types.ts";

const isText = (path: string) => /\.([cm]?[jt]sx?|ya?ml)$/.test(path);
const isTs = (path: string) => /\.[cm]?[jt]sx?$/.test(path);
const mapped = (files: Texts, change: (path: string, text: string) => string) => new Map([...files].map(([path, text]) => [path, isText(path) ? change(path, text) : text]));

/** What is found, without places. */
const found = ({ diagnostics }: Linted) => diagnostics.map((one) => `${one.at.file} ${one.rule} ${one.severity} ${render(one.message)}`).sort();

/** Samples of fixtures with every change, all of them on demand. */
const sample = fixtures.filter((_, index) => index % size(4, 1) === 0);

describe("valid texts", () => {
  const name = fc.constantFrom("orders", "prices", "a-b", "x1", "no", "on", "null", "123", "__proto__", "é");
  const scalar = fc.oneof(name, fc.integer({ min: -5, max: 100_000 }).map(String), fc.constantFrom("30s", "1m30s", "500m", "1Gi", "true", "~", '""', "'a'", "{{ .Values.a }}", "0x1F", "1e3", ".inf"));
  const key = fc.constantFrom("name", "image", "replicas", "livenessProbe", "readinessProbe", "httpGet", "path", "port", "timeoutSeconds", "periodSeconds", "resources", "limits", "requests", "cpu", "memory", "env", "value", "terminationGracePeriodSeconds", "containers", "initContainers", "lifecycle", "preStop", "exec", "command", "labels", "annotations", "selector", "matchLabels", "strategy");
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({ tree: fc.oneof({ maxDepth: 5 }, scalar, fc.array(tie("tree"), { maxLength: 3 }), fc.dictionary(key, tie("tree"), { maxKeys: 4 })) }));
  const flow = (value: unknown): string => (Array.isArray(value) ? `[${value.map(flow).join(", ")}]` : typeof value === "object" && value !== null ? `{ ${Object.entries(value).map(([one, of]) => `${one}: ${flow(of)}`).join(", ")} }` : String(value).startsWith("{{") ? `"${String(value)}"` : String(value));
  const manifest = fc.tuple(fc.constantFrom("Deployment", "StatefulSet", "Service", "VirtualService", "DestinationRule", "HorizontalPodAutoscaler", "PodDisruptionBudget", "ConfigMap", "Job", "CronJob", "List"), name, tree, tree).map(([kind, named, spec, pod]) => `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: ${named} }\nspec:\n  x: ${flow(spec)}\n  template: { spec: { containers: [{ name: ${named}, lifecycle: ${flow(pod)}, livenessProbe: ${flow(pod)}, resources: ${flow(spec)} }] } }\n`);
  const value = fc.constantFrom("1", "5_000", "'30s'", "{}", "{ timeout: 5 }", "opts", "signal", "undefined", "process.env.T", "() => 1", "[1]", "`a${b}`", "await x", "new AbortController()", "a?.b", "...c");
  const statement = fc.tuple(fc.constantFrom("axios.get", "fetch", "new Pool", "server.listen", "client.query", "redis.set", "consumer.run", "createServer", "process.on", "setInterval", "app.get", "new Kafka", "p.histogram"), fc.array(value, { maxLength: 4 })).map(([callee, values]) => `await ${callee}(${values.map((one) => (one === "await x" ? "(await x)" : one)).join(", ")});`);
  const program = fc.array(fc.tuple(fc.constantFrom("async function f(signal) { # }", "class A { async m(opts) { # } }", "if (a) { # } else { # }", "try { # } catch (e) { # }", "export const g = async () => { # };", "for (const x of y) { # }", "app.get('/a', async (req, res) => { # });"), statement, statement), { maxLength: 5 }).map((parts) => `import axios from "axios";\nimport { Pool } from "pg";\nimport express from "express";\nconst app = express();\n${parts.map(([frame, a, b]) => frame.replace("#", a).replace("#", b)).join("\n")}\n`);

  it("P2: every place lies in its file, and first fixes leave files that parse", async (test) => {
    let fixes = 0;
    await fc.assert(fc.asyncProperty(program, manifest, async (ts, yaml) => {
      const files = new Map([["package.json", '{ "name": "orders", "dependencies": { "pg": "8", "axios": "1", "express": "5" } }'], ["src/a.ts", ts], ["deploy/a.yaml", yaml]]);
      const result = lintAll(files);
      assert.deepEqual(faultsOf(files, result), []);
      const syntax = (one: Linted) => one.problems.filter((problem) => problem.kind === "syntax").map((problem) => problem.file);
      const fixed = await applyFixes(files, result);
      if ([...fixed].some(([path, text]) => files.get(path) !== text)) fixes++;
      assert.deepEqual(syntax(lintAll(fixed)).filter((file) => !syntax(result).includes(file)), [], [...fixed.values()].join("\n"));
    }), { numRuns: size(100, 2_000), seed: firstSeed });
    test.diagnostic(`${size(100, 2_000)} workspaces, ${fixes} with fixes`);
  });
});

describe("a rule or fact that fails", () => {
  const broken = (what: string): never => {
    if (what === "stack") return (function down(): never { return [down()][0]!; })();
    throw what === "error" ? new Error("broken by the test") : what;
  };
  it("P6: costs no other rule a finding, and is named", (test) => {
    const sets = fixtures.filter((_, index) => index % size(40, 4) === 0);
    let injected = 0;
    for (const [index, victim] of rules.entries()) {
      const { ts, yaml } = victim.check;
      const find = (): never => broken(["error", "stack", "thrown"][index % 3]!);
      const failing: Rule = { ...victim, check: { ...(ts ? { ts: { ...ts, find } as NonNullable<typeof ts> } : {}), ...(yaml ? { yaml: { ...yaml, find } } : {}) } };
      const by = planOf(rules.map((one) => (one === victim ? failing : one)));
      for (const files of sets.filter((_, at) => (at + index) % size(4, 1) === 0)) {
        const whole = lintAll(files);
        const without = lintAll(files, by);
        injected++;
        const rest = found({ ...whole, diagnostics: whole.diagnostics.filter((one) => one.rule !== victim.id) });
        // Of a service that is not fully known nothing is claimed to be absent: a run that says so may stay silent there, and says nothing new.
        if (without.complete) assert.deepEqual(found(without), rest, victim.id);
        else assert.deepEqual(found(without).filter((one) => !rest.includes(one)), [], victim.id);
        if (whole.diagnostics.some((one) => one.rule === victim.id)) assert.ok(without.problems.some((one) => one.kind === "rule-failed" && one.message.startsWith(victim.id)) && !without.complete, victim.id);
      }
    }
    test.diagnostic(`${injected} runs with one of ${rules.length} rules failing`);
  });
});

describe("what changes nothing", () => {
  const last = (text: string) => text.replace(/\n*$/, "");
  const relations: readonly (readonly [name: string, change: (path: string, text: string) => string])[] = [
    ["CRLF", (_, text) => text.replaceAll("\n", "\r\n")],
    ["a last line end more", (_, text) => `${last(text)}\n\n`],
    ["no last line end", (_, text) => last(text)],
    ["a comment in front", (path, text) => (isTs(path) ? (text.startsWith("#!") ? text : `/* note */ ${text}`) : path.includes("/templates/") ? text : `# note\n${text}`)],
    ["a comment behind", (path, text) => (isTs(path) ? `${text}\n// note` : `${last(text)}\n# note\n`)],
    ["empty lines in front", (_, text) => (text.startsWith("#!") ? text : `\n\n${text}`)],
    ["a declaration behind", (path, text) => (isTs(path) ? `${text}\nconst unrelatedByTest = "\\u2028 \u2028";\n` : text)],
    ["an empty document behind", (path, text) => (isTs(path) || path.includes("/templates/") || /(^|\/)(values[^/]*|Chart|pitlint|kustomization|docker-compose[^/]*|compose[^/]*)\.ya?ml$/.test(path) ? text : `${last(text)}\n---\n`)],
    ["characters of two units in a comment", (path, text) => (isTs(path) ? `${text}\n// 😀 é\n` : `${last(text)}\n# 😀 é\n`)],
    ["blanks at line ends of code", (path, text) => (isTs(path) && !text.includes("`") ? text.replace(/;\n/g, ";  \n") : text)],
    ["another file beside", (_, text) => text],
    ["files in reverse order", (_, text) => text],
  ];
  for (const [name, change] of relations)
    it(`P7: ${name}`, () => {
      for (const files of sample) {
        let other: Texts = mapped(files, change);
        if (name === "another file beside") other = new Map([...other, ["zz/unrelated.txt.ts", "export const unrelated = 1;\n"]]);
        if (name === "files in reverse order") other = new Map([...other].reverse());
        assert.deepEqual(found(lintAll(other)), found(lintAll(files)), JSON.stringify([...files]));
      }
    });
});

const texts = (files: Texts) => JSON.stringify([...files]);

describe("fixes", () => {
  /** Rounds until nothing changes; undefined when three are not enough. */
  async function settle(files: Texts): Promise<{ rounds: number; after: Texts } | undefined> {
    let now: Texts = files;
    for (let rounds = 0; rounds <= 3; rounds++) {
      const next = await applied(now);
      if (texts(next) === texts(now)) return { rounds, after: now };
      now = next;
    }
    return undefined;
  }

  /** What one round of `--fix --unsafe-fixes` writes. */
  async function applied(files: Texts): Promise<Texts> {
    const { lower } = await import("../../engine/lower.ts");
    const { readYaml } = await import("../../engine/yaml/chart-template.ts");
    const result = lintAll(files);
    const session = { lower: (fix: Parameters<typeof lower>[0]) => lower(fix, { text: (file) => files.get(file), documents: (file) => readYaml(file, files.get(file) ?? "").documents, paths: files.keys() }) };
    const plans = await grouped({ result: () => result, session } as unknown as Opened, true);
    const after = new Map(files);
    for (const { edits } of plans) for (const { file, edits: list } of edits) after.set(file, [...list].reverse().reduce((text, { at, text: put }) => text.slice(0, at.start) + put + text.slice(at.end), after.get(file)!));
    return after;
  }

  it("X1: of every example settle in three rounds", async (test) => {
    const counts = [0, 0, 0, 0];
    for (const files of fixtures) {
      const settled = await settle(files);
      assert.ok(settled, `still changing after three rounds: ${texts(files)}`);
      counts[settled.rounds]!++;
    }
    test.diagnostic(`${fixtures.length} examples; settled after 0, 1, 2, 3 rounds: ${counts.join(", ")}`);
  });

  it("X1: of mutants settle in three rounds, and X2: leave no new syntax error", async (test) => {
    const pick = random(firstSeed);
    let changed = 0;
    const bad = fixtures.filter((files) => lintAll(files).diagnostics.some((one) => one.fixes?.length));
    for (let index = 0; index < size(80, 2_000); index++) {
      const files = bad[pick(bad.length)]!;
      const paths = [...files.keys()].filter(isText);
      const path = paths[pick(paths.length)]!;
      const mutant = new Map(files).set(path, mutated(pick, files.get(path)!, files.get(path)!));
      const settled = await settle(mutant);
      assert.ok(settled, `still changing after three rounds: ${texts(mutant)}`);
      if (settled.rounds === 0) continue;
      changed++;
      const broken = (one: Texts) => lintAll(one).problems.filter((problem) => problem.kind === "syntax").map((problem) => problem.file);
      const before = broken(mutant);
      assert.deepEqual(broken(settled.after).filter((file) => !before.includes(file)), [], `${texts(mutant)}\n${texts(settled.after)}`);
    }
    test.diagnostic(`${size(80, 2_000)} mutants, ${changed} changed by fixes`);
  });

  it("X2: of every example remove their finding, bring no other, and keep line ends", async () => {
    for (const files of fixtures) {
      const crlf = mapped(files, (_, text) => text.replaceAll("\n", "\r\n"));
      const { after } = (await settle(crlf))!;
      for (const [path, text] of after) if (isText(path) && crlf.get(path) !== text) assert.ok(!/(?<!\r)\n/.test(text), `${path}: ${JSON.stringify(text)}`);
      const prints = (one: Linted) => one.diagnostics.map((each) => fingerprint(each.rule, each.variant, each.message, ""));
      const before = new Set(prints(lintAll(crlf)));
      const rulesBefore = new Set(lintAll(crlf).diagnostics.map((one) => one.rule));
      const left = lintAll(after).diagnostics.filter((one) => !before.has(fingerprint(one.rule, one.variant, one.message, "")) && !rulesBefore.has(one.rule) && one.severity !== "hint" && one.severity !== "info");
      assert.deepEqual(left.map((one) => `${one.rule} ${render(one.message)}`), [], texts(after));
    }
  });

  it("X3: that overlap wait for the next round, whatever their order", async () => {
    const edit = fc.tuple(fc.nat(12), fc.nat(4), fc.constantFrom("", "x", "yy")).map(([start, length, text]) => ({ at: { file: "a.ts", start, end: start + length }, text }));
    const file = fc.constantFrom("a.ts", "b.ts");
    const fix = fc.array(fc.tuple(file, edit), { minLength: 1, maxLength: 3 }).map((list): FileEdit[] => [...new Set(list.map(([one]) => one))].map((one) => ({ file: one, edits: separate(list.filter(([other]) => other === one).map(([, each]) => ({ ...each, at: { ...each.at, file: one } }))) })));
    await fc.assert(fc.asyncProperty(fc.array(fix, { maxLength: 6 }), async (fixes) => {
      const lowered = new Map(fixes.map((one) => [{ title: "t", safe: true, edits: [] } as const, one]));
      const result = { diagnostics: [...lowered.keys()].map((one) => ({ fixes: [one] })), problems: [] };
      const plans = await grouped({ result: () => result, session: { lower: async (one: never) => lowered.get(one) } } as unknown as Opened, false);
      const files = plans.flatMap((one) => one.edits.map((each) => each.file));
      assert.equal(new Set(files).size, files.length, "a file is in one plan");
      for (const { edits } of plans)
        for (const { edits: list } of edits)
          for (const [index, { at }] of list.entries()) {
            const before = list[index - 1]?.at;
            assert.ok(!before || (before.end <= at.start && before.start < at.start) || (before.end < at.start), JSON.stringify(list));
          }
      // Each fix is there whole or not at all.
      for (const one of fixes) {
        const there = one.flatMap(({ file: path, edits }) => edits.map((each) => plans.some((by) => by.edits.some((other) => other.file === path && other.edits.some((it) => it.at.start === each.at.start && it.at.end === each.at.end && it.text === each.text)))));
        const own = fixes.filter((other) => other !== one && JSON.stringify(other).length > 2);
        if (!there.every(Boolean) && own.length === 0) assert.fail(JSON.stringify(one));
      }
    }), { numRuns: size(5_000, 100_000), seed: firstSeed });
  });
});

/** Edits of one fix never collide. */
function separate(edits: FileEdit["edits"]): FileEdit["edits"] {
  const kept: FileEdit["edits"][number][] = [];
  for (const one of [...edits].sort((a, b) => a.at.start - b.at.start)) if (!kept.length || kept[kept.length - 1]!.at.end < one.at.start) kept.push(one);
  return kept;
}

describe("the plan", () => {
  it("P6: reads every fact kind in isolation", () => {
    const victims = plan.kinds.filter((kind) => kind.ts && !kind.ts.deferred).slice(0, size(8, 1_000));
    for (const victim of victims) {
      const failing = { ...victim, ts: { ...victim.ts!, find: () => { throw new Error("broken by the test"); } } } as FactKind<unknown>;
      const by = { ...plan, kinds: plan.kinds.map((kind) => (kind === victim ? failing : kind)) };
      for (const files of fixtures.slice(0, size(10, 1_000))) {
        const result = lintAll(files, by);
        assert.ok(result.problems.every((one) => one.kind !== "rule-failed" || one.message.startsWith(`fact ${victim.id} failed`)), victim.id);
      }
    }
  });
});
