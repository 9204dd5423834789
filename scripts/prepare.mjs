// Builds what git leaves out: after `npm ci` in a clone, and where npm or pre-commit installs from git. Packages from the registry are built already and do not run this.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });

// `npm install -g <git url>` prepares the clone with `global` still set, and so without the tools that build it: https://github.com/npm/cli/issues/8440
if (!existsSync(resolve(root, "node_modules/esbuild"))) run("npm", "ci", "--global=false", "--ignore-scripts", "--include=dev");
run(process.execPath, "scripts/build.mjs");
run(process.execPath, "scripts/types.mjs");
