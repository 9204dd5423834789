// Texts that the last result is about, of files that have changed since: with them a pass can tell what only moved, and that a file which was not read is still not needed.

import { languageOf, type Plan } from "../engine/plan.ts";
import type { Linted, LintOptions } from "../engine/lint.ts";
import type { Disk } from "./disk.ts";

export interface FormerTexts {
  /** The file is about to change. */
  keep(path: string): void;
  /** A file gives other reasons to read it or others than it did. */
  asksAnew(): boolean;
  /** What a pass may start from. */
  before(result: Linted | undefined): Pick<LintOptions, "before">;
  /** There is a result of the texts as they are. */
  clear(): void;
}

export function formerTexts(disk: Disk, plan: Plan): FormerTexts {
  const former = new Map<string, string | undefined>();
  // What a file imports is a reason to read others, whether it is read itself or not.
  const asksAnew = () => [...former].some(([path, text]) => languageOf(path) === "ts" && asks(text, plan) !== asks(disk.text(path), plan));
  return {
    keep: (path) => void (former.has(path) || former.set(path, disk.text(path))),
    asksAnew,
    before(result) {
      if (!result) return {};
      return { before: { result, relink: asksAnew(), text: (path) => (former.has(path) ? former.get(path) : disk.text(path)) } };
    },
    clear: () => former.clear(),
  };
}

/** The reasons that a text gives to read its file, or others. */
function asks(text: string | undefined, plan: Plan): string {
  if (text === undefined) return "";
  const { words, modules, passed } = plan.scanner.outline(text, "ts");
  return JSON.stringify([[...words].sort(), modules, passed]);
}
