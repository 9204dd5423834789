// Comments of TypeScript: told apart from strings, templates and regular expressions. Reads text only.

import type { Range } from "./comment.ts";

/** Words after which a slash begins a regular expression. */
const operators = new Set(["return", "typeof", "case", "in", "of", "do", "else", "void", "delete", "throw", "new", "await", "yield", "instanceof"]);

/** Line and block comments in order. */
export function tsComments(text: string): Range[] {
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
  const word = /(?<![\w$])[\w$]+$/.exec(before)?.[0];
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
