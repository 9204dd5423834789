// One line for each finding and each problem, in the form that editors and problem matchers read. Says nothing when there is nothing to say.

import { render } from "../../engine/message.ts";
import { printable, problemsOf, problemWord, ranges, type Report } from "./report.ts";
import type { Span } from "../../engine/types.ts";

export function compact(report: Report): string {
  const range = ranges(report);
  const place = (file: string, at?: Span) => [printable(report.display(file)), ...(at ? [range(at).start.line, range(at).start.column] : [])].join(":");
  return [
    ...report.result.diagnostics.map((one) => `${place(one.at.file, one.at)} ${one.severity}: ${printable(render(one.message))} (${one.rule})\n`),
    ...problemsOf(report.result).map((one) => `${place(one.file, one.at)} ${problemWord(one)}: ${printable(one.message)} (${one.kind})\n`),
  ].join("");
}
