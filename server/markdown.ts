// Markdown for hovers and pages. Text from files is shown as text: no link, command or markup of theirs becomes active.

import type { View } from "./view.ts";
import type { Span } from "../engine/types.ts";

/** Text with everything that Markdown or HTML would read escaped, and characters that hide others replaced. */
export function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>!|#&~]/g, "\\$&").replace(/[\u0000-\u0008\u000b-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** `orders/server.ts:4:25` as a link that an editor opens. */
export function placeLink(view: View, at: Span): string {
  const { line, character } = view.positions(at.file).at(at.start);
  return `[${plain(at.file)}:${line + 1}:${character + 1}](${view.folder.uriOf(at.file).replace(/[()]/g, (one) => (one === "(" ? "%28" : "%29"))}#L${line + 1})`;
}

/** The line of a place, for readers who want to see it without going there. At most 120 characters. */
export function lineAt(view: View, at: Span): string {
  const text = view.text(at.file) ?? "";
  const start = Math.max(text.lastIndexOf("\n", at.start - 1), text.lastIndexOf("\r", at.start - 1)) + 1;
  const line = /^[^\r\n]*/.exec(text.slice(start))![0].trim();
  return plain(line.length > 120 ? `${line.slice(0, 119)}…` : line);
}
