// The lines of code that a finding stands in, cut to what a reader can take in. Shared by the formats that show code.

import { printable, ranges, type Report } from "./report.ts";
import type { Span } from "../../engine/types.ts";

export interface FrameLine {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  /** Piece of the line that is meant, as offsets in `text`; at least one column wide. */
  readonly mark?: { readonly from: number; readonly to: number };
}

/** Longest piece of a line that is shown: minified files have lines of megabytes. */
const widest = 160;

/** Shows the line that a span starts on, with so many lines around it; nothing when the text is not there. */
export function framer(report: Report): (at: Span, around: number) => readonly FrameLine[] {
  const range = ranges(report);
  return (at, around) => {
    const source = report.text(at.file);
    if (source === undefined) return [];
    const { start, end } = range(at);
    const first = at.start - (start.column - 1);
    const cut = start.column > widest - 40 ? start.column - 40 : 0;
    const piece = (line: string) => printable(line.slice(cut, cut + widest).replace(/\t/g, " "));
    const line = lineAt(source, first);
    const from = start.column - 1 - cut;
    const width = Math.max(1, Math.min(end.line === start.line ? end.column - start.column : line.length - start.column + 1, widest - from));
    const lines: FrameLine[] = [{ number: start.line, text: piece(line), mark: { from, to: from + width } }];
    for (let left = around, offset = first; left > 0 && offset > 0; left--) {
      offset = lineBefore(source, offset);
      lines.unshift({ number: lines[0]!.number - 1, text: piece(lineAt(source, offset)) });
    }
    for (let left = around, offset = first + line.length; left > 0 && offset < source.length; left--) {
      offset += source.startsWith("\r\n", offset) ? 2 : 1;
      const next = lineAt(source, offset);
      if (offset >= source.length) break;
      lines.push({ number: lines.at(-1)!.number + 1, text: piece(next) });
      offset += next.length;
    }
    return lines;
  };
}

/** The line that starts at an offset, without its end. */
function lineAt(source: string, offset: number): string {
  const pattern = /[\r\n]/g;
  pattern.lastIndex = offset;
  return source.slice(offset, pattern.exec(source)?.index ?? source.length);
}

/** Start of the line in front of the one that starts at an offset. */
function lineBefore(source: string, offset: number): number {
  const end = offset - (source.startsWith("\r\n", offset - 2) ? 2 : 1);
  return Math.max(source.lastIndexOf("\n", end - 1), source.lastIndexOf("\r", end - 1)) + 1;
}
