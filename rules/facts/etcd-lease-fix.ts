// Question: which text reacts to the loss of a lease: the function that took it runs again, or the process ends? Writes nothing itself.

import { ts, type CallExpression, type FunctionLikeDeclaration, type Node, type Statement } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { quoteOf } from "../../engine/typescript/import-slot.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { assignments, visible } from "../../engine/typescript/scope.ts";
import { indentUnit, lineEnd } from "../../engine/typescript/wrap.ts";
import type { Edit } from "../../engine/types.ts";

/** A listener below the statement that takes the lease; undefined where no statement of its own does. */
export function recover(file: TsFile, call: CallExpression): { again: boolean; edits: readonly Edit[] } | undefined {
  const { parent } = call;
  let statement: Node | undefined;
  let name: string | undefined;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && ts.isVariableDeclarationList(parent.parent) && parent.parent.declarations.length === 1) (name = parent.name.text), (statement = parent.parent.parent);
  else if (ts.isBinaryExpression(parent) && parent.right === call) (name = parent.left.getText()), (statement = parent.parent);
  if (!name || !statement || !(ts.isVariableStatement(statement) || ts.isExpressionStatement(statement)) || !(ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent))) return undefined;
  const end = lineEnd(file, statement);
  if (end === undefined) return undefined;
  const owner = enclosingFunction(call);
  const rerun = owner && again(file, owner, call);
  const [quote, mark] = [quoteOf(file), semicolon(statement as Statement)];
  const gap = lineBreak(file) + indentOf(file, statement.getStart());
  const unit = ts.isSourceFile(statement.parent) ? "  " : indentUnit(file, statement);
  const reaction = rerun ? `${name}.on(${quote}lost${quote}, () => setTimeout(() => ${rerun}, 1_000))${mark}` : `${name}.on(${quote}lost${quote}, (error) => {${gap}${unit}throw error${mark}${gap}})${mark}`;
  return { again: rerun !== undefined, edits: [{ at: { file: "", start: end, end }, text: gap + reaction }] };
}

const semicolon = (statement: Statement) => (statement.getText().endsWith(";") ? ";" : "");

/** The text that runs a function again with what it was given. */
function again(file: TsFile, owner: FunctionLikeDeclaration, at: Node): string | undefined {
  const given: string[] = [];
  for (const one of owner.parameters) {
    if (!ts.isIdentifier(one.name) || one.dotDotDotToken || assignments(file, one).length > 0) return undefined;
    given.push(one.name.text);
  }
  const lasting = owner.parameters.some((one) => one.type && /Request|Response|Signal|Context|Call</.test(one.type.getText()));
  if (lasting) return undefined;
  if (ts.isMethodDeclaration(owner) && ts.isIdentifier(owner.name) && ts.isClassLike(owner.parent)) return `void this.${owner.name.text}(${given.join(", ")})`;
  const declared = ts.isFunctionDeclaration(owner) ? owner : ts.isVariableDeclaration(owner.parent) ? owner.parent : undefined;
  const name = declared?.name && ts.isIdentifier(declared.name) ? declared.name.text : undefined;
  return name !== undefined && visible(file, at, name) === declared ? `void ${name}(${given.join(", ")})` : undefined;
}
