// GitLab code quality: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. A problem is an issue of its own, so that an incomplete run shows.

import { createHash } from "node:crypto";
import { render } from "../../engine/message.ts";
import { problemSeverity, problemsOf, problemWord, ranges, type Report } from "./report.ts";
import type { Severity, Span } from "../../engine/types.ts";

const severities: Record<Severity, string> = { error: "critical", warning: "major", info: "minor", hint: "info" };

export function gitlab(report: Report): string {
  const range = ranges(report);
  const issues = [
    ...report.result.diagnostics.map((one) => {
      const others = (one.related ?? []).map((other) => ` (${render(other.message)}: ${report.display(other.at.file)}:${range(other.at).start.line})`);
      return issue(render(one.message) + others.join(""), one.rule, one.fingerprint, one.severity, one.at.file, one.at);
    }),
    ...problemsOf(report.result).map((one) => {
      const print = createHash("sha256").update(JSON.stringify([one.kind, report.display(one.file), one.message])).digest("hex").slice(0, 16);
      return issue(`${problemWord(one)}: ${one.message}`, `pitlint/${one.kind}`, print, problemSeverity(one), one.file, one.at);
    }),
  ];
  return `${JSON.stringify(issues, null, 2)}\n`;

  function issue(description: string, check: string, fingerprint: string, severity: Severity, file: string, at: Span | undefined) {
    const lines = at ? { begin: range(at).start.line, end: range(at).end.line } : { begin: 1 };
    return { type: "issue", description, check_name: check, fingerprint, severity: severities[severity], location: { path: report.display(file), lines } };
  }
}
