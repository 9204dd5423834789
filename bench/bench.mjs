// Measures whole runs of pitlint beside other linters and prints markdown tables: npm run bench [-- options], see README.md. Asserts nothing.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generate } from "./generate.mjs";
import { measure, metersBinaries } from "./measure.mjs";
import { peersFor, pitlintIn, versionsOf } from "./tools.mjs";
import { table } from "./table.mjs";

const text = { type: "string" };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, files: { type: "string", default: "3500" }, typescript: text, services: text, yaml: text, monorepo: text, without: { type: "string", multiple: true, default: [] } },
});
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
for (const [path, what] of [["../dist/cli.js", "npm run build"], ...["oxlint", "eslint", "@biomejs/biome", "@ast-grep/cli"].map((name) => [`node_modules/${name}`, "npm ci --prefix bench"])])
  if (!existsSync(here(path))) fail(`${path} is missing; run ${what} first`);
const rounds = whole("rounds", values.rounds);

const scratch = mkdtempSync(join(tmpdir(), "pitlint-bench-"));
try {
  console.log(`${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.versions.node}, ${rounds} rounds.`);
  console.log(`${versionsOf().join(", ")}.\n`);
  if (!metersBinaries()) console.log("GNU time is not installed: CPU time and memory of Biome, ast-grep and yamllint are left out.\n");
  for (const { title, folder, language } of cases()) compare(title, folder, language);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** What is measured, in order. Folders are made when their turn comes. */
function* cases() {
  if (values.typescript) yield { title: "A large TypeScript repository where few files matter", folder: given(values.typescript), language: "code" };
  if (values.services) yield { title: "A repository of services where most files matter", folder: given(values.services), language: "code" };
  if (values.yaml) yield { title: "A large repository of YAML", folder: given(values.yaml), language: "yaml" };
  if (values.monorepo) yield { title: "A generated monorepo", folder: generated(whole("monorepo", values.monorepo)), language: "code" };
  for (const one of positionals) yield { title: one, folder: given(one), language: "code" };
  if (!values.typescript && !values.services && !values.yaml && !values.monorepo && positionals.length === 0) yield { title: "A generated repository", folder: generated(whole("files", values.files)), language: "code" };
}

function compare(title, folder, language) {
  const pitlint = pitlintIn(folder, scratch);
  const tools = [...pitlint.runs, ...peersFor(language, scratch).filter((one) => !values.without.includes(one.name))];
  // The first run of each fills the disk cache of the system, and the cache of the warm run; it is not counted.
  for (const tool of tools) measure(tool, folder, scratch);
  const results = new Map(tools.map((tool) => [tool.name, []]));
  // Every round runs every tool once: what the machine does meanwhile hits all of them alike. The warm run finds what the run before it wrote.
  for (let round = 0; round < rounds; round++) for (const tool of tools) results.get(tool.name).push(measure(tool, folder, scratch));
  console.log(`### ${title}\n\n${pitlint.counts()}\n\n${table(results, pitlint.runs[0].name, pitlint.runs[2].name)}\n`);
}

function generated(count) {
  const folder = join(scratch, `generated-${count}`);
  generate(folder, count);
  // pitlint trusts no time of a file that was written within the last two seconds.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
  return folder;
}

function given(path) {
  const folder = resolve(path);
  return existsSync(folder) ? folder : fail(`no such folder: ${folder}`);
}

function whole(name, value) {
  const number = Number(value);
  return Number.isInteger(number) && number >= 1 ? number : fail(`--${name} takes a whole number from 1, got "${value}"`);
}

function fail(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}
