// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Incomplete analysis is a tool notification, never silence.

import { render } from "../../engine/message.ts";
import { eagerEdits, ranges, ruleUrl, type Range, type Report } from "./report.ts";
import type { Diagnostic, Fix, Severity, Span } from "../../engine/types.ts";

const levels: Record<Severity, string> = { error: "error", warning: "warning", info: "note", hint: "note" };

export function sarif(report: Report): string {
  const range = ranges(report);
  const used = [...new Set(report.result.diagnostics.map((one) => one.rule))].sort();
  const location = (at: Span) => ({ physicalLocation: { artifactLocation: { uri: uri(report.display(at.file)), uriBaseId: "%SRCROOT%" }, region: region(range(at)) } });
  const output = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: { driver: { name: "pitlint", semanticVersion: report.version, informationUri: "https://github.com/pitlint/pitlint", rules: used.map(descriptor) } },
      columnKind: "utf16CodeUnits",
      originalUriBaseIds: { "%SRCROOT%": { description: { text: "The working directory of the run" } } },
      invocations: [{
        executionSuccessful: report.result.complete,
        toolExecutionNotifications: report.result.problems.map((one) => ({
          level: one.incomplete ? "error" : "warning",
          message: { text: one.message },
          descriptor: { id: one.kind },
          ...(one.file ? { locations: [one.at ? location(one.at) : { physicalLocation: { artifactLocation: { uri: uri(report.display(one.file)), uriBaseId: "%SRCROOT%" } } }] } : {}),
        })),
      }],
      results: report.result.diagnostics.map(result),
    }],
  };
  return `${JSON.stringify(output, null, 2)}\n`;

  function descriptor(id: string) {
    const rule = report.rules.get(id);
    return { id, name: id.replace(/(^|[/-])(\w)/g, (_, __, letter: string) => letter.toUpperCase()), shortDescription: { text: rule?.title ?? id }, fullDescription: { text: rule?.why ?? id }, helpUri: ruleUrl(id) };
  }

  function result(one: Diagnostic) {
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
      properties: { pack: one.pack, ...(one.variant ? { variant: one.variant } : {}) },
    };
  }

  function sarifFix(fix: Fix) {
    const edits = eagerEdits(report, fix);
    if (!edits) return [];
    return [{
      description: { text: fix.title },
      artifactChanges: edits.map(({ file, edits: list }) => ({
        artifactLocation: { uri: uri(report.display(file)), uriBaseId: "%SRCROOT%" },
        replacements: list.map(({ at, text }) => ({ deletedRegion: region(range({ ...at, file })), insertedContent: { text } })),
      })),
    }];
  }
}

const region = (at: Range) => ({ startLine: at.start.line, startColumn: at.start.column, endLine: at.end.line, endColumn: at.end.column });
const uri = (path: string) => path.split("/").map(encodeURIComponent).join("/");
