// Whether edits of a template leave its actions and conditions alone. Judges ranges; changes nothing.

import { blocksOf, scanActions } from "./template-actions.ts";
import type { TextEdit } from "./site.ts";

/**
 * True when no edit touches an action and all stand under the conditions of the place that they are meant for:
 * text that comes to stand inside an `if` would hold only there.
 */
export function keepsTemplate(text: string, meant: number, edits: readonly TextEdit[]): boolean {
  const actions = scanActions(text);
  const branches = blocksOf(actions, text.length).flatMap((block) => block.branches);
  const around = (offset: number) => branches.flatMap(({ start, end }, index) => (start <= offset && offset <= end ? [index] : [])).join();
  const place = around(meant);
  return edits.every(({ at }) => around(at.start) === place && around(at.end) === place && !actions.some(({ start, end }) => at.start < end && at.end > start));
}
