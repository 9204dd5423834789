// `pitlint [paths]`: lint, optionally fix, report.

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { rulesOf } from "../../engine/analyse.ts";
import { nearest } from "../../engine/nearest.ts";
import { reasonOf } from "../../host/failure.ts";
import { toolVersion } from "../../host/version.ts";
import { packs } from "../../rules/packs/index.ts";
import { UsageError, type Arguments } from "../arguments.ts";
import { exitCode } from "../exit-code.ts";
import { fixAll } from "../fix.ts";
import { openAt } from "../open.ts";
import { paintFor } from "../paint.ts";
import { json } from "../report/json.ts";
import { sarif } from "../report/sarif.ts";
import { text } from "../report/text.ts";
import type { Report } from "../report/report.ts";

export async function lint(args: Arguments): Promise<number> {
  const rules = rulesOf(packs);
  for (const id of args.only ?? []) if (!rules.some((rule) => rule.id === id)) throw new UsageError(unknownRule(id, rules.map((rule) => rule.id)));
  const opened = await openAt(args);
  const { session } = opened;
  const refused = args.fix || args.fixDryRun ? await fixAll(opened, { unsafe: args.unsafeFixes, write: args.fix && !args.fixDryRun }) : [];
  const found = opened.result();
  const result = { ...found, problems: [...found.problems, ...refused], complete: found.complete && refused.length === 0 };
  const report: Report = {
    result, rules: new Map(rules.map((rule) => [rule.id, rule])), version: toolVersion(),
    text: (path) => session.text(path), documents: (path) => session.documents(path), display: opened.display,
  };
  for (const { format, to } of args.formats) {
    const written = format === "json" ? json(report) : format === "sarif" ? sarif(report) : text(report, to === undefined ? paintFor(process.stdout) : (_, plain) => plain);
    if (to === undefined) process.stdout.write(written);
    else writeReport(to, written);
  }
  await session.close();
  return exitCode(result, args.maxWarnings ?? 0);
}

function unknownRule(id: string, known: readonly string[]): string {
  const near = nearest(id, known);
  return `unknown rule "${id}"${near ? `; did you mean ${near}?` : "; pitlint rules lists them"}`;
}

function writeReport(to: string, written: string): void {
  try {
    writeFileSync(resolve(to), written);
  } catch (error) {
    throw new UsageError(`cannot write the report to ${to}: ${reasonOf(error)}`);
  }
}
