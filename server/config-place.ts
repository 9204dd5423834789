// Where in a pitlint.yaml does an offset stand? Reads lines, not trees: what is being typed seldom parses.

/** The keys above a place, and what stands at the place. */
export interface ConfigPlace {
  /** Keys of the maps around the line, outermost first. */
  readonly above: readonly string[];
  /** Key of the line, where its colon stands. */
  readonly key?: { readonly text: string; readonly start: number; readonly end: number };
  /** The place is behind the colon of `key`, or in an item of the list of the last key above. */
  readonly part: "key" | "value" | "item";
  /** The word at the place. */
  readonly word: { readonly start: number; readonly end: number };
}

/** Undefined in comments. */
export function configPlace(text: string, offset: number): ConfigPlace | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = /^[^\r\n]*/.exec(text.slice(start))![0];
  const column = offset - start;
  const comment = /(^|\s)#/.exec(line);
  if (comment && comment.index < column) return undefined;
  const { indent, dash, key, colon } = shape(line);
  const above = keysAbove(text.slice(0, start), dash === undefined ? indent : dash + 1);
  const inValue = key !== undefined && column > colon;
  const word = wordAt(line, column, inValue ? colon + 1 : indent);
  return {
    above, part: inValue ? "value" : dash !== undefined && key === undefined ? "item" : "key",
    word: { start: start + word.start, end: start + word.end },
    ...(key === undefined ? {} : { key: { text: key, start: start + indent, end: start + colon } }),
  };
}

interface Shape {
  /** Column of the first character behind blanks and dashes. */
  readonly indent: number;
  /** Column of the first dash. */
  readonly dash?: number;
  readonly key?: string;
  /** Column of the colon behind the key. */
  readonly colon: number;
}

/** A line as YAML's block style reads it. */
function shape(line: string): Shape {
  const dash = /^ *(?=-(\s|$))/.exec(line)?.[0].length;
  const indent = /^ *(?:-(?: +|$))*/.exec(line)![0].length;
  const found = /^("[^"]*"\s*|'[^']*'\s*|[^\s#:"'{[-][^#:]*):(?=\s|$)/.exec(line.slice(indent));
  return { indent, ...(dash === undefined ? {} : { dash }), ...(found ? { key: found[1]!.trimEnd().replace(/^(["'])(.*)\1$/, "$2"), colon: indent + found[0].length - 1 } : { colon: -1 }) };
}

/** Keys of the lines above that hold what begins before this column. */
function keysAbove(before: string, column: number): string[] {
  const keys: string[] = [];
  let least = column;
  for (const line of before.split(/\r?\n/).reverse()) {
    if (least === 0) break;
    if (/^\s*(#|$)/.test(line)) continue;
    const { indent, dash, key } = shape(line);
    if (key !== undefined && indent < least) {
      keys.unshift(key);
      least = indent;
    }
    // The list that an item belongs to may begin in the column of its dash.
    if (dash !== undefined && dash < least) least = dash + 1;
  }
  return keys;
}

/** The word around a column: in a flow list the item, else what stands between blanks. */
function wordAt(line: string, column: number, from: number): { start: number; end: number } {
  let start = column;
  while (start > from && !/[\s[,"':]/.test(line[start - 1]!)) start--;
  let end = column;
  while (end < line.length && !/[\s\],"':#]/.test(line[end]!)) end++;
  return { start, end };
}
