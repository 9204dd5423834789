// Findings that a team has accepted for now, known by content: moved lines and renamed files keep theirs. Computes only.

import type { BaselineEntry, Diagnostic } from "./types.ts";

/** Address of the schema that editors check a baseline with. */
const schema = "https://raw.githubusercontent.com/pitlint/pitlint/main/docs/baseline.schema.json";

export interface Judged {
  /** Findings that the baseline does not hold. */
  readonly fresh: readonly Diagnostic[];
  readonly accepted: readonly Diagnostic[];
  /** What is left of entries, with the number of findings that nobody sees any more. */
  readonly stale: readonly BaselineEntry[];
}

/**
 * Tells accepted findings from fresh ones. An entry first accepts findings of its own file, as many as it counts; what is left of it accepts equal
 * findings elsewhere, because the file may have been renamed. A line that is copied is one finding too many, and the copy is the fresh one.
 */
export function accept(diagnostics: readonly Diagnostic[], entries: readonly BaselineEntry[]): Judged {
  const left = entries.map((one) => ({ ...one }));
  const accepted = new Set<Diagnostic>();
  const take = (key: (one: BaselineEntry) => string) => {
    const open = new Map<string, { count: number }[]>();
    for (const one of left) if (one.count > 0) open.set(key(one), [...(open.get(key(one)) ?? []), one]);
    for (const one of diagnostics) {
      if (accepted.has(one)) continue;
      const entry = open.get(key(entryOf(one)))?.find(({ count }) => count > 0);
      if (!entry) continue;
      entry.count--;
      accepted.add(one);
    }
  };
  take((one) => `${one.fingerprint} ${one.file}`);
  take((one) => one.fingerprint);
  return { fresh: diagnostics.filter((one) => !accepted.has(one)), accepted: diagnostics.filter((one) => accepted.has(one)), stale: left.filter((one) => one.count > 0) };
}

/** Entries of a file as pitlint writes it; undefined for any other, which `readBaseline` looks at. */
export function entriesIn(text: string): readonly BaselineEntry[] | undefined {
  try {
    const value: any = JSON.parse(text);
    if (value?.version !== 1 || !Array.isArray(value.findings) || !value.findings.every(isEntry)) return undefined;
    return value.findings.map(({ file, rule, fingerprint, count }: BaselineEntry) => ({ file, rule, fingerprint, count }));
  } catch {
    // The other reader says where.
    return undefined;
  }
}

export function isEntry(value: any): value is BaselineEntry {
  return [value?.file, value?.rule, value?.fingerprint].every((one) => typeof one === "string" && one !== "") && /^[0-9a-f]{16}$/.test(value.fingerprint) && Number.isSafeInteger(value.count) && value.count > 0;
}

/** Entries for these findings, sorted, equal findings of one file in one entry. */
export function entriesOf(diagnostics: readonly Diagnostic[]): readonly BaselineEntry[] {
  return merged(diagnostics.map(entryOf));
}

/** A baseline without its stale entries. */
export function pruned(entries: readonly BaselineEntry[], stale: readonly BaselineEntry[]): readonly BaselineEntry[] {
  return merged([...entries, ...stale.map((one) => ({ ...one, count: -one.count }))]);
}

/** The file: one entry a line, so that two branches merge, and the same findings give the same bytes. */
export function printBaseline(entries: readonly BaselineEntry[]): string {
  const lines = entries.map(({ file, rule, fingerprint, count }) => `    { "file": ${JSON.stringify(file)}, "rule": ${JSON.stringify(rule)}, "fingerprint": "${fingerprint}", "count": ${count} }`);
  return `{\n  "$schema": "${schema}",\n  "version": 1,\n  "findings": [${lines.length ? `\n${lines.join(",\n")}\n  ` : ""}]\n}\n`;
}

/** The index that tells equal findings of one run apart says nothing in another run. */
function entryOf({ fingerprint, rule, at }: Diagnostic): BaselineEntry {
  return { file: at.file, rule, fingerprint: fingerprint.replace(/-\d+$/, ""), count: 1 };
}

function merged(entries: readonly BaselineEntry[]): readonly BaselineEntry[] {
  const counts = new Map<string, BaselineEntry>();
  for (const one of entries) {
    const key = JSON.stringify([one.file, one.rule, one.fingerprint]);
    counts.set(key, { ...one, count: (counts.get(key)?.count ?? 0) + one.count });
  }
  return [...counts.values()].filter((one) => one.count > 0).sort((a, b) => compare(a.file, b.file) || compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
