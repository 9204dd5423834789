// C9: `npm run corpus -- <folder of checkouts>`: lints each checkout and prints what is new, gone and changed against test/corpus/ledger.yaml.
// With `--write` new findings are added to the ledger without a verdict, for a reviewer to fill in.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

interface Entry {
  readonly rule: string;
  readonly variant?: string;
  readonly repository: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
  readonly fingerprint: string;
  /** True names the sequence of events that fails in production; debatable counts as false. */
  readonly verdict?: boolean;
  readonly why?: string;
}
interface Ledger {
  readonly repositories: Readonly<Record<string, string>>;
  readonly findings: readonly Entry[];
}
type Json = { complete: boolean; summary: { files: number; parsed: number }; diagnostics: { rule: string; variant?: string; severity: string; file: string; range: { start: { line: number } }; message: string; fingerprint: string }[]; problems: { kind: string; file: string; message: string }[] };

const [folder, ...flags] = process.argv.slice(2);
if (!folder || !existsSync(folder)) {
  console.error("usage: npm run corpus -- <folder of checkouts> [--write]");
  process.exit(2);
}
const path = "test/corpus/ledger.yaml";
const ledger = parse(readFileSync(path, "utf8")) as Ledger;
const findings: Entry[] = [];
let failed = false;
let checkouts = 0;
let files = 0;
const faults: string[] = [];
for (const repository of Object.keys(ledger.repositories)) {
  const root = join(folder, repository.slice(repository.indexOf("/") + 1));
  const alternative = join(folder, repository.replace("/", "-"));
  const checkout = [alternative, root].find((one) => existsSync(one));
  if (!checkout) {
    console.log(`${repository}: no checkout`);
    continue;
  }
  const { stdout, status, stderr } = spawnSync(process.execPath, [join(process.cwd(), "dist/cli.js"), "--format", "json", "--no-cache"], { cwd: checkout, encoding: "utf8", maxBuffer: 1 << 30 });
  if (!stdout) {
    console.log(`${repository}: no result, exit code ${status}: ${stderr.slice(0, 500)}`);
    failed = true;
    continue;
  }
  const result = JSON.parse(stdout) as Json;
  checkouts++;
  files += result.summary.files;
  for (const one of result.problems) if (/^(crash|timeout|rule-failed)$/.test(one.kind)) faults.push(`${one.kind}  ${repository} ${one.file}: ${one.message}`);
  const mine = result.diagnostics.filter((one) => one.severity === "error" || one.severity === "warning");
  console.log(`${repository}: ${result.summary.files} files, ${result.summary.parsed} parsed, ${mine.length} findings of warning or above${result.complete ? "" : ", incomplete"}`);
  for (const one of result.complete ? [] : result.problems) console.log(`  not analysed: ${one.file}: ${one.message}`);
  for (const one of mine) findings.push({ rule: one.rule, ...(one.variant ? { variant: one.variant } : {}), repository, path: one.file, line: one.range.start.line, message: one.message, fingerprint: one.fingerprint });
}

const key = (one: Entry) => `${one.repository} ${one.rule} ${one.fingerprint} ${one.path}`;
const before = new Map(ledger.findings.map((one) => [key(one), one]));
const after = new Map(findings.map((one) => [key(one), one]));
const show = (one: Entry) => `${one.repository} ${one.path}:${one.line} ${one.rule} ${one.message}`;
for (const [id, one] of after) if (!before.has(id)) console.log(`new      ${show(one)}`);
for (const [id, one] of before) if (!after.has(id)) console.log(`gone     ${show(one)}`);
for (const [id, one] of after) {
  const known = before.get(id);
  if (known && (known.line !== one.line || known.message !== one.message)) console.log(`changed  ${show(known)} -> ${one.line} ${one.message}`);
}

console.log(`\n${checkouts} checkouts, ${files} files, ${faults.length} crashes and time-outs`);
for (const one of faults) console.log(one);
failed ||= faults.length > 0;

console.log("\nrule | true | false | no verdict | share true");
for (const rule of [...new Set(ledger.findings.map((one) => one.rule))].sort()) {
  const mine = ledger.findings.filter((one) => one.rule === rule);
  const right = mine.filter((one) => one.verdict === true).length;
  const wrong = mine.filter((one) => one.verdict === false).length;
  console.log(`${rule} | ${right} | ${wrong} | ${mine.length - right - wrong} | ${right + wrong ? `${Math.round((100 * right) / (right + wrong))} %` : "-"}${mine.length < 5 ? " (unproven: fewer than five findings)" : ""}`);
}
if (flags.includes("--write")) {
  const merged = findings.map((one) => ({ ...one, ...verdictOf(before.get(key(one))) }));
  writeFileSync(path, stringify({ repositories: ledger.repositories, findings: merged }, { lineWidth: 160 }));
}
process.exit(failed ? 1 : 0);

function verdictOf(known: Entry | undefined): Pick<Entry, "verdict" | "why"> {
  return { ...(known?.verdict === undefined ? {} : { verdict: known.verdict }), ...(known?.why ? { why: known.why } : {}) };
}
