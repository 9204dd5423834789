// Question: which text makes an instance id differ between replicas? Writes nothing itself.

import { ts, type Expression } from "../../engine/typescript/compiler.ts";
import { importSlot } from "../../engine/typescript/import-slot.ts";
import { literalSlot } from "../../engine/typescript/option.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";
import type { Registration } from "./instance-id.ts";
import type { Edit } from "../../engine/types.ts";

/** Appends the pod's or the host's name. Undefined where another place of the file names the same id by itself. */
export function distinct(file: TsFile, { registry, same, node, site, into }: Registration): readonly Edit[] | undefined {
  if (same === "address" || registry === "Nacos") return undefined;
  const host = importSlot(file, site, /["']os["']/.test(file.text) ? "os" : "node:os", "hostname");
  const own = `\${process.env.POD_NAME ?? ${host ? `${host.name}()` : "process.env.HOSTNAME"}}`;
  const imports = host?.edit ? [host.edit] : [];
  const constant = constantOf(file, node);
  if (same === "id") {
    // Elsewhere the id may be repeated as a literal; a constant changes everywhere at once.
    if (!constant && /deregister|\.check\b/i.test(file.text)) return undefined;
    const target = constant ?? node;
    return [...imports, { at: span(target), text: appended(target, own) }];
  }
  const place = into && literalSlot(file, into);
  if (!place || /deregister|\.check\b/i.test(file.text)) return undefined;
  return [...imports, { at: place.at, text: `${place.before}id: ${appended(node, own)}${place.after}` }];
}

function constantOf(file: TsFile, node: Expression): Expression | undefined {
  const expr = bare(node);
  const declared = ts.isIdentifier(expr) ? declaration(file, expr) : undefined;
  const only = declared && onlyValue(file, declared);
  return only && (ts.isStringLiteralLike(only) || ts.isTemplateExpression(only)) ? only : undefined;
}

/** A template literal of the text and what is added to it. */
function appended(node: Expression, own: string): string {
  const expr = bare(node);
  if (ts.isTemplateExpression(expr) || ts.isNoSubstitutionTemplateLiteral(expr)) return `${expr.getText().slice(0, -1)}-${own}\``;
  if (ts.isStringLiteral(expr)) return `\`${expr.text.replace(/[\\`]|\$\{/g, "\\$&")}-${own}\``;
  return `\`\${${expr.getText()}}-${own}\``;
}
