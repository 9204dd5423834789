// The tools that the benchmark runs, and how. Peers come from bench/node_modules; yamllint from PATH, where it is installed.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Three runs of pitlint in a folder: without a cache, with an empty one, and with what the second left. */
export function pitlintIn(folder, scratch) {
  const cli = here("../dist/cli.js");
  const cache = join(scratch, "cache");
  // Where the folder has node_modules, the cache lies in there.
  const caches = [cache, join(folder, "node_modules", ".cache", "pitlint")];
  return {
    runs: [
      { name: "pitlint, no cache", script: cli, args: ["--no-cache", "."] },
      { name: "pitlint, empty cache", script: cli, args: ["."], cache, before: () => caches.forEach((one) => rmSync(one, { recursive: true, force: true })) },
      { name: "pitlint, warm", script: cli, args: ["."], cache },
    ],
    counts() {
      const { stdout } = spawnSync(process.execPath, [cli, "--no-cache", "--format", "json", "."], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 30 });
      const { summary, diagnostics } = JSON.parse(stdout);
      return `${summary.files.toLocaleString("en")} files that pitlint may look at, ${summary.parsed.toLocaleString("en")} parsed; ${diagnostics.length.toLocaleString("en")} findings.`;
    },
  };
}

/** The other tools that read code, or YAML. */
export function peersFor(language, scratch) {
  const astGrep = { name: "ast-grep", program: binary("@ast-grep/cli", "ast-grep"), args: ["scan", "--rule", here(`ast-grep.${language}.yml`), "--json=stream", "."] };
  if (language === "yaml") return [...(yamllint() ? [{ name: "yamllint", program: "yamllint", args: ["-c", here("yamllint.yml"), "--format", "parsable", "."] }] : []), astGrep];
  return [
    { name: "oxlint", script: here("node_modules/oxlint/bin/oxlint"), args: ["-c", here("oxlintrc.json"), "--disable-nested-config", "--silent", "."] },
    { name: "biome", program: binary("@biomejs/biome", "biome"), args: ["lint", `--config-path=${here("biome.json")}`, "--max-diagnostics=1", "--reporter=summary", "."] },
    astGrep,
    { name: "eslint", script: here("node_modules/eslint/bin/eslint.js"), args: ["-c", here("eslint.config.mjs"), "--no-inline-config", "--no-warn-ignored", "--quiet", "--format", "json", "--output-file", join(scratch, "eslint.json"), "."] },
  ];
}

/** Names and versions, pitlint's first. */
export function versionsOf() {
  const version = (path) => JSON.parse(readFileSync(here(path), "utf8")).version;
  const peers = ["oxlint", "@biomejs/biome", "@ast-grep/cli", "eslint", "@typescript-eslint/parser", "typescript"].map((name) => `${name} ${version(`node_modules/${name}/package.json`)}`);
  return [`pitlint ${version("../package.json")}`, ...peers, ...(yamllint() ? [yamllint()] : ["yamllint not installed"])];
}

const yamllint = () => spawnSync("yamllint", ["--version"], { encoding: "utf8" }).stdout?.trim();

/** The program itself: the script that npm links starts it as a second process. */
function binary(name, file) {
  const { optionalDependencies } = JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), "utf8"));
  const from = createRequire(here(`node_modules/${name}/package.json`));
  for (const one of Object.keys(optionalDependencies)) {
    const place = here(`node_modules/${one}/${file}${process.platform === "win32" ? ".exe" : ""}`);
    if (existsSync(place)) return place;
    try {
      return join(from.resolve(`${one}/package.json`), "..", file);
    } catch {
      // That of another system.
    }
  }
  throw new Error(`${name} has no program for this system`);
}
