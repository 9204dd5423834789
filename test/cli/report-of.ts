// A report of texts in memory, as the command line makes it of files on disk: for tests that look at many small systems.

import { analyse, rulesOf, type AnalyseOptions } from "../../engine/analyse.ts";
import { packs } from "../../rules/packs/index.ts";
import type { Report } from "../../cli/report/report.ts";
import type { LintResult } from "../../engine/types.ts";

export function reportOf(files: ReadonlyMap<string, string>, options: Partial<AnalyseOptions> = {}, change: (result: LintResult) => LintResult = (same) => same): Report {
  const result = analyse(files, { packs, ...options });
  return {
    result: change(result), rules: new Map(rulesOf(packs).map((rule) => [rule.id, rule])), version: "1.2.3",
    text: (path) => files.get(path), documents: (path) => result.index.documents.filter((one) => one.path === path), display: (path) => path || ".", service: () => undefined,
  };
}
