// Decides from the lexemes whether a text may be parsed: depth, size and damage. Flat and linear; builds nothing and imports no parser.

import type { Span } from "../types.ts";

/** Why a text is not parsed. */
export interface Refusal {
  readonly at: Span;
  readonly code: "too-deep" | "too-big" | "too-broken";
  readonly message: string;
}

/** UTF-16 units. Hand-written deployment YAML stays below it; the tree of a text costs up to 480 bytes of memory per unit. */
export const MAX_SIZE = 1_048_576;
/** A tenth of what the parser survives; deeper nesting can abort the whole process inside its regular expressions. */
export const MAX_FLOW_DEPTH = 100;
/** Columns that open a block level. Each can hold a map and a sequence, so the tree is at most twice as deep. */
export const MAX_BLOCK_DEPTH = 200;
/** Ordinary YAML has 0.3 lexemes per unit; this bounds memory where every character is one. */
export const MAX_LEXEMES = 400_000;
/** Values, separators and properties that stand where none can: each costs the parser an error object. */
export const MAX_STRAYS = 1_000;
const STRAYS_PER_LEVEL = 10;

const OPENS_NOTHING = /^[\s#&!%\]}\uFEFF]/;
// The lexer's marks stand for no text: the next lexeme is a scalar, brackets end unclosed, a document begins.
const MARK = /^[\u0002\u0018\u001F]$/;
const SCALAR = "\u001F";
const FLOW_END = "\u0018";
const INDICATOR = /^[-?:]/;

/** Undefined when the text is safe to parse. `lexemes` are those of the parser's own lexer: joined, without its marks, they are the text. They are pulled one at a time, so a refusal stops the lexing. */
export function guard(size: number, lexemes: Iterable<string>): Refusal | undefined {
  const refuse = (offset: number, code: Refusal["code"], message: string): Refusal => ({ at: { file: "", start: offset, end: offset + 1 }, code, message });
  if (size > MAX_SIZE) return refuse(0, "too-big", `${size} characters, at most ${MAX_SIZE} are analysed; split the file or ignore it`);

  const columns: number[] = [];
  let offset = 0;
  let column = 0;
  let count = 0;
  // One count for each open bracket: the colons since its last comma. Each beyond the first nests without a bracket.
  const colons: number[] = [];
  let chained = 0;
  let strays = 0;
  // A value is due after an indicator; one that is not due must turn out to be a key.
  let due = true;
  let pending = false;
  let properties = 0;
  // Behind `key:` no further key or item may begin on the line. The parser would nest it, and all lines that follow, one level deeper.
  let keyed = false;
  // The same holds for an anchor or tag in front of a dash.
  let marked = false;
  let isScalar = false;
  for (const lexeme of lexemes) {
    if (!isScalar && MARK.test(lexeme)) {
      isScalar = lexeme === SCALAR;
      if (lexeme === FLOW_END) colons.length = chained = 0;
      continue;
    }
    if (++count > MAX_LEXEMES) return refuse(offset, "too-big", `more than ${MAX_LEXEMES} tokens; split the file or ignore it`);
    const first = isScalar ? "a" : lexeme.charAt(0);

    if (colons.length === 0 && !OPENS_NOTHING.test(first)) {
      while (columns.length > 0 && (columns.at(-1) ?? 0) > column) columns.pop();
      if (columns.at(-1) !== column && (due || INDICATOR.test(first))) columns.push(column);
      if (columns.length > MAX_BLOCK_DEPTH) return refuse(offset, "too-deep", `more than ${MAX_BLOCK_DEPTH} block levels`);
    }

    switch (first) {
      case "[":
      case "{":
        if (!due) strays += 1;
        due = true;
        pending = false;
        properties = 0;
        if (colons.push(0) > MAX_FLOW_DEPTH) return refuse(offset, "too-deep", `more than ${MAX_FLOW_DEPTH} levels of brackets`);
        break;
      case "]":
      case "}":
        if (colons.pop() === undefined) strays += 1;
        if (colons.length === 0) chained = 0;
        due = false;
        pending = false;
        break;
      case ",":
        if (due) strays += 1;
        if (colons.length > 0) colons[colons.length - 1] = 0;
        due = true;
        properties = 0;
        break;
      case "-":
      case "?":
      case ":":
      case ".":
        if (colons.length === 0) {
          if (keyed || (marked && first !== ":")) strays += STRAYS_PER_LEVEL;
          keyed ||= first === ":" && !due;
        }
        if (first === ":" && pending) strays -= 1;
        if (first === ":" && colons.length > 0 && (colons[colons.length - 1] = (colons.at(-1) ?? 0) + 1) > 1) chained += 1;
        if (chained > MAX_FLOW_DEPTH) return refuse(offset, "too-deep", `more than ${MAX_FLOW_DEPTH} levels of pairs in brackets`);
        pending = false;
        due = true;
        properties = 0;
        break;
      case "&":
      case "!":
        if (++properties > 2) strays += 1;
        marked = true;
        break;
      case "%":
        strays += 1;
        break;
      case "\n":
      case "\r":
        pending = false;
        keyed = false;
        marked = false;
        break;
      case " ":
      case "\t":
      case "#":
      case "\uFEFF":
      case "|":
      case ">":
        break;
      default:
        properties = 0;
        marked = false;
        if (!due) {
          pending = true;
          strays += 1;
        }
        due = false;
    }
    if (strays > MAX_STRAYS) return refuse(offset, "too-broken", `more than ${MAX_STRAYS} misplaced tokens; this is not YAML`);

    const breakAt = lexeme.lastIndexOf("\n");
    column = breakAt < 0 ? column + lexeme.length : lexeme.length - breakAt - 1;
    offset += lexeme.length;
    isScalar = false;
  }
  return undefined;
}
