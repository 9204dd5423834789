// Suppression comments. Rule and reason are mandatory: what is silenced stays visible and has a why.

import { comments, type Range } from "./comment.ts";
import { nearest } from "./nearest.ts";
import { lineEnd, lineStart } from "./yaml/lines.ts";
import type { Problem, Span, Suppression } from "./types.ts";

/**
 * Comments of the form `pitlint-ignore-next-line <rule>[, <rule>] -- <reason>` or `pitlint-ignore-line ...`, with what is wrong with them.
 * In TypeScript line and block comments, in YAML `#`; a string that looks like one is none. A comment with a fault silences nothing,
 * but the known rules of a list stand when another of them is unknown.
 */
export function suppressions(path: string, text: string, language: "ts" | "yaml", known: ReadonlySet<string>): { suppressions: Suppression[]; problems: Problem[] } {
  const found: Suppression[] = [];
  const problems: Problem[] = [];
  if (!text.includes("pitlint-ignore")) return { suppressions: found, problems };
  const all = comments(text, language);
  for (const [index, { start, end }] of all.entries()) {
    const match = /^(?:\/\/+|\/\*[\s*]*|#+)\s*pitlint-ignore(?![a-zA-Z])([-\w]*)(.*?)(?:\*\/)?$/s.exec(text.slice(start, end));
    if (!match) continue;
    const at: Span = { file: path, start, end };
    const wrong = (message: string) => void problems.push({ kind: "suppression", file: path, at, message, incomplete: false });
    const form = match[1] === "-line" || match[1] === "-next-line" ? match[1] : undefined;
    if (!form) {
      wrong(`unknown comment pitlint-ignore${match[1]}; expected pitlint-ignore-next-line or pitlint-ignore-line, then <rule> -- <reason>`);
      continue;
    }
    const [rules = "", ...rest] = match[2]!.split(/(?<!\S)--(?!\S)/);
    const reason = rest.join("--").replace(/\s+(?:\*\s)?\s*/g, " ").trim();
    const ids = [...new Set(rules.split(",").map((one) => one.trim()).filter(Boolean))];
    if (ids.length === 0) wrong(`names no rule; expected pitlint-ignore${form} <rule> -- <reason>`);
    if (!reason) wrong(`gives no reason; expected pitlint-ignore${form} ${ids.join(", ") || "<rule>"} -- <reason>`);
    for (const rule of ids) {
      if (!known.has(rule)) {
        const near = nearest(rule, [...known]);
        wrong(`unknown rule "${rule}"${near ? `; did you mean ${near}?` : "; pitlint rules lists them"}`);
      } else if (reason) found.push({ rule, reason, at: { ...at, file: "" }, covers: form === "-line" ? line(text, start) : nextLine(text, end, all, index + 1) });
    }
  }
  return { suppressions: found, problems };
}

/** True when the suppression covers the line a finding starts on. Both belong to one file. */
export function silences(suppression: Suppression, at: Span): boolean {
  return at.start >= suppression.covers.start && at.start <= suppression.covers.end;
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
