// Writes an installable .vsix from dist. The same sources give the same bytes: times come from the last commit, not from the clock.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

if (!existsSync("dist/server.js")) execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
const { SOURCE_DATE_EPOCH = execFileSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" }).trim() } = process.env;
const vsce = new URL("../node_modules/@vscode/vsce/vsce", import.meta.url).pathname;
const { status } = spawnSync(process.execPath, [vsce, "package", "--no-dependencies", "--skip-license", "-o", process.argv[2] ?? "pitlint.vsix"], { stdio: "inherit", env: { ...process.env, SOURCE_DATE_EPOCH } });
process.exit(status ?? 1);
