// Question: which text listens to the errors of an object, and where does it go? Writes plain code that needs no import.

import type { EmitterSite } from "./error-emitter-site.ts";
import { errorRows } from "./error-row.ts";
import { loggerOf } from "./logger.ts";
import { ts, type Expression, type FunctionLikeDeclaration, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { quoteOf } from "../../engine/typescript/import-slot.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, visible } from "../../engine/typescript/scope.ts";
import { lineEnd } from "../../engine/typescript/wrap.ts";
import type { Edit } from "../../engine/types.ts";

/** A listener that logs: below the statement that holds the object, at the top of the callback that is given it, or chained to what makes it. */
export function listenerFix(file: TsFile, { node, row, of }: EmitterSite): readonly Edit[] | undefined {
  const what = of ? "connection" : errorRows[row]?.object;
  if (what === undefined) return undefined;
  const quote = quoteOf(file);
  const name = visible(file, node, "error") ? "err" : "error";
  const listener = `.on(${quote}error${quote}, (${name}) => ${logged(file, node, name, `${what} error`, quote)})`;
  if (ts.isParameter(node)) return ts.isIdentifier(node.name) ? atTop(file, node.parent as FunctionLikeDeclaration, `${node.name.text}${listener}`) : undefined;
  const held = holder(node);
  if (held) {
    const end = lineEnd(file, held.statement);
    if (end === undefined) return undefined;
    const mark = held.statement.getText().endsWith(";") ? ";" : "";
    return [{ at: { file: "", start: end, end }, text: `${lineBreak(file)}${indentOf(file, held.statement.getStart())}${held.name}${listener}${mark}` }];
  }
  // A promise has no events: its object needs a name first.
  if (errorRows[row]?.id.startsWith("amqp") || !(ts.isCallExpression(node) || ts.isNewExpression(node)) || !node.arguments || ts.isExpressionStatement(node.parent) && ts.isNewExpression(node)) return undefined;
  return [{ at: { file: "", start: node.end, end: node.end }, text: listener }];
}

/** The statement that gives the object its name, and that name; only where nothing is chained between them. */
function holder(node: Node): { statement: Node; name: string } | undefined {
  let up = node;
  while (ts.isAwaitExpression(up.parent) || ts.isParenthesizedExpression(up.parent) || ts.isAsExpression(up.parent)) up = up.parent;
  const { parent } = up;
  let statement: Node | undefined;
  let name: string | undefined;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && ts.isVariableDeclarationList(parent.parent) && parent.parent.declarations.length === 1) (name = parent.name.text), (statement = parent.parent.parent);
  else if (ts.isBinaryExpression(parent) && parent.right === up && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && /^(this\.)?\w+$/.test(parent.left.getText())) (name = parent.left.getText()), (statement = parent.parent);
  if (!name || !statement || !(ts.isVariableStatement(statement) || ts.isExpressionStatement(statement))) return undefined;
  return ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent) || ts.isCaseOrDefaultClause(statement.parent) ? { statement, name } : undefined;
}

function atTop(file: TsFile, fn: FunctionLikeDeclaration, text: string): readonly Edit[] | undefined {
  const { body } = fn;
  if (!body) return undefined;
  const mark = semicolons(file) ? ";" : "";
  if (!ts.isBlock(body)) {
    if (ts.isObjectLiteralExpression(bare(body as Expression))) return undefined;
    return [{ at: { file: "", start: body.getStart(), end: body.getStart() }, text: `{ ${text}; return ` }, { at: { file: "", start: body.end, end: body.end }, text: `${mark} }` }];
  }
  const [first] = body.statements;
  const start = body.getStart() + 1;
  if (!first) return [{ at: { file: "", start, end: body.end - 1 }, text: ` ${text}${mark} ` }];
  if (!file.text.slice(start, first.getStart()).includes("\n")) return [{ at: { file: "", start: first.getStart(), end: first.getStart() }, text: `${text}; ` }];
  const gap = lineBreak(file) + indentOf(file, first.getStart());
  return [{ at: { file: "", start, end: start }, text: gap + text + mark }];
}

/** A line of the logger that is in sight, where it is one that keeps errors as the first argument; else of the console. */
function logged(file: TsFile, at: Node, error: string, text: string, quote: string): string {
  for (const name of ["logger", "log"]) {
    const declared = visible(file, at, name) as { name?: Identifier } | undefined;
    const use = declared?.name && ts.isIdentifier(declared.name) ? nodes<Identifier>(file, ts.SyntaxKind.Identifier).find((one) => one.text === name && visible(file, one, name) === (declared as unknown as Node) && one !== declared.name) : undefined;
    const library = use && loggerOf(file, use)?.library;
    if (library === "pino" || library === "bunyan") return `${name}.error({ err${error === "err" ? "" : `: ${error}`} }, ${quote}${text}${quote})`;
  }
  return `console.error(${quote}${text}${quote}, ${error})`;
}

/** True where most statements of the file end with a semicolon. */
function semicolons(file: TsFile): boolean {
  return once(file, semicolons, () => {
    const all = [...nodes(file, ts.SyntaxKind.ExpressionStatement), ...nodes(file, ts.SyntaxKind.VariableStatement), ...nodes(file, ts.SyntaxKind.ImportDeclaration)];
    return all.filter((one) => one.getText().endsWith(";")).length * 2 >= all.length;
  });
}

