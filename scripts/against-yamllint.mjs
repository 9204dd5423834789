// `node scripts/against-yamllint.mjs <folder> [yamllint] [runs]`: whole-process time of a cold `pitlint --no-cache` and of yamllint over the same
// YAML files, in pairs whose order changes. Prints medians of wall time and of processor time, so that a busy machine shows.

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [folder, yamllint = "yamllint", runs = "7"] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node scripts/against-yamllint.mjs <folder> [yamllint] [runs]");
  process.exit(2);
}
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile() && /\.ya?ml$/.test(one.name)).length;
const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const tools = { pitlint: [process.execPath, [cli, "--no-cache", "."]], yamllint: [yamllint, ["-f", "parsable", "."]] };
const times = { pitlint: [], yamllint: [] };

for (let run = 0; run < Number(runs); run += 1)
  for (const name of run % 2 === 0 ? ["pitlint", "yamllint"] : ["yamllint", "pitlint"]) {
    const [command, args] = tools[name];
    const start = process.hrtime.bigint();
    const { status, signal, error, stderr } = spawnSync("sh", ["-c", '"$@"; code=$?; times >&2; exit $code', "sh", command, ...args], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 30 });
    if (error || status === null || status > 2) throw new Error(`${name}: status ${status}, signal ${signal}, ${error?.message ?? stderr}`);
    const wall = Number(process.hrtime.bigint() - start) / 1e6;
    times[name].push({ wall, cpu: childTime(stderr) });
    console.log(`run ${run + 1} ${name}: ${wall.toFixed(0)} ms, processor ${childTime(stderr).toFixed(0)} ms, status ${status}`);
  }

/** Processor time of the children of a shell, in ms: the last line of `times`. */
function childTime(stderr) {
  return [...stderr.trim().split("\n").at(-1).matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000, 0);
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
for (const name of ["pitlint", "yamllint"]) console.log(`${name}: median ${median(times[name].map((one) => one.wall)).toFixed(0)} ms, processor ${median(times[name].map((one) => one.cpu)).toFixed(0)} ms, ${files} files`);
