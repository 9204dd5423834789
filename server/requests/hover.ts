// textDocument/hover: on a finding, what is compared with what, how the places were linked and why it matters; on a suppression, what it silences.

import { MarkupKind, type Hover, type HoverParams } from "vscode-languageserver/node";
import { say } from "../../engine/message.ts";
import { evidence } from "../evidence.ts";
import { lineAt, placeLink, plain } from "../markdown.ts";
import { configHover } from "./config-hover.ts";
import { suppressionsIn } from "./document-link.ts";
import { placesBeside, type Shown } from "../convert.ts";
import type { Server } from "../server.ts";
import type { Place } from "../workspace.ts";

export function hover(server: Server, place: Place, { position }: Pick<HoverParams, "position">): Hover | null {
  const { view, path } = place;
  const table = view.positions(path);
  const offset = table.offset(position);
  const here = view.shown(path).filter(({ at }) => at.start <= offset && offset <= at.end);
  if (here[0]) return { contents: { kind: MarkupKind.Markdown, value: here.map((one) => onFinding(server, place, one)).join("\n\n---\n\n") }, range: table.range(here[0].at) };
  return onSuppression(server, place, offset) ?? configHover(server, place, offset);
}

function onFinding(server: Server, { view }: Place, shown: Shown): string {
  const { diagnostic } = shown;
  const { say: spoken, rulePage } = server.terms;
  const related = diagnostic.related ?? [];
  const links = evidence(view, [diagnostic.at.file, ...related.map((one) => one.at.file)]);
  return [
    `**${plain(spoken(diagnostic.message))}**`, "",
    ...placesBeside(shown).map((one) => `- ${plain(spoken(one.message))}: ${placeLink(view, one.at)} ${lineAt(view, one.at)}`),
    ...(links.length ? ["", ...links.map((one) => `- ${plain(spoken(say`Linked as service ${one.service}: ${one.target}, ${one.evidence}`))}`)] : []),
    "", server.rules.get(diagnostic.rule)?.why.trim() ?? "", "",
    `[${diagnostic.rule}](${rulePage(diagnostic.rule)})`,
  ].join("\n");
}

function onSuppression(server: Server, place: Place, offset: number): Hover | null {
  const { view, path } = place;
  const here = suppressionsIn(server, place).filter(({ at }) => at.start <= offset && offset <= at.end);
  if (here.length === 0) return null;
  const value = here.map(({ rule, reason, at }) => {
    const silenced = view.result.suppressed.filter((one) => one.rule === rule && one.by.at.file === path && one.by.at.start === at.start);
    return [
      `**${plain(server.translation.title(server.rules.get(rule)?.title ?? rule))}**`, "", plain(reason), "",
      ...(silenced.length ? silenced.map((one) => `- ${plain(server.terms.say(one.message))}: ${placeLink(view, one.at)}`) : [`- ${server.terms.say(say`It silences nothing: the rule finds nothing here`)}`]),
      "", `[${rule}](${server.terms.rulePage(rule)})`,
    ].join("\n");
  }).join("\n\n---\n\n");
  return { contents: { kind: MarkupKind.Markdown, value }, range: view.positions(path).range(here[0]!.at) };
}
