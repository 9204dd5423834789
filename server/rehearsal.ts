// Before somebody types: runs what a keystroke will run, so that the first one meets code that ran before. Keeps nothing of what is found.

import { languageOf } from "../engine/plan.ts";
import type { Documents } from "./documents.ts";

/** Analyses a text of a folder for nothing; false when that makes no sense. */
export type Rehearse = (path: string, text: string) => Promise<boolean>;

export interface Rehearsal {
  /** A folder is about to be read: its worker waits while files are listed. */
  begins(folder: string, pathOf: (uri: string) => string | undefined, rehearse: Rehearse): void;
  ends(folder: string): void;
  /** A document was opened, and what it asks for is done. */
  opened(): void;
}

/** Times that a text is analysed: the first twenty keys after a start took three to five times as long as later ones. */
const rounds = 20;

export function rehearsal(documents: Documents): Rehearsal {
  const waiting = new Map<string, { pathOf(uri: string): string | undefined; rehearse: Rehearse }>();
  const start = async (folder: string) => {
    const { pathOf, rehearse } = waiting.get(folder)!;
    const document = [...documents.all()].find(({ uri }) => languageOf(uri) === "ts" && pathOf(uri) !== undefined);
    if (!document) return;
    waiting.delete(folder);
    const { uri, text } = document;
    // Who types has no use for it any more.
    for (let round = 0; round < rounds && documents.get(uri)?.text === text; round++) if (!(await rehearse(pathOf(uri)!, text))) return;
  };
  return {
    begins(folder, pathOf, rehearse) {
      waiting.set(folder, { pathOf, rehearse });
      void start(folder);
    },
    ends: (folder) => void waiting.delete(folder),
    opened() {
      for (const folder of [...waiting.keys()]) void start(folder);
    },
  };
}
