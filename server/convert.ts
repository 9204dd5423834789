// Engine terms to protocol terms: the only file that turns offsets into positions for an editor, in the encoding that was agreed.

import { DiagnosticSeverity, type CodeDescription, type Diagnostic as LspDiagnostic, type Position, type Range, type TextDocumentEdit, type WorkspaceEdit } from "vscode-languageserver/node";
import { say } from "../engine/message.ts";
import { lineStarts } from "../host/lines.ts";
import type { Capabilities } from "./capabilities.ts";
import type { View } from "./view.ts";
import type { Diagnostic, FileEdit, Finding, Message, Problem, Severity, Span } from "../engine/types.ts";

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
    const inside = Math.max(0, Math.min(offset, text.length));
    // No position names the place between the two characters of a line break.
    const bounded = text[inside] === "\n" && text[inside - 1] === "\r" ? inside - 1 : inside;
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
      // Behind the end of a line is its end: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#position
      let end = starts[position.line + 1] ?? text.length;
      if (end > start && text[end - 1] === "\n") end--;
      if (end > start && text[end - 1] === "\r") end--;
      if (encoding === "utf-16") return Math.min(start + Math.max(0, position.character), end);
      let offset = start;
      for (let left = position.character; left > 0 && offset < end; ) {
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

/** What the client can take, and how it wants to be told. */
export interface Terms {
  readonly capabilities: Capabilities;
  /** Sentences in the language of the editor. */
  say(message: Message): string;
  /** Where a rule is explained. */
  rulePage(rule: string): string;
}

/** The places that a finding points at from where it is shown: at a mirror, the place that was judged. */
export function placesBeside({ diagnostic, mirror }: Shown): NonNullable<Finding["related"]> {
  return mirror ? [{ at: diagnostic.at, message: say`The other side is here` }] : (diagnostic.related ?? []);
}

export function toLsp(shown: Shown, view: View, { capabilities, say: spoken, rulePage }: Terms): LspDiagnostic {
  const { diagnostic } = shown;
  const { folder } = view;
  const related = placesBeside(shown);
  return {
    range: view.positions(shown.at.file).range(shown.at),
    severity: severities[diagnostic.severity],
    source: "pitlint",
    code: diagnostic.rule,
    message: spoken(diagnostic.message),
    ...(capabilities.codeDescription ? { codeDescription: { href: rulePage(diagnostic.rule) } satisfies CodeDescription } : {}),
    ...(capabilities.data ? { data: { fingerprint: diagnostic.fingerprint } } : {}),
    ...(capabilities.relatedInformation && related.length ? { relatedInformation: related.map((one) => ({ location: { uri: folder.uriOf(one.at.file), range: view.positions(one.at.file).range(one.at) }, message: spoken(one.message) })) } : {}),
  };
}

/** A problem of a file, at its place, else at the head of the file. */
export function problemToLsp({ kind, file, at, message, incomplete }: Problem, view: View): LspDiagnostic {
  return {
    range: view.positions(file).range(at ?? { start: 0, end: 0 }),
    severity: incomplete ? DiagnosticSeverity.Information : DiagnosticSeverity.Warning,
    source: "pitlint",
    code: kind,
    message,
  };
}

/** Where edits go and what they may hold. */
export interface Target {
  readonly view: View;
  /** The file the user is in. */
  readonly home: string;
  readonly title: string;
  readonly capabilities: Capabilities;
  /** All edits are marked for confirmation, not only those of other files. */
  readonly confirm?: true;
  versionOf(uri: string): number | null;
}

/** Edits as the client can take them: versioned, and with edits of other files marked for confirmation. */
export function workspaceEdit(edits: readonly FileEdit[], { view, home, title, capabilities, confirm, versionOf }: Target): WorkspaceEdit {
  const { folder } = view;
  const texts = (one: FileEdit) => one.edits.map(({ at: span, text }) => ({ range: view.positions(one.file).range(span), newText: text }));
  if (!capabilities.documentChanges) return { changes: Object.fromEntries(edits.map((one) => [folder.uriOf(one.file), texts(one)])) };
  const marked = (file: string) => capabilities.changeAnnotations && (confirm || file !== home);
  const documentChanges: TextDocumentEdit[] = edits.map((one) => {
    const uri = folder.uriOf(one.file);
    return { textDocument: { uri, version: versionOf(uri) }, edits: texts(one).map((edit) => (marked(one.file) ? { ...edit, annotationId: "pitlint" } : edit)) };
  });
  const description = confirm ? "pitlint" : "changes a file that is not the one you are in";
  return { documentChanges, ...(edits.some((one) => marked(one.file)) ? { changeAnnotations: { pitlint: { label: title, description, needsConfirmation: true } } } : {}) };
}
