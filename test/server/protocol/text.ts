// Positions as the protocol defines them, written plainly: the reference that the server's own tables are compared with.

export type Encoding = "utf-8" | "utf-16" | "utf-32";
export interface Position {
  readonly line: number;
  readonly character: number;
}
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Lines end with \n, \r\n or \r, and with nothing else: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocuments */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) if (text[at] === "\n" || (text[at] === "\r" && text[at + 1] !== "\n")) starts.push(at + 1);
  return starts;
}

export function width(text: string, encoding: Encoding): number {
  if (encoding === "utf-16") return text.length;
  return encoding === "utf-8" ? Buffer.byteLength(text) : Array.from(text).length;
}

/** The place between the two characters of a line break has no position: the end of the line stands for it. */
export function positionAt(text: string, offset: number, encoding: Encoding): Position {
  if (text[offset - 1] === "\r" && text[offset] === "\n") return positionAt(text, offset - 1, encoding);
  const starts = lineStarts(text);
  let line = starts.length - 1;
  while (starts[line]! > offset) line--;
  return { line, character: width(text.slice(starts[line], offset), encoding) };
}

/** Offset of a position; past the end of a line it is that end. */
export function offsetAt(text: string, { line, character }: Position, encoding: Encoding): number {
  const starts = lineStarts(text);
  if (line >= starts.length) return text.length;
  const content = lineContent(text, starts, line);
  let at = 0;
  for (const point of content) {
    if (character <= 0) break;
    character -= width(point, encoding);
    at += point.length;
  }
  return starts[line]! + at;
}

/** What is wrong with a range in a text; undefined when it is right. */
export function faultOf(text: string, { start, end }: Range, encoding: Encoding): string | undefined {
  if (start.line > end.line || (start.line === end.line && start.character > end.character)) return "range-start-after-end";
  const starts = lineStarts(text);
  for (const { line, character } of [start, end]) {
    if (line >= starts.length) {
      if (line > starts.length || character > 0) return "position-past-last-line";
      continue;
    }
    const content = lineContent(text, starts, line);
    if (character > width(content, encoding)) return "position-past-end-of-line";
    if (!boundary(content, character, encoding)) return "position-inside-a-character";
  }
  return undefined;
}

function boundary(content: string, character: number, encoding: Encoding): boolean {
  let at = 0;
  for (const point of content) {
    if (at >= character) break;
    at += width(point, encoding);
  }
  return at === character;
}

const lineContent = (text: string, starts: readonly number[], line: number) => text.slice(starts[line], starts[line + 1]).replace(/[\r\n]+$/, "");
