// Open documents as the editor has them. Applies incremental changes and notices when editor and server no longer agree.

import { positions, type Encoding } from "./convert.ts";
import type { TextDocumentContentChangeEvent } from "vscode-languageserver/node";

export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  /** Editor and server disagree: say nothing about this document until it is opened anew or sent whole. */
  readonly desynced: boolean;
}

export interface Documents {
  open(uri: string, version: number, text: string): OpenDocument;
  /** Applies changes in order. An older version or a range outside the text marks the document. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): OpenDocument | undefined;
  /** A message about the document was not understood: nobody knows its text any more. */
  doubt(uri: string): void;
  close(uri: string): void;
  get(uri: string): OpenDocument | undefined;
  all(): Iterable<OpenDocument>;
}

export function openDocuments(encoding: () => Encoding): Documents {
  const documents = new Map<string, OpenDocument>();
  const put = (one: OpenDocument) => (documents.set(one.uri, one), one);
  return {
    open: (uri, version, text) => put({ uri, version, text, desynced: false }),
    change(uri, version, changes) {
      const before = documents.get(uri);
      if (!before) return undefined;
      let { text } = before;
      const late = version <= before.version;
      let desynced = before.desynced || late;
      for (const one of changes) {
        if (!("range" in one)) {
          text = one.text;
          desynced = late;
          continue;
        }
        const table = positions(text, encoding());
        const start = table.offset(one.range.start);
        const end = table.offset(one.range.end);
        const exact = same(table.at(start), one.range.start) && same(table.at(end), one.range.end) && start <= end;
        if (!exact || splits(text, start) || splits(text, end)) desynced = true;
        text = text.slice(0, start) + one.text + text.slice(Math.max(start, end));
      }
      return put({ uri, version: Math.max(version, before.version), text, desynced });
    },
    doubt(uri) {
      const { version, text } = documents.get(uri) ?? { version: -1, text: "" };
      put({ uri, version, text, desynced: true });
    },
    close: (uri) => void documents.delete(uri),
    get: (uri) => documents.get(uri),
    all: () => documents.values(),
  };
}

/** An editor that means a place within a character counts in another encoding. */
const splits = (text: string, offset: number) => /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(offset - 1, offset + 1));
const same = (a: { line: number; character: number }, b: { line: number; character: number }) => a.line === b.line && a.character === b.character;
