// Fact: the database itself ends statements that run too long: set for a role or a database, in a session, or on the server's command line.

import { ts } from "../../engine/typescript/compiler.ts";
import { span } from "../../engine/typescript/parse.ts";
import type { Fact, FactKind, YamlDocument, YamlNode } from "../../engine/types.ts";

const mentions = [["statement_timeout"]];
const kinds = ["StringLiteral", "NoSubstitutionTemplateLiteral", "TemplateHead", "TemplateMiddle", "TemplateTail"] as const;

export const statementTimeout: FactKind<true> = {
  id: "statement-timeout",
  title: "Statement timeout of the database",
  ts: {
    mentions,
    *find(file) {
      for (const kind of kinds)
        for (const one of file.byKind.get(ts.SyntaxKind[kind]) ?? []) if (/\b(SET|ALTER|set_config)\b[^;]*\bstatement_timeout\b/i.test(one.getText())) yield { at: span(one), value: true };
    },
  },
  yaml: { mentions, find: inYaml },
};

/** Any key or text that names it: arguments of the server, an init script, `PGOPTIONS`. */
function* inYaml(document: YamlDocument): Iterable<Fact<true>> {
  const open: YamlNode[] = document.root ? [document.root] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    if (one.kind === "scalar" && typeof one.value === "string" && one.value.includes("statement_timeout")) yield { at: one.at, value: true };
    if (one.kind === "seq") open.push(...one.items);
    if (one.kind === "map") for (const { key, value } of one.pairs) open.push(key, ...(value ? [value] : []));
  }
}
