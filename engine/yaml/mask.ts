// A Helm template as text that parses as YAML, every character at its old offset. Does not parse and does not evaluate.

import { blocksOf, scanActions, type Action, type Block } from "./template-actions.ts";

/** Part of the text: UTF-16 units, `end` exclusive. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A place that a template fills with any number of pairs, items or lines. Masked as blanks. */
export interface Splice {
  /** Where its action begins. */
  readonly offset: number;
  /** Where its action ends. */
  readonly end: number;
  /** The text between the braces; for a whole `{{ if … }}…{{ end }}` within a line, the source with its braces. */
  readonly expression: string;
  /** Column of what it brings: the number of its `indent` or `nindent`, otherwise the column of the action. */
  readonly indent: number;
  /** Offset behind the colon of the key whose value it is or begins (`YamlPair.colon`). */
  readonly afterKey?: number;
}

/** A part of a scalar that only rendering knows. Masked as `PLACEHOLDER`, on its first line if it has several. */
export interface Placeholder extends Extent {
  /** The text between the braces; for a whole `{{ if … }}…{{ end }}` within a line, the source with its braces. */
  readonly expression: string;
}

export interface Masked {
  /** As long as the template, with the same line breaks; equal to it outside of actions and hidden branches. */
  readonly text: string;
  readonly splices: readonly Splice[];
  readonly placeholders: readonly Placeholder[];
  /** Where no finding may lie: control actions, comments, assignments, hidden branches, partials, conditions within a line. */
  readonly controls: readonly Extent[];
  /** Bodies of visible `range` blocks: what stands there may come any number of times. */
  readonly loops: readonly Extent[];
}

/** Private-use character: plain, quoted and flow scalars, keys and URLs may hold it. */
export const PLACEHOLDER = "\uE000";

/** What is masked as one: an action, or a block that renders within a line. */
interface Unit extends Extent {
  readonly kind: "blank" | "splice" | "placeholder";
  readonly isControl: boolean;
  readonly expression: string;
  readonly column: number;
}

/**
 * The template as it reads when every condition holds (`then`: first branches) and when none does (`else`: last branches, nothing where
 * there is no `else`). A condition around whole documents counts as true in both. Bodies of `define` are blank.
 * Takes any text, in linear time.
 */
export function maskTemplate(text: string): { readonly then: Masked; readonly else: Masked } {
  const actions = scanActions(text);
  const blocks = blocksOf(actions, text.length);
  const units = unitsOf(text, actions, blocks);
  const documents = [...text.matchAll(/(?<![^\r\n\uFEFF])["']?(?:kind|apiVersion)["']?[ \t]*:/g)].map((match) => match.index);
  return {
    then: masked(text, units, blocks, (block) => block.branches.slice(1)),
    else: masked(text, units, blocks, (block) => {
      if (block.branches.length > 1) return block.branches.slice(0, -1);
      return block.close === undefined || holdsAny(block.branches[0], documents) ? [] : block.branches;
    }),
  };
}

/** Whether one of the ascending offsets lies inside. */
function holdsAny(extent: Extent | undefined, offsets: readonly number[]): boolean {
  if (!extent) return false;
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) < extent.start) low = middle + 1;
    else high = middle;
  }
  return (offsets[low] ?? Infinity) < extent.end;
}

// ---- What is masked, the same for both variants ----

function unitsOf(text: string, actions: readonly Action[], blocks: readonly Block[]): readonly Unit[] {
  const drafts = mergeInline(text, actions, blocks);
  const units: Unit[] = [];
  // The units of one line, and whether only blanks, or a comment at the end, stand around them.
  let row: Draft[] = [];
  let rowIsBare = true;
  let rowIsComment = false;
  let lineStart = 0;
  let seen = 0;
  const endRow = () => {
    for (const draft of row) units.push({ ...draft, kind: drawnAs(draft, rowIsBare) });
    row = [];
  };
  for (const draft of [...drafts, undefined]) {
    const gap = text.slice(seen, draft?.start ?? text.length);
    const first = gap.search(/[\r\n]/);
    const tail = first < 0 ? gap : gap.slice(0, first);
    rowIsComment ||= row.length > 0 && /^\s+#/.test(tail);
    rowIsBare &&= rowIsComment || tail.trim() === "";
    if (first >= 0 || !draft) {
      endRow();
      const last = Math.max(gap.lastIndexOf("\n"), gap.lastIndexOf("\r"));
      lineStart = seen + last + 1;
      rowIsBare = gap.slice(last + 1).trim() === "";
      rowIsComment = false;
    }
    if (!draft) break;
    row.push({ ...draft, column: draft.start - lineStart });
    seen = draft.end;
  }
  return units;
}

type Draft = Omit<Unit, "kind"> & { readonly isSilent: boolean };

/** One draft for each action, or for each block that renders within a line: it ends on it, or `-}}` joins its body to the text before it. */
function mergeInline(text: string, actions: readonly Action[], blocks: readonly Block[]): readonly Draft[] {
  const blockAt = new Map(blocks.map((block) => [block.open, block]));
  const drafts: Draft[] = [];
  const lineBreak = /[\r\n]/g;
  let nextBreak = -1;
  for (let index = 0; index < actions.length; index += 1) {
    const action = actions[index];
    if (!action) break;
    const block = blockAt.get(index);
    const close = block?.close === undefined ? undefined : actions[block.close];
    if (nextBreak < action.start) {
      lineBreak.lastIndex = action.start;
      nextBreak = lineBreak.exec(text)?.index ?? text.length;
    }
    if (!block || block.close === undefined || !close || block.kind === "define" || (close.end > nextBreak && !isJoined(text, action, actions[index - 1]))) {
      const isSilent = action.kind !== "output";
      drafts.push({ start: action.start, end: action.end, expression: action.expression, isControl: isSilent, isSilent, column: 0 });
      continue;
    }
    const parts = actions.slice(index, block.close + 1);
    const isSilent = parts.every((part, at) => part.kind !== "output" && text.slice(part.end, parts[at + 1]?.start ?? part.end).trim() === "");
    drafts.push({ start: action.start, end: close.end, expression: text.slice(action.start, close.end), isControl: true, isSilent, column: 0 });
    index = block.close;
  }
  return drafts;
}

/** Whether text stands in front of the action on its line, and what follows is drawn to it. */
function isJoined(text: string, action: Action, previous: Action | undefined): boolean {
  if (!text.startsWith("-}}", action.end - 3)) return false;
  const gap = text.slice(previous?.end ?? 0, action.start);
  return gap.slice(Math.max(gap.lastIndexOf("\n"), gap.lastIndexOf("\r")) + 1).trim() !== "";
}

function drawnAs(draft: Draft, rowIsBare: boolean): Unit["kind"] {
  if (draft.isSilent) return "blank";
  return rowIsBare || indentOf(draft.expression, "nindent") !== undefined ? "splice" : "placeholder";
}

/** The number behind the last `indent` or `nindent` outside of strings; NaN when it is not a literal. */
function indentOf(expression: string, name: "nindent" | "n?indent"): number | undefined {
  if (!expression.includes("indent")) return undefined;
  const code = expression.replace(/"(?:[^"\\\r\n]|\\.)*"?|`[^`]*`?/g, '""');
  const last = [...code.matchAll(new RegExp(`(?<![\\w.$])${name}(?!\\w)(?:[ \\t]+(\\d{1,4})(?!\\w))?`, "g"))].at(-1);
  return last ? Number(last[1] ?? NaN) : undefined;
}

// ---- One variant ----

function masked(text: string, units: readonly Unit[], blocks: readonly Block[], unchosen: (block: Block) => readonly Extent[]): Masked {
  const { hidden, loops } = hiddenOf(blocks, unchosen);
  const splices: Unit[] = [];
  const placeholders: Placeholder[] = [];
  const controls: Extent[] = [];
  const pieces: string[] = [];
  let done = 0;
  const replace = ({ start, end }: Extent, by: string) => {
    pieces.push(text.slice(done, start), by);
    done = end;
  };
  let next = 0;
  const hideBefore = (offset: number) => {
    for (let extent = hidden[next]; extent && extent.start <= offset; extent = hidden[next]) {
      next += 1;
      // A unit of one line holds whole blocks.
      if (extent.end <= done || extent.start < done) continue;
      replace(extent, blank(text.slice(extent.start, extent.end)));
      controls.push(extent);
    }
  };
  for (const unit of units) {
    hideBefore(unit.start);
    if (unit.start < done) continue;
    const { start, end, expression } = unit;
    const source = text.slice(start, end);
    if (unit.isControl) controls.push({ start, end });
    if (unit.kind === "splice") splices.push(unit);
    if (unit.kind === "placeholder") placeholders.push({ start, end, expression });
    replace(unit, unit.kind === "placeholder" ? filled(source) : blank(source));
  }
  hideBefore(text.length);
  pieces.push(text.slice(done));
  const result = pieces.join("");
  return { text: result, splices: withKeys(result, splices), placeholders, controls, loops };
}

/** Outermost hidden extents in order, and the visible bodies of `range`. */
function hiddenOf(blocks: readonly Block[], unchosen: (block: Block) => readonly Extent[]): { readonly hidden: readonly Extent[]; readonly loops: readonly Extent[] } {
  const found: Extent[] = [];
  for (const block of blocks) {
    if (block.kind === "block") continue;
    // No spread: a block may have more branches than a call takes arguments.
    for (const extent of block.kind === "define" ? block.branches : unchosen(block)) found.push(extent);
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const hidden: Extent[] = [];
  for (const extent of found) {
    if (extent.end > extent.start && extent.start >= (hidden.at(-1)?.end ?? 0)) hidden.push(extent);
  }
  let next = 0;
  const loops = blocks.flatMap((block) => {
    const body = block.branches[0];
    if (block.kind !== "range" || !body) return [];
    for (let extent = hidden[next]; extent && extent.end <= body.start; extent = hidden[next]) next += 1;
    const isHidden = (hidden[next]?.start ?? Infinity) <= body.start && (hidden[next]?.end ?? 0) >= body.end;
    return isHidden ? [] : [body];
  });
  return { hidden, loops };
}

function blank(source: string): string {
  return source.replace(/[^\r\n]/g, " ");
}

/** Only the first line: a later one could stand too far left to continue the scalar. */
function filled(source: string): string {
  const first = /^[^\r\n]*/.exec(source)?.[0].length ?? 0;
  return PLACEHOLDER.repeat(first) + blank(source.slice(first));
}

function withKeys(text: string, units: readonly Unit[]): readonly Splice[] {
  let seen = 0;
  let last = -1;
  return units.map(({ start, end, column, expression }) => {
    last = lastCharacter(text, seen, start) ?? last;
    seen = start;
    const stated = indentOf(expression, "n?indent");
    const indent = stated === undefined || Number.isNaN(stated) ? column : stated;
    return { offset: start, end, expression, indent, ...(text[last] === ":" ? { afterKey: last + 1 } : {}) };
  });
}

/** Offset of the last character in front of `end` that is neither blank nor in a comment; undefined when there is none from `start` on. */
function lastCharacter(text: string, start: number, end: number): number | undefined {
  let last: number | undefined;
  for (let at = end - 1; at >= start; at -= 1) {
    const character = text[at] ?? "";
    if (last !== undefined && (character === "\n" || character === "\r")) return last;
    if (character === "#" && (at === 0 || /\s/.test(text[at - 1] ?? ""))) last = undefined;
    else if (last === undefined && !/\s/.test(character)) last = at;
  }
  return last;
}
