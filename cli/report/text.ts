// What a person reads in a terminal: each finding with the code it stands in, the other place it contradicts, and the way out.

import { render } from "../../engine/message.ts";
import { ranges, type Report } from "./report.ts";
import type { Diagnostic, Problem, Severity, Span } from "../../engine/types.ts";

/** Paints a piece of text; the identity where colour is off. */
export type Paint = (style: "error" | "warning" | "info" | "hint" | "dim" | "bold" | "good", text: string) => string;

/** Longest piece of a line that is shown: minified files have lines of megabytes. */
const widest = 160;

export function text(report: Report, paint: Paint): string {
  const range = ranges(report);
  const out = [...report.result.diagnostics.map(finding), ...problemLines(report.result.problems, report, paint)];
  return `${out.join("\n")}${out.length ? "\n" : ""}${summary(report, paint)}`;

  function finding(one: Diagnostic): string {
    const lines = [`${place(one.at)} ${paint(one.severity, one.severity)}: ${paint("bold", printable(render(one.message)))} ${paint("dim", `(${one.rule})`)}`, ...frame(one.at, one.severity)];
    for (const other of one.related ?? []) lines.push(`  ${paint("dim", "└")} ${place(other.at)}: ${printable(render(other.message))}`, ...frame(other.at, "info"));
    for (const fix of one.fixes ?? []) lines.push(`  ${paint("good", fix.safe ? "fix" : "fix to review")}: ${printable(fix.title)}`);
    return `${lines.join("\n")}\n`;
  }

  function place(at: Span): string {
    const { start } = range(at);
    return paint("dim", `${printable(report.display(at.file))}:${start.line}:${start.column}`);
  }

  function frame(at: Span, severity: Severity): string[] {
    const source = report.text(at.file);
    if (source === undefined) return [];
    const { start, end } = range(at);
    const first = at.start - (start.column - 1);
    const length = source.slice(first).search(/[\r\n]/);
    const line = length < 0 ? source.slice(first) : source.slice(first, first + length);
    const cut = start.column > widest - 40 ? start.column - 40 : 0;
    const shown = printable(line.slice(cut, cut + widest).replace(/\t/g, " "));
    const width = Math.max(1, Math.min(end.line === start.line ? end.column - start.column : line.length - start.column + 1, widest - (start.column - 1 - cut)));
    const number = String(start.line).padStart(5);
    return [`${paint("dim", `${number} |`)} ${shown}`, `${paint("dim", "      |")} ${" ".repeat(start.column - 1 - cut)}${paint(severity, "^".repeat(width))}`];
  }
}

/** What keeps a result from being complete, and what the user must know: one line each. */
export function problemLines(problems: readonly Problem[], report: Pick<Report, "text" | "display">, paint: Paint): string[] {
  const range = ranges(report);
  return problems.map((one) => {
    const start = one.at && range(one.at).start;
    const where = paint("dim", `${printable(report.display(one.file))}${start ? `:${start.line}:${start.column}` : ""}`);
    return `${where} ${one.incomplete ? paint("error", "incomplete") : paint("warning", one.kind === "config" || one.kind === "suppression" ? one.kind : "note")}: ${printable(one.message)}\n`;
  });
}

/** Control characters, line ends and text-direction overrides of a file must not reach a terminal. */
function printable(line: string): string {
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

export function summary(report: Report, paint: Paint): string {
  const { diagnostics, complete, problems, summary: sum } = report.result;
  const count = (severity: Severity) => diagnostics.filter((one) => one.severity === severity).length;
  const parts = (["error", "warning", "info", "hint"] as const).map((one) => [count(one), one] as const).filter(([number]) => number > 0).map(([number, one]) => paint(one, plural(number, one)));
  const linked = new Set(sum.linked.map((one) => one.source)).size;
  const said = [
    parts.length ? parts.join(", ") : paint("good", "no findings"),
    `${plural(sum.files, "file")}, ${sum.parsed} parsed${sum.notApplicable ? `, ${sum.notApplicable} not applicable` : ""}`,
    `${plural(linked, "service")} linked, ${plural(sum.unlinked.length, "package or workload", "packages or workloads")} not (pitlint services)`,
  ];
  if (sum.suppressed) said.push(`${sum.suppressed} suppressed`);
  if (!complete) said.push(paint("error", `incomplete: ${plural(new Set(problems.filter((one) => one.incomplete).map((one) => one.file)).size, "file")} not fully analysed`));
  return `${said.join("; ")}\n`;
}

function plural(number: number, one: string, many = one === "info" ? one : `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
