// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Incomplete analysis is a tool notification, never silence.

import { defaultConfig } from "../../engine/config.ts";
import { render } from "../../engine/message.ts";
import { grade, severityOf } from "../../engine/pack.ts";
import { page } from "../../engine/page.ts";
import { packs } from "../../rules/packs/index.ts";
import { symptomsOf } from "../../rules/symptoms.ts";
import { eagerEdits, problemSeverity, problemsOf, ranges, ruleUrl, type Range, type Report } from "./report.ts";
import type { Diagnostic, Fix, Problem, Severity, Span, Suppressed } from "../../engine/types.ts";

const levels: Record<Severity, string> = { error: "error", warning: "warning", info: "note", hint: "note" };

/** What each kind of notification means. */
const kinds: Readonly<Record<Problem["kind"], string>> = {
  unreadable: "A file or folder could not be read, or holds nothing to read.",
  unwritable: "A file could not be written.",
  undecodable: "A file is no UTF-8.",
  syntax: "A file has a syntax error: only what could be read of it was analysed.",
  "too-deep": "A file is nested too deeply to be parsed.",
  "too-big": "A file is too big to be parsed.",
  timeout: "A file took too long to be parsed.",
  crash: "The parser ended on a file.",
  "rule-failed": "A rule failed on a file.",
  config: "pitlint.yaml holds what pitlint does not understand.",
  suppression: "A suppression comment is not as it should be, and silences nothing.",
};

/** How a result stands to the baseline: what was there before is listed, as suppressed by it. */
interface Listed {
  readonly one: Diagnostic | Suppressed;
  /** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html section 3.27.24; undefined for what a comment silences, which nobody compares. */
  readonly state?: "new" | "unchanged";
}

/** For GitHub code scanning, which reads neither `suppressions` nor `baselineState` and would open an alert for each: https://github.com/github/codeql-action/issues/1230 */
export function codeScanning(report: Report): string {
  return sarif({ ...report, result: { ...report.result, suppressed: [], baselined: [] } });
}

export function sarif(report: Report): string {
  const range = ranges(report);
  const { result: found } = report;
  const { baseline } = report;
  const results: readonly Listed[] = [
    ...found.diagnostics.map((one): Listed => ({ one, ...(baseline === undefined ? {} : { state: "new" }) })), ...found.baselined.map((one): Listed => ({ one, state: "unchanged" })), ...found.suppressed.map((one) => ({ one })),
  ];
  const used = [...new Set(results.map(({ one }) => one.rule))].sort();
  const problems = problemsOf(found);
  const told = [...new Set(problems.map((one) => one.kind))].sort();
  const grades = new Map([...grade(packs, { ...defaultConfig, profile: "strict" }).grades, ...grade(packs, defaultConfig).grades]);
  const artifact = (file: string) => ({ uri: uri(report.display(file)), uriBaseId: "%SRCROOT%" });
  const location = (at: Span) => ({ physicalLocation: { artifactLocation: artifact(at.file), region: region(range(at)) } });
  const output = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "pitlint", semanticVersion: report.version, informationUri: "https://github.com/pitlint/pitlint", rules: used.map(descriptor),
          notifications: told.map((kind) => ({ id: kind, shortDescription: { text: kinds[kind] } })),
        },
      },
      columnKind: "utf16CodeUnits",
      newlineSequences: ["\r\n", "\n", "\r"],
      // Where the checkout lies differs from machine to machine: whoever reads the report knows it, and the same input gives the same report.
      originalUriBaseIds: { "%SRCROOT%": { description: { text: "The working directory of the run" } } },
      invocations: [{
        executionSuccessful: found.complete && !problems.some((one) => one.kind === "config"),
        toolConfigurationNotifications: problems.filter((one) => one.kind === "config").map(notification),
        toolExecutionNotifications: problems.filter((one) => one.kind !== "config").map(notification),
      }],
      results: results.map(result),
    }],
  };
  return `${JSON.stringify(output, null, 2)}\n`;

  function descriptor(id: string) {
    const rule = report.rules.get(id)!;
    const graded = grades.get(id);
    const severity = graded && severityOf(graded.grade, undefined, false);
    const symptoms = symptomsOf(id);
    return {
      id, name: id.replace(/(^|[/-])(\w)/g, (_, __, letter: string) => letter.toUpperCase()),
      shortDescription: { text: rule.title }, fullDescription: { text: rule.why }, helpUri: ruleUrl(id),
      help: { text: [rule.title, ...(symptoms.length ? [`What you see: ${symptoms.join("; ")}`] : []), rule.why.trim(), ruleUrl(id)].join("\n\n"), markdown: page(rule, packs, symptoms) },
      ...(severity && severity !== "off" ? { defaultConfiguration: { level: levels[severity] } } : {}),
      properties: { tags: [...new Set([id.slice(0, id.indexOf("/")), ...(graded ? [graded.pack] : [])])] },
    };
  }

  function notification(one: Problem) {
    return {
      level: problemSeverity(one),
      message: { text: one.message },
      descriptor: { id: one.kind, index: told.indexOf(one.kind) },
      ...(one.file ? { locations: [one.at ? location(one.at) : { physicalLocation: { artifactLocation: artifact(one.file) } }] } : {}),
    };
  }

  function result({ one, state }: Listed) {
    const fixes = (one.fixes ?? []).flatMap(sarifFix);
    return {
      ruleId: one.rule,
      ruleIndex: used.indexOf(one.rule),
      level: levels[one.severity],
      message: { text: render(one.message) },
      locations: [location(one.at)],
      ...(one.related?.length ? { relatedLocations: one.related.map((other, index) => ({ id: index + 1, message: { text: render(other.message) }, ...location(other.at) })) } : {}),
      partialFingerprints: { "pitlint/v1": one.fingerprint },
      ...(fixes.length ? { fixes } : {}),
      ...(state ? { baselineState: state } : {}),
      // Where one result of a run has suppressions, all say theirs: section 3.27.23.
      ...(found.suppressed.length + found.baselined.length ? { suppressions: suppressions(one, state) } : {}),
      properties: { pack: one.pack, ...(one.variant ? { variant: one.variant } : {}) },
    };
  }

  function suppressions(one: Diagnostic | Suppressed, state: Listed["state"]) {
    if (state === "unchanged") return [{ kind: "external", status: "accepted", justification: `Accepted in ${baseline ?? "the baseline"}` }];
    if (!("by" in one)) return [];
    const { reason, owner, until, at } = one.by;
    return [{ kind: "inSource", status: "accepted", justification: reason, location: location(at), ...(owner || until ? { properties: { ...(owner ? { owner } : {}), ...(until ? { until } : {}) } } : {}) }];
  }

  function sarifFix(fix: Fix) {
    const edits = eagerEdits(report, fix);
    if (!edits) return [];
    return [{
      description: { text: fix.title },
      artifactChanges: edits.map(({ file, edits: list }) => ({
        artifactLocation: artifact(file),
        replacements: list.map(({ at, text }) => ({ deletedRegion: region(range({ ...at, file })), insertedContent: { text } })),
      })),
    }];
  }
}

const region = (at: Range) => ({ startLine: at.start.line, startColumn: at.start.column, endLine: at.end.line, endColumn: at.end.column });
const uri = (path: string) => path.split("/").map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, "\ufffd"))).join("/");
