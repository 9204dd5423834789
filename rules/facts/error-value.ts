// Question: is this expression an error, by where it comes from? Catch clauses, callbacks that take one first, and what is made as one.

import { ts, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { calleeName } from "../../engine/typescript/outlive.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { assignments, bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";

/** True where the value is an Error as far as any reader would say. */
export function isError(file: TsFile, node: Expression, depth = 0): boolean {
  if (ts.isAsExpression(node)) return /^[\w.]*(Error|Exception)$/.test(node.type.getText()) || (/^(any|unknown)$/.test(node.type.getText()) && isError(file, node.expression, depth));
  const expr = bare(node);
  if (ts.isNewExpression(expr)) return ts.isIdentifier(expr.expression) && /(Error|Exception)$/.test(expr.expression.text);
  if (!ts.isIdentifier(expr) || depth > 6) return false;
  const declared = declaration(file, expr);
  if (!declared || assignments(file, declared).length > 1) return false;
  if (ts.isParameter(declared)) return isErrorParameter(declared);
  if (!ts.isVariableDeclaration(declared)) return false;
  if (ts.isCatchClause(declared.parent)) return !isNarrowed(expr);
  const only = onlyValue(file, declared);
  return only !== undefined && isError(file, only, depth + 1);
}

/** A parameter whose type is text: `message: string`. */
export function isText(file: TsFile, node: Expression): boolean {
  const expr = bare(node);
  const declared = ts.isIdentifier(expr) ? declaration(file, expr) : undefined;
  return declared !== undefined && ts.isParameter(declared) && declared.type?.getText() === "string";
}

function isErrorParameter(parameter: Node): boolean {
  if (!ts.isParameter(parameter) || !ts.isIdentifier(parameter.name) || isNarrowed(parameter.name)) return false;
  const type = parameter.type?.getText();
  if (type !== undefined) return /^[\w.]*(Error|Exception)(\s*\|\s*(null|undefined))?$/.test(type) && !/^(Field|Form|Validation)/.test(type);
  const fn = parameter.parent;
  const call = fn.parent;
  if (!ts.isCallExpression(call) || !ts.isFunctionLike(fn)) return false;
  const name = calleeName(call);
  const [event] = call.arguments;
  if (name === "catch") return true;
  if (name === "then") return call.arguments[1] === fn;
  if (/^(on|once|addListener)$/.test(name ?? "")) return event !== undefined && ts.isStringLiteralLike(event) && /^(error|uncaughtException|unhandledRejection)$/.test(event.text) && fn.parameters[0] === parameter;
  return /^(err|error)$/.test(parameter.name.text) && fn.parameters[0] === parameter && fn.parameters.length > 1;
}

/** Inside a branch that asks for text: `if (typeof error === "string")`. */
function isNarrowed(use: Expression): boolean {
  for (let up: Node = use; up.parent && !ts.isFunctionLike(up); up = up.parent) {
    const { parent } = up;
    const test = ts.isIfStatement(parent) && up === parent.thenStatement ? parent.expression : ts.isConditionalExpression(parent) && up === parent.whenTrue ? parent.condition : undefined;
    if (test && /typeof\s+\w+\s*===?\s*["']string["']|isAxiosError/.test(test.getText())) return true;
  }
  return false;
}
