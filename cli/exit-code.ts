// What a run says to its caller in one number. Computes only.

import type { LintResult } from "../engine/types.ts";

/** 2 beats 3 beats 1: a configuration that was refused makes every other answer doubtful. Findings count only where a limit is given. */
export function exitCode({ problems, complete, diagnostics }: LintResult, maxWarnings?: number): number {
  if (problems.some((one) => one.kind === "config")) return 2;
  if (!complete) return 3;
  if (maxWarnings === undefined) return 0;
  const count = (severity: string) => diagnostics.filter((one) => one.severity === severity).length;
  return count("error") > 0 || count("warning") > maxWarnings ? 1 : 0;
}
