// What the client said it can do, reduced to the questions the server asks.

import type { ClientCapabilities } from "vscode-languageserver/node";
import type { Encoding } from "./convert.ts";

export interface Capabilities {
  readonly encoding: Encoding;
  /** The client asks for diagnostics; otherwise they are sent to it. Never both. */
  readonly pull: boolean;
  readonly refresh: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly data: boolean;
  readonly version: boolean;
  /** The server may ask for an edit by itself. */
  readonly applyEdit: boolean;
  readonly documentChanges: boolean;
  readonly changeAnnotations: boolean;
  readonly resolveEdit: boolean;
  readonly isPreferred: boolean;
  readonly progress: boolean;
  readonly watchedFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly showDocument: boolean;
  /** Edits may be snippets, with a place to type. */
  readonly snippets: boolean;
  readonly inlayRefresh: boolean;
}

export function capabilitiesOf({ general, textDocument, window, workspace }: ClientCapabilities): Capabilities {
  const { publishDiagnostics, diagnostic, codeAction } = textDocument ?? {};
  const offered = general?.positionEncodings ?? [];
  return {
    encoding: offered.length === 0 || offered.includes("utf-16") ? "utf-16" : offered.includes("utf-8") ? "utf-8" : offered.includes("utf-32") ? "utf-32" : "utf-16",
    pull: diagnostic !== undefined,
    refresh: workspace?.diagnostics?.refreshSupport === true,
    relatedInformation: publishDiagnostics?.relatedInformation === true || diagnostic !== undefined,
    codeDescription: publishDiagnostics?.codeDescriptionSupport === true,
    data: publishDiagnostics?.dataSupport === true,
    version: publishDiagnostics?.versionSupport === true,
    applyEdit: workspace?.applyEdit === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    resolveEdit: codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes("edit") === true,
    isPreferred: codeAction?.isPreferredSupport === true,
    progress: window?.workDoneProgress === true,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    showDocument: window?.showDocument?.support === true,
    snippets: workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.snippetEditSupport === true,
    inlayRefresh: workspace?.inlayHint?.refreshSupport === true,
  };
}
