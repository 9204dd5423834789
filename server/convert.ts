// Engine terms to protocol terms: the only file that turns offsets into positions for an editor, in the encoding that was agreed.

import { DiagnosticSeverity, type CodeDescription, type Diagnostic as LspDiagnostic, type Position, type Range, type TextDocumentEdit, type WorkspaceEdit } from "vscode-languageserver/node";
import { lineStarts } from "../host/lines.ts";
import { render } from "../engine/message.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Diagnostic, FileEdit, Finding, Severity, Span } from "../engine/types.ts";
import type { Folder } from "./folder.ts";

export type Encoding = "utf-8" | "utf-16" | "utf-32";

const severities: Record<Severity, DiagnosticSeverity> = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information, hint: DiagnosticSeverity.Hint };

/** Positions of one text. */
export interface Positions {
  at(offset: number): Position;
  range(span: { readonly start: number; readonly end: number }): Range;
  offset(position: Position): number;
}

export function positions(text: string, encoding: Encoding): Positions {
  const starts = lineStarts(text);
  const at = (offset: number): Position => {
    const bounded = Math.max(0, Math.min(offset, text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= bounded) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: width(text.slice(starts[low], bounded), encoding) };
  };
  return {
    at,
    range: (span) => ({ start: at(span.start), end: at(span.end) }),
    offset(position) {
      const start = starts[position.line];
      if (start === undefined) return text.length;
      const next = starts[position.line + 1] ?? text.length;
      if (encoding === "utf-16") return Math.min(start + position.character, next);
      let offset = start;
      for (let left = position.character; left > 0 && offset < next; ) {
        const point = String.fromCodePoint(text.codePointAt(offset)!);
        left -= width(point, encoding);
        offset += point.length;
      }
      return offset;
    },
  };
}

function width(text: string, encoding: Encoding): number {
  if (encoding === "utf-16") return text.length;
  return encoding === "utf-8" ? Buffer.byteLength(text) : [...text].length;
}

/** A place to show, on the file that is asked for. */
export interface Shown {
  readonly diagnostic: Diagnostic;
  readonly at: Span;
  /** The mirror of a finding whose primary place is in another file. */
  readonly mirror: boolean;
}

/** Findings by file, mirrors on the files they point at. */
export function byFile(diagnostics: readonly Diagnostic[]): Map<string, Shown[]> {
  const files = new Map<string, Shown[]>();
  const put = (one: Shown) => void files.set(one.at.file, [...(files.get(one.at.file) ?? []), one]);
  for (const diagnostic of diagnostics) {
    put({ diagnostic, at: diagnostic.at, mirror: false });
    for (const other of diagnostic.related ?? []) if (other.mirror && other.at.file !== diagnostic.at.file) put({ diagnostic, at: other.at, mirror: true });
  }
  return files;
}

export function toLsp(shown: Shown, folder: Folder, capabilities: Capabilities, at: (path: string) => Positions): LspDiagnostic {
  const { diagnostic } = shown;
  const related = shown.mirror ? [{ at: diagnostic.at, message: diagnostic.message } satisfies NonNullable<Finding["related"]>[number]] : (diagnostic.related ?? []);
  return {
    range: at(shown.at.file).range(shown.at),
    severity: severities[diagnostic.severity],
    source: "pitlint",
    code: diagnostic.rule,
    message: render(diagnostic.message),
    ...(capabilities.codeDescription ? { codeDescription: { href: ruleUrl(diagnostic.rule) } satisfies CodeDescription } : {}),
    ...(capabilities.data ? { data: { fingerprint: diagnostic.fingerprint } } : {}),
    ...(capabilities.relatedInformation && related.length ? { relatedInformation: related.map((one) => ({ location: { uri: folder.uriOf(one.at.file), range: at(one.at.file).range(one.at) }, message: render(one.message) })) } : {}),
  };
}

/** Page of a rule. */
export function ruleUrl(rule: string): string {
  return `https://github.com/pitlint/pitlint/blob/main/docs/rules/${rule}.md`;
}

/** Edits as the client can take them: versioned, and with edits of other files marked for confirmation. */
export function workspaceEdit(edits: readonly FileEdit[], home: string, title: string, folder: Folder, capabilities: Capabilities, at: (path: string) => Positions, versionOf: (uri: string) => number | null): WorkspaceEdit {
  const texts = (one: FileEdit) => one.edits.map(({ at: span, text }) => ({ range: at(one.file).range(span), newText: text }));
  if (!capabilities.documentChanges) return { changes: Object.fromEntries(edits.map((one) => [folder.uriOf(one.file), texts(one)])) };
  const confirm = capabilities.changeAnnotations && edits.some((one) => one.file !== home);
  const documentChanges: TextDocumentEdit[] = edits.map((one) => {
    const uri = folder.uriOf(one.file);
    return { textDocument: { uri, version: versionOf(uri) }, edits: texts(one).map((edit) => (confirm && one.file !== home ? { ...edit, annotationId: "elsewhere" } : edit)) };
  });
  return { documentChanges, ...(confirm ? { changeAnnotations: { elsewhere: { label: title, description: "changes a file that is not the one you are in", needsConfirmation: true } } } : {}) };
}
