// Reviewdog diagnostics: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. Columns count the bytes of UTF-8, not UTF-16 units.

import { render } from "../../engine/message.ts";
import { eagerEdits, problemSeverity, problemsOf, problemWord, ranges, ruleUrl, type Position, type Report } from "./report.ts";
import type { Fix, Severity, Span } from "../../engine/types.ts";

const severities: Record<Severity, string> = { error: "ERROR", warning: "WARNING", info: "INFO", hint: "INFO" };

export function rdjson(report: Report): string {
  const range = ranges(report);
  const { result } = report;
  const output = {
    source: { name: "pitlint", url: "https://github.com/pitlint/pitlint" },
    diagnostics: [
      ...result.diagnostics.map((one) => {
        const others = (one.related ?? []).map((other) => `\n${render(other.message)}: ${report.display(other.at.file)}:${range(other.at).start.line}`);
        const suggestions = (one.fixes ?? []).flatMap((fix) => suggestion(fix, one.at.file));
        return {
          message: render(one.message) + others.join(""), location: location(one.at.file, one.at), severity: severities[one.severity],
          code: { value: one.rule, url: ruleUrl(one.rule) }, ...(suggestions.length ? { suggestions } : {}),
        };
      }),
      ...problemsOf(result).map((one) => ({ message: `${problemWord(one)}: ${one.message}`, location: location(one.file, one.at), severity: severities[problemSeverity(one)], code: { value: `pitlint/${one.kind}` } })),
    ],
  };
  return `${JSON.stringify(output, null, 2)}\n`;

  function location(file: string, at: Span | undefined) {
    return { path: report.display(file), ...(at ? { range: inBytes(at) } : {}) };
  }

  function inBytes(at: Span) {
    const source = report.text(at.file) ?? "";
    const bytes = ({ line, column }: Position, offset: number) => ({ line, column: Buffer.byteLength(source.slice(offset - (column - 1), offset)) + 1 });
    const { start, end } = range(at);
    return { start: bytes(start, at.start), end: bytes(end, at.end) };
  }

  /** A suggestion is one piece of new text in the file of the finding: edits are joined with what stands between them, fixes that reach further are left out. */
  function suggestion(fix: Fix, file: string) {
    const edits = eagerEdits(report, fix);
    const source = report.text(file);
    const [only] = edits ?? [];
    if (source === undefined || edits?.length !== 1 || only!.file !== file || only!.edits.length === 0) return [];
    const start = only!.edits[0]!.at.start;
    let end = start;
    let text = "";
    for (const edit of only!.edits) {
      text += source.slice(end, edit.at.start) + edit.text;
      end = edit.at.end;
    }
    return [{ range: inBytes({ file, start, end }), text }];
  }
}
