// Lints mutants of the examples in a worker that can be killed, and says what went wrong with which.

import { serve } from "../../../host/serve.ts";
import { faultsOf, fixtures, lintAll } from "../fixtures.ts";
import { mutated, random } from "../random.ts";

export interface MutantTask {
  readonly language: RegExp;
  readonly seed: number;
  readonly count: number;
}

export interface MutantResult {
  readonly faults: readonly { readonly why: string; readonly path: string; readonly text: string }[];
  /** Longest time of one mutant (ms) and its text. */
  readonly slowest: { readonly ms: number; readonly text: string };
  readonly bytes: number;
}

serve<MutantTask, MutantResult>(({ language, seed, count }) => {
  const pick = random(seed);
  const sets = fixtures.filter((files) => [...files.keys()].some((path) => language.test(path)));
  const faults: MutantResult["faults"][number][] = [];
  let slowest = { ms: 0, text: "" };
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    const files = sets[pick(sets.length)]!;
    const paths = [...files.keys()].filter((path) => language.test(path));
    const path = paths[pick(paths.length)]!;
    const lender = [...sets[pick(sets.length)]!.values()];
    const text = mutated(pick, files.get(path)!, lender[pick(lender.length)]!);
    const changed = new Map(files).set(path, text);
    const start = performance.now();
    try {
      for (const why of faultsOf(changed, lintAll(changed))) faults.push({ why, path, text });
    } catch (error) {
      faults.push({ why: error instanceof Error ? error.stack ?? error.message : String(error), path, text });
    }
    const ms = performance.now() - start;
    if (ms > slowest.ms) slowest = { ms, text };
    bytes += text.length;
  }
  return { faults, slowest, bytes };
});
