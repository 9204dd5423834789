// The prefilter: which files can matter at all, told by words in their text. A file that mentions nothing is never parsed.

import type { Mentions } from "./types.ts";

/** Tells which of several mention groups a text satisfies; built once per run. */
export interface Scanner {
  /** Words of the given set that occur in the text. Works on UTF-8 and on Latin-1 decoded text alike, because words are ASCII. */
  words(text: string): ReadonlySet<string>;
}

/** True when each group has a hit. No groups: false, because such a check is no reason to read a file. */
export function mentioned(mentions: Mentions, found: ReadonlySet<string>): boolean {
  return mentions.length > 0 && mentions.every((group) => group.some((word) => found.has(word)));
}

/** A scanner for all words of the given mentions. */
export function scanner(all: Iterable<Mentions>): Scanner {
  const words = new Set<string>();
  for (const mentions of all) for (const group of mentions) for (const word of group) words.add(word);
  const list = [...words];
  return {
    words(text) {
      const found = new Set<string>();
      for (const word of list) if (text.includes(word)) found.add(word);
      return found;
    },
  };
}
