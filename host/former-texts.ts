// Texts that the last result is about, of files that have changed since: with them a pass can tell what only moved, and that a file which was not read is still not needed.

import { languageOf, type Plan } from "../engine/plan.ts";
import type { Linted, LintOptions } from "../engine/lint.ts";
import type { Disk } from "./disk.ts";
import type { Extract } from "../engine/types.ts";

export interface FormerTexts {
  /** The file is about to change. */
  keep(path: string): void;
  /** What a pass may start from. */
  before(result: Linted | undefined, extracts: ReadonlyMap<string, Extract>): Pick<LintOptions, "before">;
  /** There is a result of the texts as they are. */
  clear(): void;
}

export function formerTexts(disk: Disk, plan: Plan): FormerTexts {
  const former = new Map<string, string | undefined>();
  return {
    keep: (path) => void (former.has(path) || former.set(path, disk.text(path))),
    before(result, extracts) {
      if (!result) return {};
      const relink = [...former].some(([path, text]) => languageOf(path) === "ts" && !extracts.has(path) && asks(text, plan) !== asks(disk.text(path), plan));
      return { before: { result, relink, text: (path) => (former.has(path) ? former.get(path) : disk.text(path)) } };
    },
    clear: () => former.clear(),
  };
}

/** The reasons that a text gives to read its file, or others. */
function asks(text: string | undefined, plan: Plan): string {
  if (text === undefined) return "";
  const { words, modules, passed } = plan.scanner.outline(text);
  return JSON.stringify([[...words].sort(), modules, passed]);
}
