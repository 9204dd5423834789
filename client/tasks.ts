// The task "pitlint: lint": the bundled command line in a terminal, its lines read by the problem matcher.

import * as vscode from "vscode";
import { commandLine } from "./run.ts";

interface Definition extends vscode.TaskDefinition {
  /** Further arguments: paths, `--staged`. */
  readonly args?: readonly string[];
}

export function registerTasks(context: vscode.ExtensionContext): void {
  const task = (definition: Definition, scope: vscode.WorkspaceFolder) => {
    const { program, args, env } = commandLine(context, ["--format", "compact", ...(definition.args ?? [])]);
    const made = new vscode.Task(definition, scope, "lint", "pitlint", new vscode.ProcessExecution(program, args, { cwd: scope.uri.fsPath, env }), "$pitlint");
    made.group = vscode.TaskGroup.Test;
    return made;
  };
  const provider: vscode.TaskProvider = {
    provideTasks: () => (vscode.workspace.workspaceFolders ?? []).map((folder) => task({ type: "pitlint" }, folder)),
    resolveTask: ({ definition, scope }) => (typeof scope === "object" ? task(definition as Definition, scope) : undefined),
  };
  context.subscriptions.push(vscode.tasks.registerTaskProvider("pitlint", provider));
}
