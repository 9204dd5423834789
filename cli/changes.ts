// `--since` and `--staged`: only what stands on a changed line, or is caused by one, is reported.

import { changedInIndex, changedSince } from "../host/changed-lines.ts";
import { GitRefusal } from "../host/git.ts";
import { indexSnapshot, type Snapshot } from "../host/index-snapshot.ts";
import { UsageError, type Arguments } from "./arguments.ts";
import type { Diagnostic, LintResult, Span } from "../engine/types.ts";

/** What the options ask git, or undefined without them. */
export interface Changes {
  /** What to lint instead of the work tree. */
  readonly snapshot?: Snapshot;
  /** The result without what no change has to do with. Asks git again each time: a fix moves lines. */
  narrow(result: LintResult, text: (path: string) => string | undefined): LintResult;
}

/** Throws a UsageError where git cannot tell. */
export function changesOf({ since, staged }: Arguments, root: string): Changes | undefined {
  if (since === undefined && !staged) return undefined;
  const ask = () => refusing(() => (since === undefined ? changedInIndex(root) : changedSince(root, since)));
  // A mistake is said before anything is read.
  ask();
  return {
    ...(staged ? { snapshot: refusing(() => indexSnapshot(root)) } : {}),
    narrow(result, text) {
      const changed = ask();
      const tables = new Map<string, readonly number[]>();
      const touches = ({ file, start, end }: Span): boolean => {
        const lines = changed.get(file);
        if (lines === undefined || lines === "all") return lines === "all";
        if (!tables.has(file)) tables.set(file, breaksOf(text(file) ?? ""));
        const [first, last] = [lineOf(tables.get(file)!, start), lineOf(tables.get(file)!, Math.max(start, end - 1))];
        return lines.some(({ from, to }) => from <= last && to >= first);
      };
      const caused = ({ at, related }: Diagnostic) => touches(at) || (related ?? []).some((other) => touches(other.at));
      const [diagnostics, suppressed, baselined] = [result.diagnostics.filter(caused), result.suppressed.filter(caused), result.baselined.filter(caused)];
      return {
        ...result, diagnostics, suppressed, baselined,
        problems: result.problems.filter((one) => one.kind !== "suppression" || !one.at || touches(one.at)),
        summary: { ...result.summary, suppressed: suppressed.length, baselined: baselined.length, unchanged: result.diagnostics.length - diagnostics.length },
      };
    },
  };
}

function refusing<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof GitRefusal) throw new UsageError(error.message);
    throw error;
  }
}

/** Offsets of \n, by which git counts lines. */
function breaksOf(text: string): readonly number[] {
  return [...text.matchAll(/\n/g)].map((one) => one.index);
}

function lineOf(breaks: readonly number[], offset: number): number {
  let low = 0;
  let high = breaks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (breaks[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
