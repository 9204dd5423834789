// What a fix changes, as lines that go and lines that come. For reading: the edits themselves are in the JSON and SARIF formats.

import { eagerEdits, type Report } from "./report.ts";
import type { Fix } from "../../engine/types.ts";

export interface Change {
  readonly file: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** A change of more lines is not shown. */
const longest = 40;
/** Longest piece of a line that is shown. */
const widest = 240;

/** The changes of a fix, one for each file; none when it is made only on request or is too long to read. */
export function changesOf(report: Report, fix: Fix): readonly Change[] {
  const changes = (eagerEdits(report, fix) ?? []).flatMap(({ file, edits }) => {
    const source = report.text(file);
    const [first, last] = [edits[0], edits.at(-1)];
    if (source === undefined || !first || !last) return [];
    const start = Math.max(source.lastIndexOf("\n", first.at.start - 1), source.lastIndexOf("\r", first.at.start - 1)) + 1;
    const rest = source.slice(last.at.end).search(/[\r\n]/);
    const end = rest < 0 ? source.length : last.at.end + rest;
    let after = "";
    let done = start;
    for (const { at, text } of edits) {
      after += source.slice(done, at.start) + text;
      done = at.end;
    }
    const [removed, added] = [source.slice(start, end), after + source.slice(done, end)].map((text) => text.split(/\r\n|\n|\r/).map((line) => line.slice(0, widest)));
    return [{ file, ...withoutSame(removed!, added!) }];
  });
  return changes.some((one) => one.removed.length + one.added.length > longest) ? [] : changes;
}

/** Lines that both begin or end with did not change. */
function withoutSame(removed: readonly string[], added: readonly string[]): Omit<Change, "file"> {
  let start = 0;
  while (start < removed.length && start < added.length && removed[start] === added[start]) start++;
  let end = 0;
  while (end < removed.length - start && end < added.length - start && removed.at(-1 - end) === added.at(-1 - end)) end++;
  return { removed: removed.slice(start, removed.length - end), added: added.slice(start, added.length - end) };
}
