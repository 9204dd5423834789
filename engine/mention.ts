// The prefilter: which files can matter at all, told by words in their text. A file that mentions nothing is never parsed.

import { automaton, codes, lineEnd } from "./automaton.ts";
import type { Language } from "./plan.ts";
import type { Mentions } from "./types.ts";

/** What a text says of itself before anybody parses it. */
export interface Outline {
  readonly words: ReadonlySet<string>;
  /** Modules that it imports or requires, as written. */
  readonly modules: readonly string[];
  /** Those that it passes on with `export *` or by name. */
  readonly passed: readonly string[];
}

/** Tells which of several mention groups a text satisfies; built once per run. */
export interface Scanner {
  /**
   * Words of the given set that occur in the text. Works on UTF-8 and on Latin-1 decoded text alike, because words are ASCII.
   * In TypeScript and JavaScript no word of a comment that begins its line counts, but for one that silences rules.
   */
  words(text: string, language: Language): ReadonlySet<string>;
  outline(text: string, language: Language): Outline;
  /** The set that an outline with these words has: the same one for the same words. */
  shared(words: Iterable<string>): ReadonlySet<string>;
  /** Some mention looks two imports away. */
  readonly far: boolean;
}

/** Answers whether a word was found. */
export type Found = Pick<ReadonlySet<string>, "has">;

/** True when each group has a hit. No groups: false, because such a check is no reason to read a file. */
export function mentioned(mentions: Mentions, found: Found): boolean {
  return mentions.length > 0 && mentions.every((group) => group.some((word) => found.has(word)));
}

/**
 * Words for a group: the text imports or requires one of these modules or a path below it, with or without `node:`; `mysql*` stands for all
 * names that begin so. A name in any other text is no hit: `"pg"` alone picks the files of a whole query builder, its import picks three.
 */
export const imports = (...modules: readonly string[]): string[] => modules.map((module) => mark + module);

/** Words for a group: one of these stands in the name of a module that the text imports. */
export const importsLike = (...parts: readonly string[]): string[] => parts.map((part) => like + part);

/**
 * Words for a group: the text imports one of these modules, or a module of the workspace that does, at most `hops` imports away. For what is made in
 * one file and used in others: a pool, a logger. Of a text alone this cannot be told, so one file's own search takes it as found (`maybeNear`).
 */
export const near = (hops: 1 | 2, ...modules: readonly string[]): string[] => modules.map((module) => `${nearby}${hops} ${module}`);

/** What was found, and whatever only other files can tell. */
export const maybeNear = (found: Found): Found => ({ has: (word) => found.has(word) || word.startsWith(nearby) });

/** What was found, and what modules one and two imports away say of themselves. */
export const withNear = (found: Found, one: Found, two: Found): Found => ({
  has(word) {
    if (found.has(word) || !word.startsWith(nearby)) return found.has(word);
    const named = mark + word.slice(nearby.length + 2);
    return one.has(named) || (word[nearby.length] === "2" && two.has(named));
  },
});

/** A word for a group that stands alone: `fetch` is no hit in `prefetch` or `fetchAll`. */
export const whole = (word: string): string => edge + word;

/**
 * A word for a group that stands alone and is no word of a sentence: `fetch` is a hit in `fetch(url)` and `{ fetch }`, and none in `// fetch the rest`.
 * Half of the files that say "fetch" in a large repository say so in a comment.
 */
export const named = (word: string): string => name + word;

/** A word for a group that is a part of a name that is called or reached into: `ransaction` is a hit in `runInTransaction(db)` and `transactions.run`, and none in `in one transaction.` or `async startTransaction(`. */
export const called = (word: string): string => call + word;

/** A word for a group that stands in the head of a loop: `attempt` is a hit in `while (attempts < 3)`, and none in `// attempts to connect`. */
export const inLoopHead = (word: string): string => head + word;

/** Longest head of a loop that is looked through, in characters. */
export const loopHead = 400;

const mark = "import ";
const like = "import like ";
const edge = "whole ";
const name = "named ";
const call = "called ";
const head = "head ";
const nearby = "near ";
/** After these words the text may name a module. */
const openers = ["from", "import", "require"];

/** A scanner for all words of the given mentions. */
export function scanner(all: Iterable<Mentions>): Scanner {
  const list = new Set<string>();
  for (const mentions of all) for (const group of mentions) for (const word of group) list.add(word);
  const after = (start: string) => [...list].filter((word) => word.startsWith(start)).map((word) => word.slice(start.length));
  const parts = after(like);
  const plain = new Set([...list].filter((word) => ![mark, nearby, ...Object.keys(places)].some((start) => word.startsWith(start))));
  const placed = Object.entries(places).map(([start, stands]) => ({ start, stands, words: new Set(after(start)) }));
  const modules = new Map<string, string[]>();
  for (const name of [...after(mark), ...after(`${nearby}1 `), ...after(`${nearby}2 `)]) modules.set(name, [mark + name, ...[1, 2].map((hops) => `${nearby}${hops} ${name}`).filter((word) => list.has(word))]);
  const begun = [...modules].filter(([name]) => name.endsWith("*")).map(([name, words]) => [name.slice(0, -1), words] as const);
  const { next, column, ends } = automaton([...new Set([...plain, ...placed.flatMap(({ words }) => [...words]), ...openers])], (word) => ({
    length: word.length, plain: plain.has(word) ? word : undefined, opens: openers.includes(word), from: word === "from",
    placed: placed.flatMap(({ start, stands, words }) => (words.has(word) ? [{ word: start + word, stands }] : [])),
  }));
  const sets = interned();
  let reached = 0;

  /** Where the next word ends, or the line; `reached` is the state there. The loop that everything else waits for stands alone: V8 compiles it early, and has no reason to do so again. */
  function follow(text: string, from: number, state: number): number {
    const { length } = text;
    let at = from;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      state = code < codes ? next[state + column[code]!]! : 0;
      if (state < 0) break;
    }
    reached = ~state;
    return at;
  }

  const addModule = (found: Set<string>, module: string) => {
    for (let end = module.length; end > 0; end = module.lastIndexOf("/", end - 1)) modules.get(module.slice(0, end))?.forEach((word) => found.add(word));
    for (const [start, words] of begun) if (module.startsWith(start)) words.forEach((word) => found.add(word));
    for (const part of parts) if (module.includes(part)) found.add(like + part);
  };

  // While a file is typed in, several ask about the text as it is and as it was.
  let latest: readonly { readonly text: string; readonly language: Language; readonly says: Outline }[] = [];

  function outline(text: string, language: Language): Outline {
    const known = latest.find((one) => one.text === text && one.language === language);
    if (known) return known.says;
    const says = read(text, language === "ts");
    latest = [{ text, language, says }, ...latest.slice(0, 1)];
    return says;
  }

  function read(text: string, skipsComments: boolean): Outline {
    const found = new Set<string>();
    let imported: Set<string> | undefined;
    let passed: Set<string> | undefined;
    const behindComment = skipsComments ? commentsOf(text) : (line: number) => line;
    for (let at = follow(text, behindComment(0), 0); at < text.length; ) {
      const state = reached;
      if (text.charCodeAt(at) === lineEnd) {
        at = follow(text, behindComment(at + 1), 0);
        continue;
      }
      for (const word of ends.get(state)!) {
        if (word.plain !== undefined) found.add(word.plain);
        for (const one of word.placed) if (one.stands(text, at + 1 - word.length, at + 1)) found.add(one.word);
        const module = word.opens ? specifier(text, at + 1)?.replace(/^node:/, "") : undefined;
        if (module === undefined) continue;
        addModule(found, module);
        (imported ??= new Set()).add(module);
        if (word.from && isPassedOn(text, at - 3)) (passed ??= new Set()).add(module);
      }
      at = follow(text, at + 1, state);
    }
    return { words: sets(found), modules: imported ? [...imported] : none, passed: passed ? [...passed] : none };
  }

  return { outline, words: (text, language) => outline(text, language).words, shared: (words) => sets(new Set(words)), far: after(`${nearby}2 `).length > 0 };
}

const none: readonly string[] = [];

/**
 * Tells where the comment ends that begins a line, behind blanks; the line itself where none does. Asked line by line. What may be no comment is read like code: one that has no end,
 * or the end of another, that holds a substitution or one end of a template, that continues a string; and what may silence a rule.
 */
function commentsOf(text: string): (line: number) => number {
  // Up to here a block was read in vain. One that begins within it would be too: a text of openers is read twice, not once for each.
  let tried = 0;
  return (line) => {
    let begin = line;
    for (let code = text.charCodeAt(begin); code === 32 || code === 9; ) code = text.charCodeAt(++begin);
    if (text.charCodeAt(begin) !== 47) return line;
    const isBlock = text.charCodeAt(begin + 1) === 42;
    if (!isBlock && text.charCodeAt(begin + 1) !== 47) return line;
    if ((isBlock && begin < tried) || /\\\r?\n$/.test(text.slice(Math.max(0, line - 3), line))) return line;
    const end = commentEnd(text, begin + 2, isBlock);
    if (isBlock && end < 0) tried = ~end;
    return end < 0 ? line : end;
  };
}

/** Where a comment ends; the complement of where it was given up. */
function commentEnd(text: string, from: number, isBlock: boolean): number {
  let isTemplate = false;
  for (let at = from, before = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 47 && before === 42) return isBlock && !isTemplate ? at + 1 : ~at;
    if (!isBlock && (code === 10 || code === 13 || code === 0x2028 || code === 0x2029)) return isTemplate ? ~at : at;
    if (code === 96) isTemplate = !isTemplate;
    if ((code === 123 && before === 36) || (code === 112 && text.startsWith("pitlint", at))) return ~at;
    before = code;
  }
  return isBlock || isTemplate ? ~text.length : text.length;
}

/** The same set for the same words: files of a kind mention the same, so that of many files few sets are kept, and what is asked of a set is asked once. */
function interned(): (found: ReadonlySet<string>) => ReadonlySet<string> {
  const numbers = new Map<string, string>();
  const number = (word: string) => numbers.get(word) ?? (numbers.set(word, String.fromCharCode(numbers.size)), numbers.get(word)!);
  const known = new Map<string, ReadonlySet<string>>();
  return (found) => {
    const key = Array.from(found, number).sort().join("");
    const same = known.get(key);
    if (same) return same;
    known.set(key, found);
    return found;
  };
}

/** An `export` stands in front of this `from`: it passes on what another module has. */
function isPassedOn(text: string, from: number): boolean {
  const before = text.slice(Math.max(0, from - 2000), from);
  const at = before.lastIndexOf("export");
  return at >= 0 && /^export\s*(?:\*|\{|type\b)[^;"'`]*$/.test(before.slice(at));
}

/** Where a word counts, by the beginning that says so. */
const places: Readonly<Record<string, (text: string, start: number, end: number) => boolean>> = {
  [edge]: standsAlone,
  [name]: (text, start, end) => standsAlone(text, start, end) && !/^[ \t]+(?!(?:as|satisfies|in|of|instanceof)\b)[A-Za-z\d]/.test(text.slice(end, end + 40)),
  [call]: (text, start, end) => !/\b(?:async|function)[ \t]+[\w$]*$/.test(text.slice(Math.max(0, start - 60), start)) && /^[\w$]*\s*(?:[(<`[!]|\??\.(?:[^\S\n]*\n\s*)?[\w$#([])/.test(text.slice(end, end + 120)),
  [head]: (text, start) => /\b(?:for|while) ?\(/.test(text.slice(Math.max(0, start - loopHead), start)),
};

function standsAlone(text: string, start: number, end: number): boolean {
  return !isName(text.charCodeAt(end)) && !isName(text.charCodeAt(start - 1));
}

/** A letter, a digit, `_`, `$`, or anything beyond ASCII. */
function isName(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 36 || code > 127;
}

/** How far behind an opener its module may stand, comments included: without an end, a text of openers would be read once for each. */
const reach = 1000;

/** The string that begins at an offset, behind blanks, comments and an opening bracket: a module after one of the openers. */
function specifier(text: string, from: number): string | undefined {
  const last = Math.min(text.length, from + reach);
  let at = from;
  for (let code = text.charCodeAt(at); at < last && (code <= 32 || code === 40 || code === 47); code = text.charCodeAt(at)) {
    if (code !== 47) at++;
    else {
      const behind = text.slice(at, last);
      const end = behind.startsWith("/*") ? behind.indexOf("*/") + 2 : behind.startsWith("//") ? behind.indexOf("\n") + 1 : 0;
      if (end < 2) return undefined;
      at += end;
    }
  }
  const quote = text.charCodeAt(at);
  if (quote !== 34 && quote !== 39 && quote !== 96) return undefined;
  const letters: number[] = [];
  for (let code = text.charCodeAt(++at); code !== quote; code = text.charCodeAt(++at)) {
    if (at >= last) return undefined;
    letters.push(code);
  }
  // A copy: a slice would keep the whole text in memory.
  return String.fromCharCode(...letters);
}
