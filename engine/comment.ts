// Where comments stand in a text, without a parser: strings, templates, regular expressions and YAML scalars are told apart from them.
// Reads text only; a text that does not parse has comments too.

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Comments in order, line break not included. One pass, no recursion. */
export function comments(text: string, language: "ts" | "yaml"): readonly Range[] {
  return language === "ts" ? tsComments(text) : yamlComments(text);
}

/** Words after which a slash begins a regular expression. */
const operators = new Set(["return", "typeof", "case", "in", "of", "do", "else", "void", "delete", "throw", "new", "await", "yield", "instanceof"]);

function tsComments(text: string): Range[] {
  const found: Range[] = [];
  /** Open braces inside each open `${`, innermost last. */
  const holes: number[] = [];
  /** Offset behind the last token; a slash after it is a division or begins a regular expression. */
  let last = 0;
  for (let at = 0; at < text.length; ) {
    const char = text[at]!;
    const next = text[at + 1];
    if (char === "/" && (next === "/" || next === "*")) {
      const end = next === "/" ? lineEnd(text, at) : after(text, "*/", at + 2);
      found.push({ start: at, end });
      at = end;
      continue;
    }
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    if (char === '"' || char === "'") at = stringEnd(text, at);
    else if (char === "`") at = chunkEnd(text, at + 1, holes);
    else if (char === "}" && holes[holes.length - 1] === 0) {
      holes.pop();
      at = chunkEnd(text, at + 1, holes);
    } else if (char === "/" && beginsRegExp(text, last)) at = regExpEnd(text, at);
    else {
      if (char === "{" && holes.length > 0) holes[holes.length - 1]!++;
      if (char === "}" && holes.length > 0) holes[holes.length - 1]!--;
      at++;
    }
    last = at;
  }
  return found;
}

/** A string ends on its line: an apostrophe in JSX text must not swallow the file. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length && text[at] !== "\n" && text[at] !== "\r"; at++) {
    if (text[at] === text[start]) return at + 1;
    if (text[at] === "\\") at += text[at + 1] === "\r" && text[at + 2] === "\n" ? 2 : 1;
  }
  return Math.min(at, text.length);
}

/** From inside a template to behind its end, or to behind the next `${`, which is pushed. */
function chunkEnd(text: string, start: number, holes: number[]): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "`") return at + 1;
    if (text[at] === "\\") at++;
    else if (text[at] === "$" && text[at + 1] === "{") {
      holes.push(0);
      return at + 2;
    }
  }
  return text.length;
}

function beginsRegExp(text: string, last: number): boolean {
  if (last === 0) return true;
  const before = text.slice(Math.max(0, last - 12), last);
  if (before.endsWith("++") || before.endsWith("--")) return false;
  const word = /[\w$]+$/.exec(before)?.[0];
  // Not after `<`, `}` and `)`: there a slash closes a tag or divides far more often.
  return word === undefined ? "(,=:[!&|?{;+-*%^~>".includes(text[last - 1]!) : operators.has(word);
}

/** Longest regular expression looked for: without an end, a line of slashes would be read once for each. */
const longest = 1000;

function regExpEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + longest);
  let inClass = false;
  for (let at = start + 1; at < limit && text[at] !== "\n" && text[at] !== "\r"; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "[") inClass = true;
    else if (text[at] === "]") inClass = false;
    else if (text[at] === "/" && !inClass) return at + 1;
  }
  return start + 1;
}

function lineEnd(text: string, at: number): number {
  const breaks = /[\r\n\u2028\u2029]/g;
  breaks.lastIndex = at;
  return breaks.exec(text)?.index ?? text.length;
}

function after(text: string, mark: string, at: number): number {
  const found = text.indexOf(mark, at);
  return found < 0 ? text.length : found + mark.length;
}

/** Block scalars hold comments too: of the script or the YAML document inside them. */
function yamlComments(text: string): Range[] {
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
  return spaced && /(?:^|\s)[-?]$|:$|^---$|(?:^|[\s,[{])[&!]\S*$/.test(trimmed);
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
