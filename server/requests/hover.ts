// textDocument/hover: on a finding, what is compared with what and why it matters.

import { MarkupKind, type Hover, type HoverParams } from "vscode-languageserver/node";
import { render } from "../../engine/message.ts";
import { ruleUrl } from "../convert.ts";
import type { Server } from "../server.ts";

export function hover(server: Server, { textDocument: { uri }, position }: HoverParams): Hover | null {
  const place = server.workspace.locate(uri);
  if (!place || server.documents.get(uri)?.desynced) return null;
  const { folder, path } = place;
  const table = server.workspace.positions(folder, path);
  const offset = table.offset(position);
  const here = server.workspace.shown(folder, path).filter(({ at }) => at.start <= offset && offset <= at.end);
  const [first] = here;
  if (!first) return null;
  const parts = here.map(({ diagnostic, mirror }) => {
    const rule = server.rules.get(diagnostic.rule);
    const places = mirror ? [{ at: diagnostic.at, message: diagnostic.message }] : (diagnostic.related ?? []);
    const lines = places.map((one) => {
      const { line, character } = server.workspace.positions(folder, one.at.file).at(one.at.start);
      return `- ${plain(render(one.message))}: ${plain(one.at.file)}:${line + 1}:${character + 1}`;
    });
    return [`**${plain(render(diagnostic.message))}**`, ...lines, "", plain(rule?.why ?? ""), "", `[${diagnostic.rule}](${ruleUrl(diagnostic.rule)})`].join("\n");
  });
  return { contents: { kind: MarkupKind.Markdown, value: parts.join("\n\n---\n\n") }, range: table.range(first.at) };
}

/** Text from files is shown as text: no link, command or markup of theirs becomes active. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>!|#]/g, "\\$&").replace(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
