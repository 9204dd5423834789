// Does a pass need the same files as the one before it? Then nobody has to ask of every file that was not read whether it is wanted now. True of most edits of YAML, and of code that does not parse yet.

import { demanded } from "./demand.ts";
import { stateTheSame } from "./movement.ts";
import type { Linted } from "./lint.ts";
import type { Plan } from "./plan.ts";

/** What was asked for when nothing more was wanted for the last time. */
export type Satisfied = ReturnType<typeof demanded>;

/** `before` wanted nothing more. Who asks knows that no file gives other reasons to read it or others than before. */
export function wantsNoMore(before: Linted, after: Linted, satisfied: Satisfied, plan: Plan): boolean {
  const [last, now] = [before.pass.workspace, after.pass.workspace];
  if (last.manifests !== now.manifests || last.paths !== now.paths || last.configs !== now.configs || last.extracts.size !== now.extracts.size) return false;
  for (const [path, extract] of now.extracts) {
    const former = last.extracts.get(path);
    if (former !== extract && !(former && stateTheSame([former.exports, former.reexports], [extract.exports, extract.reexports]))) return false;
  }
  const { missing, shallow } = after.pass.deployed;
  if (shallow.size > 0 || [...missing].some((path) => !now.extracts.has(path) && now.paths.has(path))) return false;
  return [...demanded(plan, after.index)].every(([kind, services]) => [...services].every((one) => satisfied.get(kind)?.has(one)));
}
