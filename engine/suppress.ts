// Suppression comments. Rule and reason are mandatory: what is silenced stays visible and has a why.

import { comments, type Range } from "./comment.ts";
import { nearest } from "./nearest.ts";
import { clauseOf } from "./suppress-clause.ts";
import { withoutComment } from "./suppress-removal.ts";
import { lineEnd, lineStart } from "./yaml/lines.ts";
import type { Fix, Mentions, Problem, Span, Suppression } from "./types.ts";

const forms = { "-next-line": "next-line", "-line": "line", "-start": "block", "-end": undefined, "-file": "file" } as const;
type Word = keyof typeof forms;

/** Words without which a file holds no suppression. */
export const suppressionMentions: Mentions = [["pitlint-ignore", "pitlint.dev/ignore"]];

/** A comment as far as it was read. `name` is its first word, `clause` what follows. */
interface Comment {
  readonly at: Span;
  readonly name: { readonly text: string; readonly start: number };
  readonly clause: { readonly text: string; readonly start: number };
}

/** A suppression, or the end of a block of one. */
type Item = Omit<Suppression, "covers"> & { readonly word: Word; readonly index: number };

/**
 * Comments of the form `pitlint-ignore-next-line <rule>[, <rule>] [until <date>] [owner <name>] -- <reason>`, with `-line` for their own line,
 * `-start` and `-end` around a block, `-file` for the whole file, and what is wrong with them. In TypeScript line and block comments, in YAML `#`;
 * a string that looks like one is none. A comment with a fault silences nothing, but the known rules of a list stand when another of them is unknown.
 */
export function suppressions(path: string, text: string, language: "ts" | "yaml", known: ReadonlySet<string>): { suppressions: Suppression[]; problems: Problem[] } {
  const problems: Problem[] = [];
  if (!text.includes("pitlint-ignore")) return { suppressions: [], problems };
  const all = comments(text, language);
  const wrong = (at: Span, message: string, ...fixes: Fix[]) => void problems.push({ kind: "suppression", file: path, at, message, incomplete: false, ...(fixes.length ? { fixes } : {}) });
  const items = all.flatMap((range, index) => {
    const comment = commentOf(path, text, range);
    return comment ? itemsOf(comment, index, known, wrong) : [];
  });
  return { suppressions: placed(items, text, all, wrong), problems };
}

/** True when the suppression covers the line a finding starts on. Both belong to one file. */
export function silences(suppression: Suppression, at: Span): boolean {
  return at.start >= suppression.covers.start && at.start <= suppression.covers.end;
}

/** What is said of a rule that does not exist, with the way to the one that was meant. */
export function unknownRule(id: string, at: Span, known: ReadonlySet<string>): readonly [message: string, ...fixes: Fix[]] {
  const near = nearest(id, [...known]);
  if (!near) return [`unknown rule "${id}"; pitlint rules lists them`];
  return [`unknown rule "${id}"; did you mean ${near}?`, { title: `Change to ${near}`, safe: false, edits: [{ at, text: near }] }];
}

function commentOf(path: string, text: string, { start, end }: Range): Comment | undefined {
  const match = /^(?:\/\/+|\/\*[\s*]*|#+)\s*(pitlint-ignore(?![a-zA-Z])[-\w]*)(.*?)(?:\*\/)?$/ds.exec(text.slice(start, end));
  if (!match) return undefined;
  const part = (index: number) => ({ text: match[index]!, start: start + match.indices![index]![0] });
  return { at: { file: path, start, end }, name: part(1), clause: part(2) };
}

function itemsOf({ at, name, clause }: Comment, index: number, known: ReadonlySet<string>, wrong: (at: Span, message: string, ...fixes: Fix[]) => void): Item[] {
  const place = (start: number, length: number): Span => ({ file: at.file, start, end: start + length });
  const word = name.text.slice("pitlint-ignore".length);
  if (!Object.hasOwn(forms, word)) {
    const near = nearest(word, Object.keys(forms));
    const fixes: Fix[] = near ? [{ title: `Change to pitlint-ignore${near}`, safe: false, edits: [{ at: place(name.start, name.text.length), text: `pitlint-ignore${near}` }] }] : [];
    wrong(at, `unknown comment ${name.text}; expected pitlint-ignore-next-line, -line, -start, -end or -file, then <rule> -- <reason>`, ...fixes);
    return [];
  }
  const { rules, wrong: faults, ...said } = clauseOf(clause.text, name.text);
  // The end of a block needs no reason: its start has one.
  const faulty = word === "-end" ? faults.filter((one) => !one.startsWith("gives no reason")) : faults;
  for (const message of faulty) wrong(at, message);
  for (const { id, start } of rules) if (!known.has(id)) wrong(at, ...unknownRule(id, place(clause.start + start, id.length), known));
  if (faulty.length) return [];
  return rules.filter(({ id }) => known.has(id)).map(({ id }) => ({ rule: id, form: forms[word as Word] ?? "block", ...said, at, word: word as Word, index }));
}

/** Gives each item the lines it covers, and each start its end. */
function placed(items: readonly Item[], text: string, all: readonly Range[], wrong: (at: Span, message: string, ...fixes: Fix[]) => void): Suppression[] {
  const found: Suppression[] = [];
  const open: Item[] = [];
  for (const item of items) {
    const { word, index, ...one } = item;
    const at: Span = { ...one.at, file: "" };
    if (word === "-start") open.push(item);
    else if (word === "-end") {
      const start = open.findLastIndex((other) => other.rule === one.rule);
      if (start < 0) {
        wrong(one.at, `ends nothing: no pitlint-ignore-start ${one.rule} stands above it`, { title: "Remove the comment", safe: true, edits: [withoutComment(text, one.at, new Set([one.rule]))] });
        continue;
      }
      const [{ word: _, index: __, ...begun }] = open.splice(start, 1) as [Item];
      found.push({ ...begun, at: { ...begun.at, file: "" }, ends: at, covers: { start: begun.at.start, end: one.at.end } });
    } else found.push({ ...one, at, covers: word === "-file" ? { start: 0, end: text.length } : word === "-line" ? line(text, at.start) : nextLine(text, at.end, all, index + 1) });
  }
  for (const { at, rule } of open) wrong(at, `never ends; expected pitlint-ignore-end ${rule} below it`);
  return found;
}

/** The first line after the comment's own that holds more than blanks and comments. */
function nextLine(text: string, from: number, all: readonly Range[], next: number): Range {
  let at = line(text, from).end;
  for (let index = next; at < text.length; ) {
    while (index < all.length && all[index]!.end <= at) index++;
    const comment = all[index];
    if (comment && comment.start <= at) at = comment.end;
    else if (/\s/.test(text[at]!)) at++;
    else break;
  }
  return line(text, at);
}

function line(text: string, offset: number): Range {
  return { start: lineStart(text, offset), end: lineEnd(text, offset) };
}
