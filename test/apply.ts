// Applies the first fix of every finding to texts in memory, as a user would who takes them all.

import { lower } from "../engine/lower.ts";
import type { Linted } from "../engine/lint.ts";
import { readYaml } from "../engine/yaml/chart-template.ts";

/** Texts after the first fix of each finding that has one. Fixes are applied from the end, so that offsets stay right. */
export async function applyFixes(texts: ReadonlyMap<string, string>, result: Linted): Promise<Map<string, string>> {
  const after = new Map(texts);
  const input = { text: (file: string) => texts.get(file), documents: (file: string) => readYaml(file, texts.get(file) ?? "").documents, paths: texts.keys() };
  const edits = new Map<string, { start: number; end: number; text: string }[]>();
  for (const one of result.diagnostics) {
    const [fix] = one.fixes ?? [];
    const lowered = fix && (await lower(fix, input));
    for (const { file, edits: list } of lowered ?? []) {
      const known = edits.get(file) ?? [];
      for (const { at, text } of list) if (!known.some((other) => other.start === at.start && other.end === at.end && other.text === text)) known.push({ start: at.start, end: at.end, text });
      edits.set(file, known);
    }
  }
  for (const [file, list] of edits) {
    let text = after.get(file)!;
    for (const one of [...list].sort((a, b) => b.start - a.start || b.end - a.end)) text = text.slice(0, one.start) + one.text + text.slice(one.end);
    after.set(file, text);
  }
  return after;
}

/** `warning: text` asserts the grade of a mark as well. */
export function severityPrefix(mark: string): { message: string; severity?: string } {
  const match = /^(error|warning|info|hint): (.*)$/.exec(mark);
  return match ? { message: match[2]!, severity: match[1]! } : { message: mark };
}
