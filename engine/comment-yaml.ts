// Comments of YAML: told apart from quoted and flow scalars. Reads text only.

import type { Range } from "./comment.ts";

/** Block scalars hold comments too: of the script or the YAML document inside them. */
export function yamlComments(text: string): Range[] {
  const found: Range[] = [];
  let flow = 0;
  /** Lines indented more than this belong to a block scalar. */
  let block = Infinity;
  /** Quotes that are closed further down; the text is broken behind one that is not. */
  let quotes = "\"'";
  for (let start = 0; start < text.length; ) {
    let end = lineBreak(text, start);
    const indent = text.slice(start, end).search(/\S/);
    const inBlock = indent > block || indent < 0;
    if (!inBlock) block = Infinity;
    let at = start;
    for (; at < end; at++) {
      const char = text[at]!;
      if (char === "#" && (at === start || /\s/.test(text[at - 1]!))) {
        found.push({ start: at, end });
        break;
      }
      if (inBlock) continue;
      const before = text.slice(Math.max(start, at - 200), at);
      if (quotes.includes(char) && beginsScalar(before, flow > 0)) {
        const close = quoteEnd(text, at);
        if (close === undefined) {
          quotes = quotes.replace(char, "");
          continue;
        }
        at = close - 1;
        // The quoted scalar may have ended on a later line.
        if (close > end) end = lineBreak(text, close);
      } else if ((char === "[" || char === "{") && beginsScalar(before, flow > 0)) flow++;
      else if ((char === "]" || char === "}") && flow > 0) flow--;
    }
    const line = text.slice(start, at);
    if (!inBlock && flow === 0 && /(?:^|\s)[|>][-+\d]{0,2}\s*$/.test(line)) block = parentIndent(line);
    start = text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : end + 1;
  }
  return found;
}

function lineBreak(text: string, at: number): number {
  const breaks = /[\r\n]/g;
  breaks.lastIndex = at;
  return breaks.exec(text)?.index ?? text.length;
}

/** Whether what follows on the line is the first character of a scalar or a collection: `key: `, `- `, `[`, an anchor or a tag stand before it. */
function beginsScalar(before: string, inFlow: boolean): boolean {
  const trimmed = before.trimEnd();
  if (trimmed === "") return true;
  const spaced = trimmed.length < before.length;
  if (inFlow && /[[{,]$|["']:$/.test(trimmed)) return true;
  const word = trimmed.split(/\s/).at(-1)!;
  return spaced && (/^[-?]$|:$|(?:^|[,[{])[&!]/.test(word) || trimmed === "---");
}

/** Behind the closing quote; undefined when there is none. */
function quoteEnd(text: string, start: number): number | undefined {
  const quote = text[start]!;
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== "'") return at + 1;
      at++;
    }
  }
  return undefined;
}

/** Column of the node that holds the block scalar: its key, else the dash of its item, -1 for a whole document. */
function parentIndent(line: string): number {
  const [dashes] = /^(?: *- +)*/.exec(line)!;
  const rest = line.slice(dashes.length);
  if (/^ *[|>]/.test(rest)) return dashes.lastIndexOf("-");
  return /^---/.test(line) ? -1 : dashes.length + rest.search(/\S/);
}
