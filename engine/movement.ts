// Did an edit only move what a file states? Then nothing that reads facts needs to run again: what it found moves along. Most keystrokes are such edits.

import { isSpan } from "./placed.ts";
import type { Found } from "./check.ts";
import type { Kept } from "./kept.ts";
import type { Extract } from "./types.ts";

/** Where an offset of the old text is in the new one; undefined where the edit itself is. */
export type Shift = (offset: number) => number | undefined;

/** Undefined when the file states something else than before, or when it cannot be told. */
export function movement(before: Extract, after: Extract, oldText: string, newText: string): Shift | undefined {
  // What is said of the file alone does not matter here.
  if (before.browser !== after.browser || before.deep !== after.deep || before.notApplicable !== after.notApplicable) return undefined;
  if (before.documents.length + after.documents.length > 0) return undefined;
  const exact = new Map<number, number>();
  const text = textShift(oldText, newText);
  const moves = (from: number, to: number): boolean => {
    if (!text.allows(from, to) || (exact.has(from) && exact.get(from) !== to)) return false;
    exact.set(from, to);
    return true;
  };
  if (!same([before.facts, before.exports, before.reexports], [after.facts, after.exports, after.reexports], moves)) return undefined;
  // Order decides ties: what came apart or together is another statement.
  const ends = [...exact].sort(([a], [b]) => a - b).map(([, to]) => to);
  if (ends.some((to, index) => index > 0 && to <= ends[index - 1]!)) return undefined;
  return (offset) => exact.get(offset) ?? text.shift(offset);
}

/** Equal plain data but for offsets. */
export const stateTheSame = (before: unknown, after: unknown): boolean => same(before, after, () => true);

/** It could not be read, or not to its end. */
export const incomplete = ({ problems }: Extract): boolean => problems.some((one) => one.incomplete);

/** What the texts have in common at both ends tells how offsets can have moved. */
function textShift(before: string, after: string): { allows(from: number, to: number): boolean; shift: Shift } {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  let tail = 0;
  while (tail < shorter && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  const grown = after.length - before.length;
  const isHead = (offset: number) => offset <= head;
  const isTail = (offset: number) => offset >= before.length - tail;
  return {
    allows: (from, to) => (to === from && isHead(from)) || (to === from + grown && isTail(from)),
    // At the edit itself only a fact that stands there can tell.
    shift: (offset) => (isHead(offset) === isTail(offset) ? undefined : isHead(offset) ? offset : offset + grown),
  };
}

/** Equal plain data, but for offsets, which are asked about in pairs. Of each pair that is still to be compared `open` holds four: the two, the key they stand under, and the key of what holds them. */
function same(before: unknown, after: unknown, moves: (from: number, to: number) => boolean): boolean {
  const open: unknown[] = [before, after, "", ""];
  while (open.length > 0) {
    const of = open.pop() as string;
    const key = open.pop() as string;
    const b = open.pop();
    const a = open.pop();
    if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
      const isOffset = typeof a === "number" && typeof b === "number" && (key === "start" || key === "end" || (of === "fact" && key === "1"));
      if (isOffset ? !moves(a, b) : !Object.is(a, b)) return false;
      continue;
    }
    if (Array.isArray(a) || Array.isArray(b)) {
      if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
      for (let index = 0; index < a.length; index++) if (typeof a[index] !== "string" || a[index] !== b[index]) open.push(a[index], b[index], index === 1 ? "1" : "", key);
      continue;
    }
    const [keys, others] = [Object.keys(a), Object.keys(b)];
    if (keys.length !== others.length) return false;
    for (let index = 0; index < keys.length; index++) {
      const one = keys[index]!;
      // The order of exports and members is part of what is stated.
      if (others[index] !== one) return false;
      const [mine, other] = [(a as Record<string, unknown>)[one], (b as Record<string, unknown>)[one]];
      if (typeof mine !== "string" || mine !== other) open.push(mine, other, one, key);
    }
  }
  return true;
}

/** What was found, at the places where it is now; undefined when a place lies in an edit. */
export function moved(found: readonly Found[], shifts: ReadonlyMap<string, Shift>, keep: Kept): readonly Found[] | undefined {
  let lost = false;
  const carry = (value: any): any => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) {
      const list = value.map(carry);
      return list.some((one, index) => one !== value[index]) ? list : value;
    }
    const shift = isSpan(value) ? shifts.get(value.file) : undefined;
    if (shift) {
      const [start, end] = [shift(value.start), shift(value.end)];
      if (start === undefined || end === undefined) lost = true;
      return { ...value, start, end };
    }
    const entries = Object.entries(value).map(([key, one]) => [key, carry(one)] as const);
    return entries.some(([key, one]) => one !== value[key]) ? Object.fromEntries(entries) : value;
  };
  const list = found.map((one) => {
    if (!keep(one.finding, "files", [], () => [...filesIn(one.finding)]).some((file) => shifts.has(file))) return one;
    const finding = carry(one.finding);
    return finding === one.finding ? one : { ...one, finding };
  });
  return lost ? undefined : list;
}

/** Files that plain data has places in. */
function* filesIn(value: unknown): Iterable<string> {
  if (value === null || typeof value !== "object") return;
  if (isSpan(value)) yield value.file;
  else for (const one of Object.values(value)) yield* filesIn(one);
}
