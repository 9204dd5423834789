// Every format, on every example of every rule and on the example system, is what its readers ask for.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { rulesOf } from "../../engine/analyse.ts";
import { accept, entriesOf } from "../../engine/baseline.ts";
import { parseExample } from "../../engine/example.ts";
import { render } from "../../engine/message.ts";
import { packs } from "../../rules/packs/index.ts";
import { symptomsOf } from "../../rules/symptoms.ts";
import { formatNames, formats, type Format } from "../../cli/report/formats.ts";
import { assertFormat, assertXml } from "./format-schema.ts";
import { reportOf } from "./report-of.ts";
import { assertOutput } from "./schema.ts";
import type { Report } from "../../cli/report/report.ts";
import type { LintResult } from "../../engine/types.ts";

const writers = new Map(await Promise.all(formatNames.map(async (name) => [name, await formats[name].load()] as const)));
const write = (name: Format, report: Report) => writers.get(name)!(report, (_, plain) => plain);

const shop = join(import.meta.dirname, "../../examples/shop");
const shopFiles = new Map(readdirSync(shop, { recursive: true }).map((name) => String(name).replaceAll("\\", "/")).filter((name) => statSync(join(shop, name)).isFile() && !name.includes("node_modules/")).map((name) => [name, readFileSync(join(shop, name), "utf8")]));

/** Writes the report in every format and checks each; returns how much it said. */
function check(report: Report): number {
  const { diagnostics, suppressed, baselined, problems } = report.result;
  const all = diagnostics.length + problems.length;
  assertOutput(JSON.parse(write("json", report)));
  for (const name of ["sarif", "code-scanning"] as const) {
    assertFormat("sarif", write(name, report));
    assert.equal(JSON.parse(write(name, report)).runs[0].results.length, diagnostics.length + (name === "sarif" ? suppressed.length + baselined.length : 0));
  }
  assertFormat("gitlab", write("gitlab", report));
  const issues = JSON.parse(write("gitlab", report)) as { fingerprint: string }[];
  assert.equal(new Set(issues.map((one) => one.fingerprint)).size, all);
  assertFormat("rdjson", write("rdjson", report));
  assert.equal(JSON.parse(write("rdjson", report)).diagnostics.length, all);
  assert.equal(assertXml("checkstyle", write("checkstyle", report)).children.flatMap((one) => one.children).length, all);
  const suites = assertXml("junit", write("junit", report));
  assert.equal(suites.children.flatMap((one) => one.children).length, Math.max(1, all + suppressed.length));
  for (const suite of [suites, ...suites.children]) {
    const cases = suite.name === "testsuite" ? suite.children : suite.children.flatMap((one) => one.children);
    assert.deepEqual([suite.attributes["tests"], suite.attributes["failures"], suite.attributes["errors"]].map(Number), [cases.length, ...["failure", "error"].map((kind) => cases.filter((one) => one.children[0]?.name === kind).length)]);
  }
  assert.equal(write("compact", report).split("\n").length - 1, all);
  assert.equal(write("github", report).split("\n").length - 1, all);
  const page = write("html", report);
  assert.equal(page.split('<article class="finding').length - 1, diagnostics.length);
  const comment = write("markdown", report);
  assert.ok(comment.length < 65_536);
  for (const one of diagnostics) assert.ok(write("text", report).includes(render(one.message)));
  return all;
}

describe("the formats are valid", () => {
  for (const rule of rulesOf(packs))
    it(`on the examples of ${rule.id}`, () => {
      let said = 0;
      for (const example of rule.examples) said += check(reportOf(new Map(parseExample("bad" in example ? example.bad : example.good).files.map((one) => [one.path, one.text])), { only: [rule.id], profile: "strict" }));
      assert.ok(said > 0);
    });

  it("on the example system, with every rule", () => {
    assert.ok(check(reportOf(shopFiles, { profile: "strict" })) >= 8);
  });

  it("on nothing at all", () => {
    assert.equal(check(reportOf(new Map())), 0);
  });

  it("on problems of every kind and on what is suppressed", () => {
    const files = new Map([
      ["a.ts", 'import axios from "axios";\n// pitlint-ignore-next-line timeout/http-call-without-timeout -- the caller has one\nexport const a = () => axios.get("https://a.internal/");\nexport const b = () => axios.get("https://a.internal/");\n'],
      ["b.ts", 'import axios from "axios";\n// pitlint-ignore-line wolf -- cried\nexport const = axios;\n'],
      ["pitlint.yaml", "profile: none\n"],
    ]);
    const report = reportOf(files);
    assert.deepEqual(report.result.suppressed.map((one) => [one.rule, one.at.file, one.by.reason]), [["timeout/http-call-without-timeout", "a.ts", "the caller has one"]]);
    assert.equal(check(report), 4);
    const { runs: [run] } = JSON.parse(write("sarif", report));
    assert.deepEqual(run.results.map((one: any) => one.suppressions.map((by: any) => [by.kind, by.justification, by.location.physicalLocation.region.startLine])), [[], [["inSource", "the caller has one", 2]]]);
    assert.deepEqual(run.invocations[0].toolConfigurationNotifications.map((one: any) => one.descriptor.id), ["config"]);
    assert.deepEqual(run.tool.driver.notifications.map((one: any) => one.id), ["config", "suppression", "syntax"]);
    const all = ["unreadable", "unwritable", "undecodable", "syntax", "too-deep", "too-big", "timeout", "crash", "rule-failed", "config", "suppression"] as const;
    assert.equal(check(reportOf(new Map(), {}, (result) => ({ ...result, complete: false, problems: all.map((kind) => ({ kind, file: `${kind}.ts`, message: `${kind} happened`, incomplete: true })) }))), all.length);
  });
});

describe("C8: sarif", () => {
  it("explains each rule it names, and links to its page", () => {
    const { runs: [run] } = JSON.parse(write("sarif", reportOf(shopFiles)));
    for (const rule of run.tool.driver.rules) {
      assert.match(rule.help.markdown, /^# .+\n[\s\S]*## Why it matters\n[\s\S]*## Examples\n/);
      assert.ok(rule.help.text.includes(rule.helpUri));
      assert.ok(["error", "warning", "note"].includes(rule.defaultConfiguration.level));
    }
  });

  it("says in the help of each rule what somebody sees who needs it", () => {
    for (const rule of rulesOf(packs)) {
      const [example] = rule.examples.filter((one) => "bad" in one);
      const { runs: [run] } = JSON.parse(write("sarif", reportOf(new Map(parseExample(example!.bad).files.map((one) => [one.path, one.text])), { only: [rule.id], profile: "strict" })));
      const [{ help }] = run.tool.driver.rules;
      const seen = symptomsOf(rule.id);
      assert.ok(seen.length > 0 && seen.every((one) => help.text.includes(one) && help.markdown.includes(`- ${one}`)), rule.id);
    }
  });

  it("says of each finding whether it is new, where a baseline is used", () => {
    const call = 'import axios from "axios";\nexport const a = () => axios.get("https://a.internal/");\n';
    const before = reportOf(new Map([["a.ts", call]]));
    const files = new Map([["a.ts", call], ["b.ts", call.replace("export", "// pitlint-ignore-next-line timeout/http-call-without-timeout until 2999-12-31 owner @prices -- a batch\nexport")], ["c.ts", call]]);
    const judged = (result: LintResult): LintResult => {
      const { fresh, accepted } = accept(result.diagnostics, entriesOf(before.result.diagnostics));
      return { ...result, diagnostics: fresh, baselined: accepted };
    };
    const report = { ...reportOf(files, {}, judged), baseline: "pitlint-baseline.json" };
    assert.equal(check(report), 1);
    const stateOf = (name: Format) => JSON.parse(write(name, report)).runs[0].results.map((one: any) => [one.locations[0].physicalLocation.artifactLocation.uri, one.baselineState, ...(one.suppressions ?? []).map((by: any) => [by.kind, by.justification, by.properties])]);
    assert.deepEqual(stateOf("sarif"), [["c.ts", "new"], ["a.ts", "unchanged", ["external", "Accepted in pitlint-baseline.json", undefined]], ["b.ts", undefined, ["inSource", "a batch", { owner: "@prices", until: "2999-12-31" }]]]);
    assert.deepEqual(stateOf("code-scanning"), [["c.ts", "new"]]);
    assert.ok(!write("sarif", before).includes("baselineState"));
  });
});

describe("C7: what a report for people leaves out", () => {
  const left: Readonly<Partial<Record<Format, RegExp>>> = {
    text: /^no findings; .*; 3 findings on what has not changed; 4 in the baseline; 1 in the baseline that nobody finds any more \(pitlint baseline --prune\); 2 suppressed$/m,
    markdown: /^Not shown: 3 findings on what has not changed; 4 in the baseline; 1 in the baseline that nobody finds any more \(pitlint baseline --prune\); 2 suppressed\.$/m,
    html: /<dt>Not shown<\/dt><dd>3 findings on what has not changed; 4 in the baseline; 1 in the baseline that nobody finds any more \(pitlint baseline --prune\); 2 suppressed<\/dd>/,
  };
  for (const [name, said] of Object.entries(left) as [Format, RegExp][])
    it(`is said in ${name}`, () => {
      const report = reportOf(new Map([["a.ts", "export const answer = 42;\n"]]), {}, (result) => ({ ...result, summary: { ...result.summary, unchanged: 3, baselined: 4, stale: 1, suppressed: 2 } }));
      assert.match(write(name, report), said);
    });
});

describe("C7: an incomplete run", () => {
  const signs: Readonly<Record<Format, RegExp>> = {
    text: /incomplete: 1 file not fully analysed/, compact: /^b\.ts:2:14 incomplete: syntax error/m, json: /"complete": false/, sarif: /"executionSuccessful": false/, "code-scanning": /"executionSuccessful": false/,
    github: /^::error file=b\.ts,line=2,.*title=pitlint incomplete::syntax error/m, gitlab: /"description": "incomplete: syntax error/, junit: /<error type="syntax" message="incomplete: syntax error/, checkstyle: /severity="error" message="incomplete: syntax error/,
    rdjson: /"message": "incomplete: syntax error[^"]*",[\s\S]*"severity": "ERROR"/, markdown: /\*\*Warning: incomplete: 1 file not fully analysed\.\*\*/, html: /The analysis is incomplete: 1 file not fully analysed\./,
  };
  const broken = new Map([["a.ts", "export const answer = 42;\n"], ["b.ts", 'import axios from "axios";\nexport const = axios;\n']]);
  for (const name of formatNames) {
    it(`is seen in ${name}`, () => {
      assert.match(write(name, reportOf(broken)), signs[name]);
      assert.doesNotMatch(write(name, reportOf(new Map([["a.ts", "export const answer = 42;\n"]]))), /incomplete(?!\s*\{)/);
    });
    it(`is seen in ${name} although no problem says why`, () => {
      assert.match(write(name, reportOf(new Map(), {}, (result) => ({ ...result, complete: false }))), name === "json" ? /"complete": false/ : /changed while it was read/);
    });
  }
});
