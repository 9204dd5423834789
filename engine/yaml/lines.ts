// Lines of a text by offset: \n, \r\n and \r end one. Computes; changes nothing.

/** The line ending of the file, for text that is put in. */
export function endOfLineOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : /[\n\r]/.exec(text)?.[0] ?? "\n";
}

/** First character of the line that holds this offset, behind a byte order mark. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== "\n" && text[at - 1] !== "\r") at -= 1;
  return at === 0 && text.startsWith("\uFEFF") ? 1 : at;
}

/** Where the line that holds this offset ends, in front of its line break. */
export function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at += 1;
  return at;
}

/** First character of the next line; the end of the text when there is none. */
export function nextLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  return text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length);
}

/**
 * Whether blank lines or a comment that follow at this offset reach further right than a column, so that a block scalar
 * which came to stand above them would take them in. So may do the blanks that an action of a template leaves.
 */
export function continuesBeyond(text: string, offset: number, column: number): boolean {
  let start = offset;
  for (let at = offset; at < text.length; at += 1) {
    const char = text[at];
    const isBreak = char === "\n" || char === "\r";
    if ((isBreak || char === "#") && at - start > column) return true;
    if (text.startsWith("{{", at)) return true;
    if (isBreak) start = at + 1;
    else if (char !== " " && char !== "\t") return false;
  }
  return text.length - start > column;
}
