// Hover in pitlint.yaml: what a key means, and what pitlint made of it here.

import { MarkupKind, type Hover } from "vscode-languageserver/node";
import { say } from "../../engine/message.ts";
import { packs } from "../../rules/packs/index.ts";
import { configPlace } from "../config-place.ts";
import { schemaAt } from "../config-schema.ts";
import { plain } from "../markdown.ts";
import type { Server } from "../server.ts";
import type { Place } from "../workspace.ts";

export const isConfig = (path: string): boolean => /(^|\/)pitlint\.ya?ml$/.test(path);

export function configHover(server: Server, { view, path }: Place, offset: number): Hover | null {
  if (!isConfig(path)) return null;
  const at = configPlace(view.text(path) ?? "", offset);
  if (!at?.key || at.part !== "key") return null;
  const node = schemaAt(server.schema, [...at.above, at.key.text]);
  const { key: { text }, above: [parent, ...deeper] } = at;
  const rule = server.rules.get(text);
  const lines = [`**${plain(text)}**`, ...(node?.description ? ["", plain(node.description)] : [])];
  if (rule) lines.push("", plain(server.translation.title(rule.title)), "", `[${rule.id}](${server.terms.rulePage(rule.id)})`);
  if (parent === "packs") {
    const pack = packs.find((one) => one.name === text);
    for (const one of [...(pack?.releases ?? [])].reverse()) lines.push("", `- ${one.version} (${one.date}): ${plain(one.why)}`);
  }
  if (parent === "services" && deeper.length === 0) {
    const links = view.result.summary.linked.filter((one) => one.service === text);
    lines.push("", ...links.map((one) => `- ${plain(one.target)}: ${plain(one.evidence)}`));
    if (links.length === 0) lines.push(`- ${server.terms.say(say`Nothing is linked to a service of this name`)}`);
  }
  return node ? { contents: { kind: MarkupKind.Markdown, value: lines.join("\n") }, range: view.positions(path).range(at.key) } : null;
}
