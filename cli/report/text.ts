// What a person reads in a terminal: each finding with the code it stands in, the other place it contradicts, and the way out.

import { render } from "../../engine/message.ts";
import { framer } from "./frame.ts";
import { counts, incompleteNote, leftOut, plural, printable, problemsOf, problemWord, ranges, type Report } from "./report.ts";
import type { Diagnostic, Problem, Severity, Span, Suppressed } from "../../engine/types.ts";

/** Paints a piece of text; the identity where colour is off. */
export type Paint = (style: "error" | "warning" | "info" | "hint" | "dim" | "bold" | "good", text: string) => string;

export function text(report: Report, paint: Paint): string {
  const range = ranges(report);
  const frameOf = framer(report);
  const silent = report.listsSuppressed ? report.result.suppressed.map(suppressed) : [];
  const out = [...report.result.diagnostics.map(finding), ...silent, ...problemLines(problemsOf(report.result), report, paint)];
  return `${out.join("\n")}${out.length ? "\n" : ""}${summary(report, paint)}`;

  function finding(one: Diagnostic): string {
    const lines = [`${place(one.at)} ${paint(one.severity, one.severity)}: ${paint("bold", printable(render(one.message)))} ${paint("dim", `(${one.rule})`)}`, ...frame(one.at, one.severity)];
    for (const other of one.related ?? []) lines.push(`  ${paint("dim", "└")} ${place(other.at)}: ${printable(render(other.message))}`, ...frame(other.at, "info"));
    for (const fix of one.fixes ?? []) lines.push(`  ${paint("good", fix.safe ? "fix" : "fix to review")}: ${printable(fix.title)}`);
    return `${lines.join("\n")}\n`;
  }

  function suppressed(one: Suppressed): string {
    const { reason, owner, until, at } = one.by;
    const said = [reason, ...(owner ? [`owner ${owner}`] : []), ...(until ? [`until ${until}`] : [])].join("; ");
    return `${place(one.at)} ${paint("dim", "suppressed")}: ${printable(render(one.message))} ${paint("dim", `(${one.rule})`)}\n  ${paint("dim", "└")} ${place(at)}: ${printable(said)}\n`;
  }

  function place(at: Span): string {
    const { start } = range(at);
    return paint("dim", `${printable(report.display(at.file))}:${start.line}:${start.column}`);
  }

  function frame(at: Span, severity: Severity): string[] {
    return frameOf(at, 0).flatMap(({ number, text: shown, mark }) => [
      `${paint("dim", `${String(number).padStart(5)} |`)} ${shown}`,
      ...(mark ? [`${paint("dim", "      |")} ${" ".repeat(mark.from)}${paint(severity, "^".repeat(mark.to - mark.from))}`] : []),
    ]);
  }
}

/** What keeps a result from being complete, and what the user must know: one line each. */
export function problemLines(problems: readonly Problem[], report: Pick<Report, "text" | "display">, paint: Paint): string[] {
  const range = ranges(report);
  return problems.map((one) => {
    const start = one.at && range(one.at).start;
    const where = paint("dim", `${printable(report.display(one.file))}${start ? `:${start.line}:${start.column}` : ""}`);
    return `${where} ${paint(one.incomplete ? "error" : "warning", problemWord(one))}: ${printable(one.message)}\n`;
  });
}

export function summary({ result }: Report, paint: Paint): string {
  const { diagnostics, summary: sum } = result;
  const parts = counts(diagnostics).map(([severity, said]) => paint(severity, said));
  const linked = new Set(sum.linked.map((one) => one.source)).size;
  const said = [
    parts.length ? parts.join(", ") : paint("good", "no findings"),
    `${plural(sum.files, "file")}, ${sum.parsed} parsed${sum.notApplicable ? `, ${sum.notApplicable} not applicable` : ""}`,
    `${plural(linked, "service")} linked, ${plural(sum.unlinked.length, "package or workload", "packages or workloads")} not (pitlint services)`,
    ...leftOut(result),
  ];
  const note = incompleteNote(result);
  if (note) said.push(paint("error", note));
  return `${said.join("; ")}\n`;
}
