// `pitlint [paths]`: lint, optionally fix, report.

import { rulesOf } from "../../engine/analyse.ts";
import { toolVersion } from "../../host/version.ts";
import { packs } from "../../rules/packs/index.ts";
import { UsageError, type Arguments } from "../arguments.ts";
import { basisOf } from "../basis.ts";
import { exitCode } from "../exit-code.ts";
import { fixAll } from "../fix.ts";
import { ruleMistake } from "../mistake.ts";
import { openAt } from "../open.ts";
import { paintFor } from "../paint.ts";
import { formats } from "../report/formats.ts";
import { save, targetOf } from "../report/save.ts";
import { serviceOf } from "../service-of.ts";
import type { Joined } from "./join.ts";
import type { Report } from "../report/report.ts";

/** `joined`: takes extracts from shards. */
export async function lint(args: Arguments, joined?: Joined): Promise<number> {
  const rules = rulesOf(packs);
  for (const id of args.only ?? []) if (!rules.some((rule) => rule.id === id)) throw new UsageError(ruleMistake(id, rules.map((rule) => rule.id)));
  const targets = args.formats.map(({ format, to }) => ({ format, target: to === undefined ? undefined : targetOf(to) }));
  const twice = targets.find(({ target }, index) => target && targets.findIndex((other) => other.target?.path === target.path) !== index)?.target;
  if (twice) throw new UsageError(`two formats would be written to ${twice.to}; give each its own file`);
  const opened = await openAt(args, joined);
  joined?.check();
  const { session } = opened;
  const refused = args.fix || args.fixDryRun ? await fixAll(opened, { unsafe: args.unsafeFixes, write: args.fix && !args.fixDryRun }) : [];
  const found = opened.result();
  const result = { ...found, problems: [...found.problems, ...refused], complete: found.complete && refused.length === 0 };
  const report: Report = {
    result, rules: new Map(rules.map((rule) => [rule.id, rule])), version: toolVersion(),
    text: (path) => session.text(path), documents: (path) => session.documents(path), display: opened.display, basis: () => basisOf(opened, args),
    service: serviceOf(session), ...(session.baseline ? { baseline: opened.display(session.baseline.file) } : {}), listsSuppressed: args.reportSuppressed,
  };
  const failed: unknown[] = [];
  for (const { format, target } of targets) {
    const write = await formats[format].load();
    if (target) await save(target, write(report, (_, plain) => plain)).catch((error: unknown) => failed.push(error));
    else process.stdout.write(write(report, paintFor(process.stdout)));
  }
  const stale = args.failOnStaleBaseline ? result.stale : [];
  for (const { rule, file, count } of stale) process.stderr.write(`stale in the baseline: ${opened.display(file)} ${rule}${count > 1 ? `, ${count} findings` : ""}\n`);
  if (stale.length) process.stderr.write("pitlint: the baseline accepts what nobody finds any more; run pitlint baseline --prune and commit the file\n");
  await session.close();
  // The other reports are written first: one full disk costs no more than it must.
  if (failed.length) throw failed[0];
  return exitCode(result, args.maxWarnings ?? 0) || (stale.length ? 1 : 0);
}
