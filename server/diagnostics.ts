// Diagnostics to the client, behind one seam: it asks for them, or they are sent to it, never both.

import { createHash } from "node:crypto";
import { DiagnosticRefreshRequest, type Connection, type Diagnostic, type DocumentDiagnosticReport, type WorkspaceDiagnosticReport, type WorkspaceDocumentDiagnosticReport } from "vscode-languageserver/node";
import { toLsp } from "./convert.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Documents } from "./documents.ts";
import type { Folder } from "./folder.ts";
import type { Workspace } from "./workspace.ts";

export interface Diagnostics {
  /** Findings may have changed: ask the client to ask again, or send what differs. */
  refresh(): void;
  document(uri: string, previous: string | undefined): DocumentDiagnosticReport;
  workspace(previous: ReadonlyMap<string, string>): WorkspaceDiagnosticReport;
}

export function diagnosticsFor(connection: Connection, capabilities: () => Capabilities, documents: Documents, workspace: Workspace): Diagnostics {
  const sent = new Map<string, string>();
  const of = (folder: Folder, path: string): Diagnostic[] => workspace.shown(folder, path).map((one) => toLsp(one, folder, capabilities(), (file) => workspace.positions(folder, file)));
  const idOf = (items: readonly Diagnostic[]) => createHash("sha1").update(JSON.stringify(items)).digest("hex").slice(0, 16);
  const itemsOf = (uri: string): Diagnostic[] => {
    const place = workspace.locate(uri);
    return place && !documents.get(uri)?.desynced ? of(place.folder, place.path) : [];
  };
  const push = (uri: string, items: Diagnostic[]) => {
    const id = items.length ? idOf(items) : "";
    const version = documents.get(uri)?.version;
    if ((sent.get(uri) ?? "") === id) return;
    if (id) sent.set(uri, id);
    else sent.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: items, ...(capabilities().version && version !== undefined ? { version } : {}) });
  };
  return {
    refresh() {
      if (capabilities().pull) {
        if (capabilities().refresh) connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => connection.console.warn("the client refused to refresh diagnostics"));
        return;
      }
      const current = new Set<string>();
      for (const folder of workspace.folders)
        for (const path of workspace.files(folder)) {
          const uri = folder.uriOf(path);
          if (workspace.locate(uri)?.folder !== folder) continue;
          current.add(uri);
          push(uri, itemsOf(uri));
        }
      for (const uri of [...sent.keys()]) if (!current.has(uri)) push(uri, []);
    },
    document(uri, previous) {
      const items = itemsOf(uri);
      const resultId = idOf(items);
      return resultId === previous ? { kind: "unchanged", resultId } : { kind: "full", resultId, items };
    },
    workspace(previous) {
      const reports: WorkspaceDocumentDiagnosticReport[] = [];
      const seen = new Set<string>();
      for (const folder of workspace.folders)
        for (const path of workspace.files(folder)) {
          const uri = folder.uriOf(path);
          if (seen.has(uri) || workspace.locate(uri)?.folder !== folder) continue;
          seen.add(uri);
          const version = documents.get(uri)?.version ?? null;
          const report = this.document(uri, previous.get(uri));
          reports.push(report.kind === "full" ? { kind: "full", uri, version, resultId: report.resultId!, items: report.items } : { kind: "unchanged", uri, version, resultId: report.resultId });
        }
      for (const uri of previous.keys()) if (!seen.has(uri)) reports.push({ kind: "full", uri, version: documents.get(uri)?.version ?? null, items: [] });
      return { items: reports };
    },
  };
}
