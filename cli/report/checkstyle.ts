// Checkstyle XML, which Jenkins, reviewdog and many others read. The text behind the last dot of `source` is what they group by.

import { render } from "../../engine/message.ts";
import { problemSeverity, problemsOf, problemWord, ranges, type Report } from "./report.ts";
import { document, element } from "./xml.ts";
import type { Severity, Span } from "../../engine/types.ts";

const severities: Record<Severity, string> = { error: "error", warning: "warning", info: "info", hint: "info" };

export function checkstyle(report: Report): string {
  const range = ranges(report);
  const files = new Map<string, string[]>();
  for (const one of report.result.diagnostics) {
    const others = (one.related ?? []).map((other) => `; ${render(other.message)}: ${report.display(other.at.file)}:${range(other.at).start.line}`);
    add(one.at.file, one.at, one.severity, render(one.message) + others.join(""), one.rule);
  }
  for (const one of problemsOf(report.result)) add(one.file, one.at, problemSeverity(one), `${problemWord(one)}: ${one.message}`, `pitlint/${one.kind}`);
  const written = [...files].map(([name, errors]) => `\n  ${element("file", { name }, [...errors.map((one) => `\n    ${one}`), "\n  "])}`);
  return document(element("checkstyle", { version: "4.3" }, [...written, "\n"]));

  function add(file: string, at: Span | undefined, severity: Severity, message: string, source: string): void {
    const name = report.display(file);
    const start = at ? range(at).start : { line: 1, column: 1 };
    files.set(name, [...(files.get(name) ?? []), element("error", { ...start, severity: severities[severity], message, source: `pitlint.${source}` })]);
  }
}
