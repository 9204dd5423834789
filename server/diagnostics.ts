// Diagnostics to the client, behind one seam: it asks for them, or they are sent to it, never both.

import { createHash } from "node:crypto";
import { DiagnosticRefreshRequest, type Connection, type Diagnostic, type DocumentDiagnosticReport, type WorkspaceDocumentDiagnosticReport } from "vscode-languageserver/node";
import { problemToLsp, toLsp, type Terms } from "./convert.ts";
import type { Documents } from "./documents.ts";
import type { Workspace } from "./workspace.ts";

export interface Diagnostics {
  /** Findings may have changed: ask the client to ask again, or send what differs. */
  refresh(): void;
  document(uri: string, previous: string | undefined): DocumentDiagnosticReport;
  /** One report for each file that has findings, or had them when the client asked before. */
  workspace(previous: ReadonlyMap<string, string>): Iterable<WorkspaceDocumentDiagnosticReport>;
}

export function diagnosticsFor(connection: Connection, terms: Terms, documents: Documents, workspace: Workspace): Diagnostics {
  const sent = new Map<string, string>();
  const idOf = (items: readonly Diagnostic[]) => createHash("sha1").update(JSON.stringify(items)).digest("hex").slice(0, 16);
  const itemsOf = (uri: string): Diagnostic[] => {
    const place = workspace.locate(uri);
    if (!place || documents.get(uri)?.desynced) return [];
    const { view, path } = place;
    return [...view.shown(path).map((one) => toLsp(one, view, terms)), ...view.problems(path).map((one) => problemToLsp(one, view))];
  };
  const shown = function* (): Iterable<string> {
    const seen = new Set<string>();
    for (const view of workspace.views)
      for (const path of view.files()) {
        const uri = view.folder.uriOf(path);
        if (seen.has(uri) || workspace.locate(uri)?.view !== view) continue;
        seen.add(uri);
        yield uri;
      }
  };
  const push = (uri: string, items: Diagnostic[]) => {
    const id = items.length ? idOf(items) : "";
    // What a document shows is about the text that was analysed; a newer one is analysed next.
    const version = workspace.locate(uri)?.view.versions.get(uri);
    if ((sent.get(uri) ?? "") === id) return;
    if (id) sent.set(uri, id);
    else sent.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: items, ...(terms.capabilities.version && version !== undefined ? { version } : {}) });
  };
  return {
    refresh() {
      if (terms.capabilities.pull) {
        if (terms.capabilities.refresh) connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => connection.console.warn("the client refused to refresh diagnostics"));
        return;
      }
      const current = new Set<string>();
      for (const uri of shown()) {
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
    *workspace(previous) {
      const seen = new Set<string>();
      for (const uri of shown()) {
        seen.add(uri);
        const version = workspace.locate(uri)?.view.versions.get(uri) ?? null;
        const report = this.document(uri, previous.get(uri));
        yield report.kind === "full" ? { kind: "full", uri, version, resultId: report.resultId!, items: report.items } : { kind: "unchanged", uri, version, resultId: report.resultId };
      }
      for (const uri of previous.keys()) if (!seen.has(uri)) yield { kind: "full", uri, version: documents.get(uri)?.version ?? null, items: [] };
    },
  };
}
