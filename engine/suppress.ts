// Suppression comments. Rule and reason are mandatory: what is silenced stays visible and has a why.

import { nearest } from "./nearest.ts";
import type { Problem, Span, Suppression } from "./types.ts";

const comment = {
  ts: /"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g,
  yaml: /"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'|(?<=^|\s)#[^\r\n]*/gm,
};

/** Comments of the form `pitlint-ignore-next-line <rule>[, <rule>] -- reason` or `pitlint-ignore-line ...`, with what is wrong with them. */
export function suppressions(path: string, text: string, language: "ts" | "yaml", known: ReadonlySet<string>): { suppressions: Suppression[]; problems: Problem[] } {
  const found: Suppression[] = [];
  const problems: Problem[] = [];
  if (!text.includes("pitlint-ignore")) return { suppressions: found, problems };
  for (const token of text.matchAll(comment[language])) {
    const match = /^(?:\/\/|\/\*+|#)\s*pitlint-ignore-(next-line|line)\b([\s\S]*?)(?:\*\/)?$/.exec(token[0]);
    if (!match) continue;
    const at: Span = { file: path, start: token.index, end: token.index + token[0].length };
    const [rules = "", ...rest] = match[2]!.split(/\s--\s/);
    const reason = rest.join(" -- ").trim();
    const ids = rules.split(",").map((one) => one.trim()).filter(Boolean);
    const wrong = (message: string) => void problems.push({ kind: "suppression", file: path, at, message, incomplete: false });
    if (ids.length === 0) wrong(`names no rule; expected pitlint-ignore-${match[1]} <rule> -- <reason>`);
    if (!reason) wrong(`gives no reason; expected pitlint-ignore-${match[1]} ${ids.join(", ") || "<rule>"} -- <reason>`);
    for (const rule of ids) {
      if (!known.has(rule)) {
        const near = nearest(rule, [...known]);
        wrong(`unknown rule "${rule}"${near ? `; did you mean ${near}?` : "; pitlint rules lists them"}`);
      } else if (reason) found.push({ rule, reason, at: { ...at, file: "" }, covers: covered(text, at, match[1] === "line", language) });
    }
  }
  return { suppressions: found, problems };
}

/** True when the suppression covers the line a finding starts on. */
export function silences(suppression: Suppression, at: Span): boolean {
  return at.start >= suppression.covers.start && at.start <= suppression.covers.end;
}

function covered(text: string, at: Span, sameLine: boolean, language: "ts" | "yaml"): { start: number; end: number } {
  if (sameLine) return line(text, at.start);
  for (let next = line(text, at.end).end + 1; next < text.length; ) {
    const one = line(text, next);
    const content = text.slice(one.start, one.end).trim();
    if (content && !(language === "yaml" ? /^#/ : /^(\/\/|\/\*|\*)/).test(content)) return one;
    next = one.end + 1;
  }
  return { start: text.length, end: text.length };
}

function line(text: string, offset: number): { start: number; end: number } {
  let start = Math.min(offset, text.length);
  while (start > 0 && !/[\r\n]/.test(text[start - 1]!)) start--;
  let end = Math.min(offset, text.length);
  while (end < text.length && !/[\r\n]/.test(text[end]!)) end++;
  return { start, end };
}
