// Question: what does a statement of SQL do? Reads literals only; what is put together from parts is read as far as its beginning tells.

import { ts, type Expression } from "../../engine/typescript/compiler.ts";
import { whole } from "../../engine/mention.ts";
import { made } from "../../engine/typescript/binding.ts";
import { option } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { value } from "../../engine/typescript/value.ts";

/** `script`: a whole transaction in one text; `other`: not read, or of no interest. */
export type SqlKind = "begin" | "commit" | "rollback" | "savepoint" | "script" | "write" | "read" | "other";

/** Words of files that hold a statement which begins a transaction. */
export const beginWords: readonly string[] = ["BEGIN", "begin", "Begin", "START", "start", "Start"].map(whole);

/** What the statement does that an argument holds: a text, `{ text }`, `{ sql }`, or a tagged template. */
export function sqlKind(file: TsFile, argument: Expression | undefined): SqlKind {
  const text = argument && sqlText(file, argument);
  return text === undefined ? "other" : kindOf(text);
}

/** The text of a statement, or its beginning. */
function sqlText(file: TsFile, argument: Expression): string | undefined {
  const expr = made(file, argument) ?? argument;
  if (ts.isTaggedTemplateExpression(expr)) return ts.isTemplateExpression(expr.template) ? `${expr.template.head.text} ?` : expr.template.text;
  if (ts.isTemplateExpression(expr)) return expr.head.text;
  if (ts.isCallExpression(expr) && expr.arguments[0] && /(^|\.)(raw|sql|SQL|unsafe)$/.test(expr.expression.getText())) return sqlText(file, expr.arguments[0]);
  if (ts.isObjectLiteralExpression(expr)) {
    for (const key of ["text", "sql", "query"]) {
      const found = option(file, expr, key);
      if (found.is === "present") return sqlText(file, found.node);
    }
    return undefined;
  }
  const found = value(file, expr);
  return "known" in found && typeof found.known === "string" ? found.known : undefined;
}

const mode = "(\\s+(WORK|TRAN(SACTION)?|DEFERRED|IMMEDIATE|EXCLUSIVE|CONCURRENT|ISOLATION|READ|NOT|DEFERRABLE)\\b[^;]*)?";
const begins = new RegExp(`^(BEGIN${mode}|START\\s+TRANSACTION\\b[^;]*)\\s*(;|$)`, "i");
const commits = /^(COMMIT|END)(\s+(WORK|TRAN(SACTION)?))?(\s+AND\s+[^;]*)?\s*(;|$)/i;
const rolls = /^(ROLLBACK|ABORT)(\s+(WORK|TRAN(SACTION)?))?(\s+(AND|TO)\s+[^;]*)?\s*(;|$)/i;

function kindOf(sql: string): SqlKind {
  const text = sql.replace(/^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, "");
  if (begins.test(text)) return /;\s*(COMMIT|END|ROLLBACK)\b/i.test(text) ? "script" : "begin";
  if (commits.test(text)) return "commit";
  if (rolls.test(text)) return "rollback";
  if (/^(RELEASE\s+)?SAVEPOINT\s/i.test(text)) return "savepoint";
  if (/^(INSERT|UPDATE|DELETE|MERGE|REPLACE|UPSERT|TRUNCATE|CREATE|ALTER|DROP|CALL)\b/i.test(text)) return "write";
  if (/^WITH\b/i.test(text)) return /\b(INSERT\s+INTO|UPDATE\s|DELETE\s+FROM)\b/i.test(text) ? "write" : "read";
  return /^(SELECT|SHOW|EXPLAIN|VALUES|TABLE)\b/i.test(text) ? "read" : "other";
}
