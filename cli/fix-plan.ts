// Which fixes go together: those that touch a common file are one plan, those that collide wait for the next round.

import type { FileEdit, Fix } from "../engine/types.ts";
import type { Opened } from "./open.ts";

/** Edits that are written together or not at all. */
export interface FixPlan {
  readonly edits: readonly FileEdit[];
}

/** Plans for the findings as they are now: the first fix of each that may be applied; a suppression that silences nothing goes too. A file that does not parse is left alone: an edit there may not do what it says, and the next round would make it again. */
export async function grouped(opened: Opened, unsafe: boolean): Promise<readonly FixPlan[]> {
  const plans: Map<string, FileEdit["edits"][number][]>[] = [];
  const { diagnostics, problems } = opened.result();
  const broken = new Set(problems.filter((one) => one.kind === "syntax").map((one) => one.file));
  for (const { fixes } of [...diagnostics, ...problems]) {
    const fix: Fix | undefined = fixes?.find((one) => one.safe || unsafe);
    const edits = fix && (await opened.session.lower(fix));
    if (!edits || edits.length === 0 || edits.some(({ file }) => broken.has(file))) continue;
    const touched = plans.filter((plan) => edits.some(({ file }) => plan.has(file)));
    if (touched.some((plan) => edits.some((one) => one.edits.some((edit) => (plan.get(one.file) ?? []).some((other) => collide(edit, other)))))) continue;
    const merged = new Map<string, FileEdit["edits"][number][]>();
    for (const plan of touched) {
      plans.splice(plans.indexOf(plan), 1);
      for (const [file, list] of plan) merged.set(file, list);
    }
    for (const { file, edits: list } of edits) {
      const known = merged.get(file) ?? [];
      merged.set(file, [...known, ...list.filter((edit) => !known.some((other) => same(edit, other)))]);
    }
    plans.push(merged);
  }
  return plans.map((plan) => ({ edits: [...plan].sort(([a], [b]) => (a < b ? -1 : 1)).map(([file, list]) => ({ file, edits: list.sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end) })) }));
}

type TextEdit = FileEdit["edits"][number];

const same = (a: TextEdit, b: TextEdit) => a.at.start === b.at.start && a.at.end === b.at.end && a.text === b.text;

/** Overlapping ranges, and two insertions at one place, whose order nobody knows; the same edit twice is one edit. */
function collide(a: TextEdit, b: TextEdit): boolean {
  if (same(a, b)) return false;
  return (a.at.start < b.at.end && b.at.start < a.at.end) || (a.at.start === b.at.start && (a.at.start === a.at.end || b.at.start === b.at.end));
}
