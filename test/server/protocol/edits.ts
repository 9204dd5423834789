// Random edits of one document, as an editor can make them: seeded, so that a run can be repeated.

import { positionAt, type Encoding, type Range } from "./text.ts";

/** Numbers from one seed: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function seeded(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return { chance: (share: number) => next() < share, below, pick: <T>(list: readonly T[]): T => list[below(list.length)]! };
}
export type Random = ReturnType<typeof seeded>;

export interface Change {
  readonly range?: Range;
  readonly text: string;
}

/** What changes meaning, what breaks parsers, what breaks positions. */
const pieces = [
  "🚀", "é", "漢字", "👩‍👩‍👧", "\n", "\r\n", "\r", "\t", "  ", ": ", "- ", '"', "'", "`", "${", "}", "{", "(", ")", "[", "]", "&a ", "*a", "|", ">", "---\n", "# ", "// ", "/*", "*/", "\u2028", "\u0000", "\ufeff",
  "{{ .Values.x }}", "<<: *a\n", "30s", "45_000", "0", "await ", "timeout: ", "ttl: 5s\n", "setTimeout(() => {}, 1000);\n", 'fetch("http://orders");\n', "export const t = 30_000;\n", "// pitlint-ignore-next-line registry/server-timeout-exceeds-ttl -- reason\n",
];
const amounts = ["1", "5", "30", "45_000", "60", "90", "500", "0", "1.5", "100000"];

/** One to three changes in order, and the text after them. `original` is what the document was at first. */
export function randomEdit(random: Random, before: string, original: string, encoding: Encoding): { changes: Change[]; text: string } {
  const changes: Change[] = [];
  let text = before;
  const replace = (start: number, end: number, inserted: string) => {
    const [from, to] = [boundary(text, start), boundary(text, end)];
    changes.push({ range: { start: positionAt(text, from, encoding), end: positionAt(text, to, encoding) }, text: inserted });
    text = text.slice(0, from) + inserted + text.slice(to);
  };
  for (let count = random.chance(0.3) ? 1 + random.below(3) : 1; count > 0; count--) {
    const kind = random.below(100);
    if (kind < 15) difference(text, original, replace);
    else if (kind < 18) changes.push({ text: (text = original) });
    else if (kind < 45) amount(random, text, replace);
    else if (kind < 65) {
      const at = random.below(text.length + 1);
      replace(at, at, Array.from({ length: 1 + random.below(2) }, () => random.pick(pieces)).join(""));
    } else if (kind < 75) {
      const at = random.below(text.length + 1);
      replace(at, Math.min(text.length, at + random.below(12)), random.chance(0.5) ? "" : random.pick(pieces));
    } else if (kind < 85) line(random, text, replace);
    else if (kind < 90) difference(text, text.replace(/\r\n|\n|\r/g, random.pick(["\n", "\r\n", "\r"])), replace);
    else if (kind < 95) {
      const ends = [...text.matchAll(/[\r\n]/g)].map((one) => one.index);
      // Characters of every width at the end of a line, which may swallow the next.
      const from = ends.length ? random.pick(ends) : 0;
      const to = random.chance(0.5) ? from : (ends.find((one) => one > from) ?? from);
      replace(from, to, " 🚀é");
    } else replace(text.length, text.length, random.pick(["\n", "\r\n", " ", "🚀"]));
  }
  return { changes, text };
}

type Replace = (start: number, end: number, inserted: string) => void;

function amount(random: Random, text: string, replace: Replace): void {
  const numbers = [...text.matchAll(/\d[\d_.]*/g)];
  if (numbers.length === 0) return;
  const one = random.pick(numbers);
  replace(one.index, one.index + one[0].length, random.pick(amounts));
}

/** Deletes or doubles a line. */
function line(random: Random, text: string, replace: Replace): void {
  const lines = [...text.matchAll(/[^\r\n]*(?:\r\n|\r|\n)/g)];
  if (lines.length === 0) return;
  const one = random.pick(lines);
  if (random.chance(0.5)) replace(one.index, one.index + one[0].length, "");
  else replace(one.index, one.index, one[0]);
}

/** Replaces what differs, in one change. */
export function difference(text: string, wanted: string, replace: Replace): void {
  let start = 0;
  while (start < Math.min(text.length, wanted.length) && text[start] === wanted[start]) start++;
  start = Math.min(boundary(text, start), boundary(wanted, start));
  let tail = 0;
  while (tail < Math.min(text.length, wanted.length) - start && text[text.length - 1 - tail] === wanted[wanted.length - 1 - tail]) tail++;
  while (tail > 0 && (boundary(text, text.length - tail) !== text.length - tail || boundary(wanted, wanted.length - tail) !== wanted.length - tail)) tail--;
  replace(start, text.length - tail, wanted.slice(start, wanted.length - tail));
}

/** The offset itself, or the one before it where it lies within a surrogate pair or between \r and \n: no editor means such a place. */
function boundary(text: string, offset: number): number {
  if (offset <= 0 || offset >= text.length) return offset;
  const code = text.charCodeAt(offset);
  const before = text.charCodeAt(offset - 1);
  return (code >= 0xdc00 && code <= 0xdfff && before >= 0xd800 && before <= 0xdbff) || (code === 10 && before === 13) ? offset - 1 : offset;
}
