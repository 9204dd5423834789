// Runs the bundled command line for what it does and the server does not: a report as a page, a first pitlint.yaml. Never code of the workspace.

import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import * as vscode from "vscode";

const execute = promisify(execFile);

/** Largest output that is kept (bytes); reports go to files. */
const outputCap = 16 * 1024 * 1024;

/** The command line's arguments and environment: the editor's own runtime reads the bundled file. */
export function commandLine(context: vscode.ExtensionContext, args: readonly string[]): { program: string; args: string[]; env: Record<string, string> } {
  return { program: process.execPath, args: [context.asAbsolutePath("dist/cli.js"), ...args], env: { ELECTRON_RUN_AS_NODE: "1", NO_COLOR: "1" } };
}

/** Lints the folder and shows the report beside the editor. */
export async function openReport(context: vscode.ExtensionContext): Promise<void> {
  const folder = await chosenFolder();
  if (!folder) return;
  await mkdir(context.globalStorageUri.fsPath, { recursive: true });
  const path = vscode.Uri.joinPath(context.globalStorageUri, "report.html").fsPath;
  const failed = await run(context, folder, ["--format", `html=${path}`], [0, 1, 3]);
  if (failed) return void vscode.window.showErrorMessage(failed);
  const panel = vscode.window.createWebviewPanel("pitlint.report", vscode.l10n.t("pitlint report"), vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [] });
  panel.webview.html = await readFile(path, "utf8");
}

/** Writes a pitlint.yaml with what the repository shows, or opens the one that is there. */
export async function writeConfiguration(context: vscode.ExtensionContext): Promise<void> {
  const folder = await chosenFolder();
  if (!folder) return;
  const uri = vscode.Uri.joinPath(folder.uri, "pitlint.yaml");
  const exists = await vscode.workspace.fs.stat(uri).then(() => true, () => false);
  const failed = exists ? undefined : await run(context, folder, ["init", folder.uri.fsPath], [0, 1, 3]);
  if (failed) vscode.window.showErrorMessage(failed);
  else await vscode.window.showTextDocument(uri);
}

/** What went wrong, in the words of the command line; undefined when it ended with one of these codes. */
async function run(context: vscode.ExtensionContext, folder: vscode.WorkspaceFolder, args: readonly string[], good: readonly number[]): Promise<string | undefined> {
  const { program, args: all, env } = commandLine(context, args);
  const title = vscode.l10n.t("pitlint reads {0}", folder.name);
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => execute(program, all, { cwd: folder.uri.fsPath, env: { ...process.env, ...env }, maxBuffer: outputCap }));
    return undefined;
  } catch (error) {
    const { code, stderr, message } = error as { readonly code?: unknown; readonly stderr?: string; readonly message: string };
    return typeof code === "number" && good.includes(code) ? undefined : (stderr?.trim() || message);
  }
}

async function chosenFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const active = vscode.window.activeTextEditor && vscode.workspace.getWorkspaceFolder(vscode.window.activeTextEditor.document.uri);
  if (folders.length <= 1 || active) {
    if (folders.length === 0) vscode.window.showInformationMessage(vscode.l10n.t("Open a folder first."));
    return active ?? folders[0];
  }
  return vscode.window.showWorkspaceFolderPick();
}
