// P8: `tsx scripts/suites.ts <folder>`: every file of a public parser suite through the whole pipeline, each as a file of one workspace. A checkout of
// yaml/yaml-test-suite is taken apart into its cases and its verdicts are compared; any other folder is read as it is. Fails on a crash, a time-out or a place outside its file.

import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { openSession } from "../host/session.ts";

interface Case {
  readonly yaml?: string;
  readonly fail?: boolean;
}

const [folder] = process.argv.slice(2);
if (!folder || !existsSync(folder)) {
  console.error("usage: tsx scripts/suites.ts <folder>");
  process.exit(2);
}
const verdicts = new Map<string, boolean>();
const taken = existsSync(join(folder, "src")) && existsSync(join(folder, "ReadMe.md")) ? cases(join(folder, "src")) : undefined;
const root = taken ?? folder;
const session = await openSession({ root, watchdogMs: 20_000, cache: false, prefilter: false, baseline: false });
const { diagnostics, problems, summary } = session.result;
const faults = problems.filter((one) => /^(crash|timeout|rule-failed)$/.test(one.kind)).map((one) => `${one.kind} ${one.file}: ${one.message}`);
for (const one of [...diagnostics.map((each) => each.at), ...problems.flatMap((each) => each.at ?? [])]) {
  const text = session.text(one.file);
  if (text !== undefined && (one.start < 0 || one.end < one.start || one.end > text.length)) faults.push(`place outside its file: ${JSON.stringify(one)}`);
}
console.log(`${summary.files} files, ${diagnostics.length} findings, ${problems.length} problems, ${faults.length} faults`);
for (const one of faults) console.log(one);
if (taken) {
  const refused = new Set(problems.map((one) => one.file));
  const wrong = [...verdicts].filter(([file, fails]) => refused.has(file) !== fails).map(([file, fails]) => `${file} ${fails ? "accepted" : "refused"}: ${JSON.stringify(problems.find((one) => one.file === file)?.message ?? "")}`);
  console.log(`${verdicts.size} verdicts, ${verdicts.size - wrong.length} as the suite says\n${wrong.join("\n")}`);
  rmSync(taken, { recursive: true });
}
await session.close();
process.exit(faults.length ? 1 : 0);

/** Writes each case of the suite as a file. */
function cases(source: string): string {
  const target = mkdtempSync(join(tmpdir(), "pitlint-suite-"));
  for (const name of readdirSync(source).filter((one) => one.endsWith(".yaml")))
    for (const [index, one] of (parse(readFileSync(join(source, name), "utf8")) as Case[]).entries()) {
      if (one.yaml === undefined) continue;
      const file = `${name.replace(".yaml", "")}-${index}.yaml`;
      writeFileSync(join(target, file), one.yaml.replaceAll("␣", " ").replace(/—*»/g, "\t").replaceAll("⇔", "\ufeff").replaceAll("↵", "").replaceAll("←", "\r").replace(/∎\n$/, ""));
      verdicts.set(file, one.fail === true);
    }
  return target;
}
