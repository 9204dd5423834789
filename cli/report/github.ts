// Workflow commands, which GitHub Actions shows as annotations: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
// What a file holds is escaped, so that it is never a command.

import { render } from "../../engine/message.ts";
import { printable, problemSeverity, problemsOf, problemWord, ranges, ruleUrl, type Report } from "./report.ts";
import type { Severity, Span } from "../../engine/types.ts";

const commands: Record<Severity, string> = { error: "error", warning: "warning", info: "notice", hint: "notice" };

export function github(report: Report): string {
  const range = ranges(report);
  return [
    ...report.result.diagnostics.map((one) => {
      const others = (one.related ?? []).map((other) => `${printable(render(other.message))}: ${printable(report.display(other.at.file))}:${range(other.at).start.line}`);
      return command(one.severity, one.at.file, one.at, one.rule, [printable(render(one.message)), ...others, ruleUrl(one.rule)].join("\n"));
    }),
    ...problemsOf(report.result).map((one) => command(problemSeverity(one), one.file, one.at, `pitlint ${problemWord(one)}`, printable(one.message))),
  ].join("");

  function command(severity: Severity, file: string, at: Span | undefined, title: string, message: string): string {
    const properties = Object.entries({ file: report.display(file).replace(/[^\r\n]+/g, printable), ...(at ? place(at) : {}), title });
    return `::${commands[severity]} ${properties.map(([key, value]) => `${key}=${property(String(value))}`).join(",")}::${data(message)}\n`;
  }

  /** Columns are understood only within one line. */
  function place(at: Span) {
    const { start, end } = range(at);
    return { line: start.line, endLine: end.line, ...(start.line === end.line ? { col: start.column, endColumn: end.column } : {}) };
  }
}

const data = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string) => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
