// The JSON format: one object, schema in docs/output.schema.json. Lines and columns are 1-based, columns in UTF-16 units.

import { isEager } from "../../engine/lower.ts";
import { render } from "../../engine/message.ts";
import { eagerEdits, ranges, ruleUrl, type Report } from "./report.ts";
import type { Diagnostic, Fix, Suppression } from "../../engine/types.ts";

export function json(report: Report): string {
  const range = ranges(report);
  const { result } = report;
  const { linked, unlinked, ...counts } = result.summary;
  const output = {
    version: 1,
    tool: { name: "pitlint", version: report.version },
    complete: result.complete,
    summary: { ...counts, findings: result.diagnostics.length, servicesLinked: new Set(linked.map((one) => one.source)).size, servicesNotLinked: unlinked.length },
    diagnostics: result.diagnostics.map((one) => diagnostic(one)),
    ...(report.listsSuppressed ? { suppressed: result.suppressed.map((one) => ({ ...diagnostic(one), suppression: suppression(one.by) })) } : {}),
    problems: result.problems.map((one) => ({ kind: one.kind, file: report.display(one.file), ...(one.at ? { range: range(one.at) } : {}), message: one.message })),
    ...(report.basis ? { basis: report.basis() } : {}),
  };
  return `${JSON.stringify(output, null, 2)}\n`;

  function diagnostic(one: Diagnostic) {
    return {
      rule: one.rule,
      ...(one.variant ? { variant: one.variant } : {}),
      pack: one.pack,
      severity: one.severity,
      message: render(one.message),
      file: report.display(one.at.file),
      range: range(one.at),
      related: (one.related ?? []).map((other) => ({ file: report.display(other.at.file), range: range(other.at), message: render(other.message), ...(other.mirror ? { mirror: true } : {}) })),
      fixes: (one.fixes ?? []).flatMap(fix),
      fingerprint: one.fingerprint,
      url: ruleUrl(one.rule),
    };
  }

  function suppression({ form, reason, owner, until, at }: Suppression) {
    return { form, reason, ...(owner ? { owner } : {}), ...(until ? { until } : {}), file: report.display(at.file), range: range(at) };
  }

  function fix(one: Fix): object[] {
    if (!isEager(one)) return [{ title: one.title, safe: one.safe, lazy: true }];
    const edits = eagerEdits(report, one);
    return edits ? [{ title: one.title, safe: one.safe, edits: edits.flatMap(({ file, edits: list }) => list.map(({ at, text }) => ({ file: report.display(file), range: range({ ...at, file }), text }))) }] : [];
  }
}
