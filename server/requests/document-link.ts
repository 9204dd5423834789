// textDocument/documentLink: the rule ids of suppression comments lead to their rules.

import { languageOf } from "../../engine/plan.ts";
import { suppressions } from "../../engine/suppress.ts";
import type { DocumentLink } from "vscode-languageserver/node";
import type { Suppression } from "../../engine/types.ts";
import type { Server } from "../server.ts";
import type { Place } from "../workspace.ts";

export function documentLinks(server: Server, place: Place): DocumentLink[] {
  const { view, path } = place;
  const text = view.text(path) ?? "";
  const table = view.positions(path);
  return suppressionsIn(server, place).map(({ rule, at }) => {
    const start = text.indexOf(rule, at.start);
    return { range: table.range({ start, end: start + rule.length }), target: server.terms.rulePage(rule), tooltip: server.translation.title(server.rules.get(rule)!.title) };
  });
}

/** The suppressions that a document states. */
export function suppressionsIn(server: Server, { view, path }: Place): readonly Suppression[] {
  const language = languageOf(path);
  if (language !== "ts" && language !== "yaml") return [];
  return suppressions(path, view.text(path) ?? "", language, new Set(server.rules.keys())).suppressions;
}
