// `--fix`: applies fixes in rounds until nothing changes; `--fix-dry-run` prints what the first round would change.

import { createTwoFilesPatch } from "diff";
import { applyEdits } from "../host/write.ts";
import { grouped, type FixPlan } from "./fix-plan.ts";
import type { Opened } from "./open.ts";
import type { Problem } from "../engine/types.ts";

/** One fix can uncover another; after this many rounds what is left is reported as it is. */
const rounds = 3;

export interface FixOptions {
  /** Also fixes that a person should review. */
  readonly unsafe: boolean;
  /** False prints a diff and writes nothing. */
  readonly write: boolean;
}

/** Applies fixes to disk and lints again. Returns what was refused, one problem a file. */
export async function fixAll(opened: Opened, { unsafe, write }: FixOptions): Promise<readonly Problem[]> {
  const { session } = opened;
  const refused: Problem[] = [];
  for (let round = 0; round < rounds; round++) {
    const plans = await grouped(opened, unsafe);
    if (!write) {
      for (const plan of plans) process.stdout.write(diffOf(opened, plan));
      return [];
    }
    const written: string[] = [];
    for (const plan of plans) {
      const applied = await applyEdits(session.root, plan.edits, (path) => session.text(path));
      written.push(...applied.written);
      refused.push(...applied.refused.filter((one) => !refused.some((other) => other.file === one.file)).map((one) => ({ ...one, incomplete: true })));
    }
    if (written.length === 0) break;
    await session.change(new Map(written.map((path) => [path, undefined])));
  }
  return refused;
}

function diffOf({ session, display }: Opened, { edits }: FixPlan): string {
  return edits.map(({ file, edits: list }) => {
    const before = session.text(file) ?? "";
    let after = before;
    for (const { at, text } of [...list].reverse()) after = after.slice(0, at.start) + text + after.slice(at.end);
    return createTwoFilesPatch(display(file), display(file), before, after, "", "", { context: 3 });
  }).join("");
}
