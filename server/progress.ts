// Progress of the first reading of each folder, in the editor's own way.

import type { Connection, WorkDoneProgressServerReporter } from "vscode-languageserver/node";

/** Takes steps of a folder until "end". `enabled` is asked when a folder begins. */
export function folderProgress(connection: Connection, title: string, enabled: () => boolean): (folder: string, step: { readonly done: number; readonly total: number } | "end") => void {
  const running = new Map<string, { reporter: Promise<WorkDoneProgressServerReporter>; last: number }>();
  return (folder, step) => {
    const known = running.get(folder);
    const said = (use: (reporter: WorkDoneProgressServerReporter) => void, reporter: Promise<WorkDoneProgressServerReporter>) => void reporter.then(use).catch(() => connection.console.warn("the client refused to show progress"));
    if (step === "end") {
      running.delete(folder);
      if (known) said((one) => one.done(), known.reporter);
    } else if (!known) {
      if (!enabled()) return;
      const reporter = connection.window.createWorkDoneProgress();
      running.set(folder, { reporter, last: 0 });
      said((one) => one.begin(title, undefined, `${step.done}/${step.total}`), reporter);
    } else if (step.done >= known.last + 25) {
      // A message for each file would cost more than the file.
      known.last = step.done;
      said((one) => one.report(`${step.done}/${step.total}`), known.reporter);
    }
  };
}
