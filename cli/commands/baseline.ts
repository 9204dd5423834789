// `pitlint baseline`: accepts what is found now, or with --prune forgets what is accepted and gone.

import { join, resolve } from "node:path";
import { entriesOf, printBaseline, pruned } from "../../engine/baseline.ts";
import { baselineName, openBaseline } from "../../host/baseline.ts";
import { reasonOf } from "../../host/failure.ts";
import { replaceFile } from "../../host/replace-file.ts";
import { UsageError, type Arguments } from "../arguments.ts";
import { finish } from "../finish.ts";
import { openAt } from "../open.ts";
import { rootOf } from "../root.ts";
import { plural } from "../report/report.ts";
import type { BaselineEntry } from "../../engine/types.ts";

export async function baseline(args: Arguments): Promise<number> {
  const root = rootOf([process.cwd()]);
  const path = args.baseline === undefined ? join(root, baselineName) : resolve(args.baseline);
  const before = (await openBaseline(root, path))?.baseline?.entries;
  // Without --prune a file that cannot be read is written anew.
  const opened = await openAt({ ...args, ...(args.prune ? { baseline: path } : { ignoreBaseline: true }) });
  const { result } = opened.session;
  const shown = opened.display(path);
  const code = await finish(opened, result);
  if (code !== 0) {
    process.stderr.write(`pitlint: ${shown} is not written: ${code === 2 ? "the configuration is refused; mend it first" : "what was not analysed may hold findings of it; mend it, or leave it out with ignore in pitlint.yaml"}\n`);
    return code;
  }
  const after = args.prune ? pruned(before ?? [], result.stale) : entriesOf(result.diagnostics);
  const changed = await replaceFile(path, printBaseline(after)).catch((error: unknown) => {
    throw new UsageError(`cannot write the baseline to ${shown}: ${reasonOf(error)}`);
  });
  process.stdout.write(`${shown} ${changed ? "accepts" : "still accepts"} ${plural(sum(after), "finding")}${before ? difference(before, after) : ""}\n`);
  if (!before) process.stdout.write(`commit the file: from now on pitlint${args.baseline === undefined ? "" : ` --baseline ${args.baseline}`} reports only what is new\n`);
  return 0;
}

const sum = (entries: readonly BaselineEntry[]) => entries.reduce((total, one) => total + one.count, 0);

function difference(before: readonly BaselineEntry[], after: readonly BaselineEntry[]): string {
  const [gained, lost] = [sum(pruned(after, before)), sum(pruned(before, after))];
  return gained + lost === 0 ? "" : `: ${gained} added, ${lost} removed`;
}
