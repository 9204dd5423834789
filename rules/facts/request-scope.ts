// Question: does this code run for a request, by which function does the request come in, and does a value come from it?

import { ts, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction, handlerOf } from "../../engine/typescript/handler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { declaration, references } from "../../engine/typescript/scope.ts";

/** The handler around a node. `exported`: a function that this module gives to others counts too, because nothing else can reach the state. Sockets belong to one process anyway. */
export function entranceOf(file: TsFile, node: Node, exported: boolean): FunctionLikeDeclaration | undefined {
  const handler = handlerOf(file, node);
  if (handler) return handler.kind === "socket" || (handler.kind === "message" && /["'](ws|socket\.io)["']/.test(file.text)) ? undefined : handler.function;
  for (let up: Node | undefined = node.parent; up; up = up.parent)
    if (ts.isFunctionLike(up) && "body" in up && (isHandlerLike(up as FunctionLikeDeclaration) || isProviderMethod(up) || (exported && isExport(file, up)))) return up as FunctionLikeDeclaration;
  return undefined;
}

/** `(req, res) => ...`, told by the names that every such function gives its parameters. */
function isHandlerLike(of: FunctionLikeDeclaration): boolean {
  const [first, second] = of.parameters.map((one) => one.name.getText());
  return /^_?req(uest)?$/.test(first ?? "") && /^_?(res|response|reply|h)$/.test(second ?? "");
}

/** A method of a provider of Nest. */
function isProviderMethod(node: Node): boolean {
  if (!ts.isMethodDeclaration(node) || !ts.isClassLike(node.parent) || !ts.canHaveDecorators(node.parent)) return false;
  return (ts.getDecorators(node.parent) ?? []).some((one) => /^@Injectable\b/.test(one.getText())) && node.parameters.length > 0 && !/^on(Module|Application)/.test(node.name.getText());
}

/** A function that the module gives to others, alone, in an object, or as a method of the one object that it makes of a class. */
function isExport(file: TsFile, node: Node): boolean {
  if (ts.isMethodDeclaration(node) && ts.isClassLike(node.parent)) return soleInstance(file, node.parent);
  const held = ts.isPropertyAssignment(node.parent) ? node.parent : node;
  if (ts.isObjectLiteralExpression(held.parent)) return /^(module\.)?exports\b|^export\b/.test(statementOf(held)?.getText() ?? "");
  if (ts.isBinaryExpression(node.parent)) return /^(module\.)?exports\b/.test(node.parent.left.getText());
  const declared = ts.isFunctionDeclaration(node) ? node : ts.isVariableDeclaration(node.parent) ? node.parent : undefined;
  const statement = declared && statementOf(declared);
  if (!statement || !ts.isSourceFile(statement.parent)) return false;
  if (/^export\b/.test(statement.getText())) return true;
  const { name } = declared as { readonly name?: Node };
  return !!name && references(file, declared, name.getText()).some((one) => ts.isExportSpecifier(one.parent) || /^(module\.)?exports\s*=/.test(statementOf(one)?.getText() ?? ""));
}

/** The class of an object that the module makes once, and that others get: `export const store = new Store()`. */
export function soleInstance(file: TsFile, owner: Node): boolean {
  const { name } = owner as { readonly name?: Node };
  if (!name || !ts.isClassLike(owner)) return false;
  const makes = references(file, owner, name.getText()).filter((one) => ts.isNewExpression(one.parent) && one.parent.expression === one);
  const statement = makes.length === 1 ? statementOf(makes[0]!) : undefined;
  return !!statement && !enclosingFunction(makes[0]!) && ts.isSourceFile(statement.parent) && !/^export\b/.test(owner.getText()) && /^(export\b|(module\.)?exports\b)/.test(statement.getText());
}

function statementOf(node: Node): Node | undefined {
  let up: Node | undefined = node;
  while (up && !ts.isStatement(up)) up = up.parent;
  return up;
}

/** True when the value is made of what the function was given. */
export function isGiven(file: TsFile, value: Expression, entrance: FunctionLikeDeclaration): boolean {
  const open: Node[] = [value];
  const seen = new Set<Node>();
  for (let one = open.pop(); one && seen.size < 200; one = open.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    if (ts.isIdentifier(one)) {
      let declared: Node | undefined = declaration(file, one);
      while (declared && ts.isBindingElement(declared)) declared = declared.parent.parent;
      if (declared && ts.isParameter(declared)) {
        if (declared.parent === entrance || (declared.pos >= entrance.pos && declared.end <= entrance.end)) return true;
      } else if (declared && ts.isVariableDeclaration(declared) && declared.initializer) open.push(declared.initializer);
    } else if (!ts.isFunctionLike(one)) ts.forEachChild(one, (child) => void open.push(child));
  }
  return false;
}
