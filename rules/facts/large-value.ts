// Question: is this argument a whole request, response, body or set of headers of the handler it stands in?

import { ts, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";

/** Parts of a request or response that have no bound. */
const parts = /^(body|rawBody|headers|rawHeaders|request|req|raw|payload|content|data|files?)$/;
const depthLimit = 6;

/** How the large value is written; undefined when the argument holds none that is known. */
export function largeValue(file: TsFile, argument: Expression, handler: FunctionLikeDeclaration, depth = 0): string | undefined {
  if (depth > depthLimit) return undefined;
  const expr = bare(argument);
  const inner = (one: Expression) => largeValue(file, one, handler, depth + 1);
  if (ts.isObjectLiteralExpression(expr)) {
    for (const one of expr.properties) {
      // Loggers shorten what stands under these keys.
      if (ts.isPropertyAssignment(one) && !/^(req|res|err)$/.test(keyText(one.name) ?? "")) {
        const found = inner(one.initializer);
        if (found) return found;
      } else if (ts.isShorthandPropertyAssignment(one) && !/^(req|res|err)$/.test(one.name.text)) {
        const found = inner(one.name);
        if (found) return found;
      }
    }
    return undefined;
  }
  if (ts.isTemplateExpression(expr)) return expr.templateSpans.map((one) => (ts.isCallExpression(bare(one.expression)) ? inner(one.expression) : undefined)).find(Boolean);
  if (ts.isCallExpression(expr)) return /^(JSON\.stringify|inspect|util\.inspect|format|String)$/.test(expr.expression.getText()) && expr.arguments[0] ? inner(expr.arguments[0]) : undefined;
  if (ts.isBinaryExpression(expr) && expr.operatorToken.kind === ts.SyntaxKind.PlusToken) return inner(expr.left) ?? inner(expr.right);
  if (ts.isPropertyAccessExpression(expr)) return parts.test(expr.name.text) && isHandled(file, expr.expression, handler) ? expr.getText() : undefined;
  return ts.isIdentifier(expr) ? named(file, expr, handler, depth) : undefined;
}

function named(file: TsFile, name: Expression, handler: FunctionLikeDeclaration, depth: number): string | undefined {
  if (!ts.isIdentifier(name)) return undefined;
  const declared = declaration(file, name);
  if (!declared) return undefined;
  if (ts.isParameter(declared)) return isWhole(declared, handler) ? name.text : undefined;
  if (ts.isBindingElement(declared) && ts.isObjectBindingPattern(declared.parent)) {
    const key = keyText(declared.propertyName ?? declared.name);
    const from = declared.parent.parent;
    if (key === undefined || !parts.test(key) || declared.dotDotDotToken) return undefined;
    if (ts.isParameter(from)) return from.parent === handler && handler.parameters[0] === from ? name.text : undefined;
    return ts.isVariableDeclaration(from) && from.initializer && isHandled(file, from.initializer, handler) ? name.text : undefined;
  }
  const only = onlyValue(file, declared);
  return only && !ts.isAwaitExpression(only) && largeValue(file, only, handler, depth + 1) ? name.text : undefined;
}

/** The request, response or context of the handler, or a part of it. */
function isHandled(file: TsFile, node: Expression, handler: FunctionLikeDeclaration): boolean {
  let expr = bare(node);
  while (ts.isPropertyAccessExpression(expr) && parts.test(expr.name.text)) expr = bare(expr.expression);
  const declared = ts.isIdentifier(expr) ? declaration(file, expr) : undefined;
  return declared !== undefined && ts.isParameter(declared) && declared.parent === handler && (handler.parameters.indexOf(declared) < 2 || isWhole(declared, handler));
}

/** A parameter that is the request or the response; with decorators, the one that they name so. */
function isWhole(declared: Node, handler: FunctionLikeDeclaration): boolean {
  if (!ts.isParameter(declared) || declared.parent !== handler) return false;
  const decorators = (ts.getDecorators(declared) ?? []).map((one) => one.expression);
  if (ts.isMethodDeclaration(handler) && ts.canHaveDecorators(handler) && (ts.getDecorators(handler) ?? []).length > 0)
    return decorators.some((one) => ts.isCallExpression(one) && one.arguments.length === 0 && /^(Body|Req|Request|Res|Response|Headers|RawBody)$/.test(one.expression.getText()));
  return ts.isIdentifier(declared.name) && /^(req|request|res|response|reply|ctx|context|c|call|event)$/.test(declared.name.text) && handler.parameters.indexOf(declared) < 2;
}
