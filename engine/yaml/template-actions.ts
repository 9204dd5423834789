// Where the actions of a Go template stand and which blocks they build. Reads only the braces and the first word; evaluates nothing.

/**
 * What an action does to the text around it. `silent` ones print nothing: comments, assignments, `fail`, `break`, `continue`.
 * `template` and everything that is no keyword is `output`.
 */
export type ActionKind = "output" | "silent" | "open" | "else" | "end";

/** One `{{ … }}`, braces included. Offsets are UTF-16 units. */
export interface Action {
  readonly start: number;
  readonly end: number;
  readonly kind: ActionKind;
  /** The text between the braces, without trim marks and outer blanks. */
  readonly expression: string;
}

/** What opens a block. */
export type BlockKind = "if" | "range" | "with" | "define" | "block";

/** A block with its branches: the text between its actions, in order. */
export interface Block {
  readonly kind: BlockKind;
  /** Index of the opening action. */
  readonly open: number;
  /** Index of the `end`; undefined while nobody has typed it, and then the last branch reaches to the end of the text. */
  readonly close?: number;
  readonly branches: readonly { readonly start: number; readonly end: number }[];
}

/** Text that may be read twice because an action is not closed, in lengths of the whole text. Bounds the time on hostile text. */
const REREADS = 8;

const ASSIGNMENT = /^\$\w*(?:\s*,\s*\$\w*)?\s*:?=/;
const WORD = /^(?:(if|range|with|define|block)|(else)|(end)|(break|continue|fail))(?![\w.-])/;

/**
 * All actions, in order. `}}` in strings and comments closes nothing.
 * An action that nobody closed ends with its line, or where the next one opens. Linear in the length.
 */
export function scanActions(text: string): readonly Action[] {
  const actions: Action[] = [];
  let budget = REREADS * text.length;
  let start = text.indexOf("{{");
  while (start >= 0) {
    const stop = stopOf(text, start);
    let { end } = stop;
    if (!stop.closed) {
      budget -= end - start;
      if (budget > 0) end = repaired(text, start, end);
    }
    actions.push(actionOf(text, start, end));
    start = text.indexOf("{{", end);
  }
  return actions;
}

/** Where reading an action ends: behind its `}}`, or where it turns out that it has none. */
function stopOf(text: string, start: number): { readonly end: number; readonly closed: boolean } {
  const comment = /^\{\{(?:-\s)?\s?\/\*/.exec(text.slice(start, start + 7));
  if (comment) {
    const close = text.indexOf("*/", start + comment[0].length);
    const braces = close < 0 ? -1 : text.indexOf("}}", close);
    return { end: braces < 0 ? text.length : braces + 2, closed: braces >= 0 };
  }
  for (let at = start + 2; at < text.length; at += 1) {
    switch (text[at]) {
      case "}":
        if (text[at + 1] === "}") return { end: at + 2, closed: true };
        break;
      case "{":
        if (text[at + 1] === "{") return { end: at, closed: false };
        break;
      case "`":
        at = text.indexOf("`", at + 1);
        if (at < 0) return { end: text.length, closed: false };
        break;
      case '"':
      case "'": {
        const close = endOfString(text, at);
        if (text[close] !== text[at]) return { end: close, closed: false };
        at = close;
        break;
      }
    }
  }
  return { end: text.length, closed: false };
}

/** Offset of the closing quote, or of the line break or the end that comes first. */
function endOfString(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== text[open] && text[at] !== "\n" && text[at] !== "\r") at += text[at] === "\\" && text[at + 1] !== "\n" && text[at + 1] !== "\r" ? 2 : 1;
  return Math.min(at, text.length);
}

/** Where an action most likely ends that reads as open up to `stop`: at the first braces of its line, otherwise with its line. */
function repaired(text: string, start: number, stop: number): number {
  const read = text.slice(start, stop);
  const lineBreak = read.search(/[\r\n]/);
  const line = lineBreak < 0 ? read : read.slice(0, lineBreak);
  const braces = line.indexOf("}}", 2);
  return start + (braces < 0 ? Math.max(line.length, 2) : braces + 2);
}

function actionOf(text: string, start: number, end: number): Action {
  let from = start + 2;
  let to = text.startsWith("}}", end - 2) && end - 2 >= from ? end - 2 : end;
  if (text[from] === "-" && /\s/.test(text[from + 1] ?? "")) from += 1;
  if (to > from && text[to - 1] === "-" && /\s|\//.test(text[to - 2] ?? "")) to -= 1;
  const expression = text.slice(from, to).trim();
  return { start, end, kind: kindOf(expression), expression };
}

function kindOf(expression: string): ActionKind {
  if (expression === "" || expression.startsWith("/*") || ASSIGNMENT.test(expression)) return "silent";
  const word = WORD.exec(expression);
  if (!word) return "output";
  return word[1] ? "open" : word[2] ? "else" : word[3] ? "end" : "silent";
}

/** The blocks, in the order in which they open. An `else` or `end` that belongs to none is left out. */
export function blocksOf(actions: readonly Action[], length: number): readonly Block[] {
  const blocks: Draft[] = [];
  const open: Draft[] = [];
  for (const [index, action] of actions.entries()) {
    if (action.kind === "open") {
      const kind = WORD.exec(action.expression)?.[1] as BlockKind;
      const block: Draft = { kind, open: index, branches: [{ start: action.end, end: length }] };
      blocks.push(block);
      open.push(block);
      continue;
    }
    if (action.kind !== "else" && action.kind !== "end") continue;
    const block = action.kind === "end" ? open.pop() : open.at(-1);
    const branch = block?.branches.at(-1);
    if (!block || !branch) continue;
    branch.end = action.start;
    if (action.kind === "end") block.close = index;
    else block.branches.push({ start: action.end, end: length });
  }
  return blocks;
}

interface Draft {
  readonly kind: BlockKind;
  readonly open: number;
  close?: number;
  readonly branches: { readonly start: number; end: number }[];
}
