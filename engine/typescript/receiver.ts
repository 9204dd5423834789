// What is a value at the end of its names? Follows variables, fields, object properties and functions of one file to the expression,
// the import or the declared type where the trail ends. Knows no library.

import { ts, type CallExpression, type ClassLikeDeclaration, type Expression, type FunctionLikeDeclaration, type Node, type TypeNode } from "./compiler.ts";
import { canonical, importOf, requiredModule, typeName } from "./binding.ts";
import { functionOf } from "./handler.ts";
import { nodes, once, oncePerNode, type TsFile } from "./parse.ts";
import { bare, declaration, enclosingClass, member, onlyValue } from "./scope.ts";
import { keyText } from "./value.ts";
import type { Ref } from "../types.ts";

/** Where a trail ends: at most one of them, or nothing that is known. */
export interface Receiver {
  /** The expression of this file that makes the value. */
  readonly made?: Expression;
  /** The import it comes from, or the imported function that returns it. */
  readonly ref?: Ref;
  /** Canonical name of the declared type, where no value is seen. */
  readonly type?: string;
}

const stepLimit = 24;

/** Follows an expression to its end. */
export function receiverOf(file: TsFile, node: Expression): Receiver {
  return oncePerNode(file, node, follow);
}

function follow(file: TsFile, node: Expression): Receiver {
  let expr = settled(node);
  let keys: string[] = [];
  for (let step = 0; step < stepLimit; step++) {
    let next: Expression | Receiver | undefined;
    const given = exportedHere(file, expr);
    if (given) next = given;
    else if (ts.isPropertyAccessExpression(expr) && expr.expression.kind === ts.SyntaxKind.ThisKeyword) next = field(file, enclosingClass(expr), expr.name.text, keys);
    else if (ts.isPropertyAccessExpression(expr)) (keys = [expr.name.text, ...keys]), (next = expr.expression);
    else if (ts.isElementAccessExpression(expr) && ts.isStringLiteralLike(expr.argumentExpression)) (keys = [expr.argumentExpression.text, ...keys]), (next = expr.expression);
    else if (ts.isIdentifier(expr)) {
      const declared = declaration(file, expr);
      if (!declared) return {};
      if (ts.isBindingElement(declared)) {
        const pattern = declared.parent.parent;
        const key = keyText(declared.propertyName ?? declared.name);
        if (key !== undefined && keys.length === 0 && ts.isParameter(pattern) && ts.isObjectBindingPattern(declared.parent) && !declared.dotDotDotToken) return typed(file, pattern, [key]) ?? {};
        if (key === undefined || declared.dotDotDotToken || !ts.isObjectBindingPattern(declared.parent) || !ts.isVariableDeclaration(pattern) || !pattern.initializer) return {};
        (keys = [key, ...keys]), (next = pattern.initializer);
      } else next = named(file, declared, keys);
    } else if (ts.isObjectLiteralExpression(expr) && keys.length > 0) {
      const [key, ...rest] = keys;
      (keys = rest), (next = property(expr, key!));
      if (!next) return {};
    } else if (ts.isNewExpression(expr) && keys.length > 0) {
      const owner = ts.isIdentifier(expr.expression) ? declaration(file, expr.expression) : undefined;
      const [key, ...rest] = keys;
      next = owner && ts.isClassLike(owner) ? field(file, owner, key!, rest) : undefined;
      if (!next) return {};
      keys = rest;
    } else if (ts.isCallExpression(expr)) {
      const required = requiredModule(file, expr);
      if (required !== undefined) return { ref: reference(required, keys) };
      const returned = result(file, expr);
      if (!returned) return keys.length ? {} : { made: expr, ...calleeRef(file, expr) };
      next = returned;
    } else return keys.length ? {} : { made: expr };
    if (!next || !isNode(next)) return next ?? {};
    expr = settled(next);
  }
  return {};
}

/** `exports.pool` in the module that sets it, once. */
function exportedHere(file: TsFile, expr: Expression): Expression | undefined {
  if (!ts.isPropertyAccessExpression(expr) || !isExports(expr.expression)) return undefined;
  const set = nodes<any>(file, ts.SyntaxKind.BinaryExpression).filter((one) => one.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isPropertyAccessExpression(one.left) && one.left.name.text === expr.name.text && isExports(one.left.expression));
  return set.length === 1 ? set[0].right : undefined;
}

const isExports = (node: Expression): boolean => (ts.isIdentifier(node) ? node.text === "exports" : ts.isPropertyAccessExpression(node) && node.name.text === "exports" && node.expression.getText() === "module");

const isNode = (found: Expression | Receiver): found is Expression => "kind" in found;

/** Strips what changes nothing, and the assignment of `x ??= y`. */
function settled(node: Expression): Expression {
  const expr = bare(node);
  const { SyntaxKind } = ts;
  if (ts.isBinaryExpression(expr) && (expr.operatorToken.kind === SyntaxKind.QuestionQuestionEqualsToken || expr.operatorToken.kind === SyntaxKind.BarBarEqualsToken || expr.operatorToken.kind === SyntaxKind.EqualsToken)) return bare(expr.right);
  return expr;
}

function reference(module: string, names: readonly string[]): Ref {
  return { module, name: names[0] ?? "default", ...(names.length > 1 ? { keys: names.slice(1) } : {}) };
}

function named(file: TsFile, declared: Node, keys: readonly string[]): Expression | Receiver | undefined {
  const imported = importOf(declared);
  if (imported) {
    const whole = imported.name === undefined && !ts.isImportClause(declared) && !ts.isImportSpecifier(declared);
    return ts.isNamespaceImport(declared) && keys.length === 0 ? {} : { ref: reference(imported.module, whole ? keys : [imported.name ?? "default", ...keys]) };
  }
  const only = onlyValue(file, declared);
  if (only) return only;
  return typed(file, declared, keys) ?? (keys.length === 0 ? undefined : {});
}

function field(file: TsFile, owner: ClassLikeDeclaration | undefined, name: string, keys: readonly string[]): Expression | Receiver | undefined {
  const found = owner && member(file, owner, name);
  if (!found) return undefined;
  const type = typed(file, found.declaration, keys);
  // A field that copies an untyped constructor parameter still has its own type.
  const copied = type && keys.length === 0 && found.value && ts.isIdentifier(bare(found.value)) && Object.keys(receiverOf(file, found.value)).length === 0;
  return found.value && !copied ? found.value : type;
}

/** By its declared type; a key by that of a member which the type declares in this file: `deps: { logger: Logger }`. */
function typed(file: TsFile, declared: Node, keys: readonly string[]): Receiver | undefined {
  if (!(ts.isParameter(declared) || ts.isVariableDeclaration(declared) || ts.isPropertyDeclaration(declared)) || !declared.type || keys.length > 1) return undefined;
  const stated = keys.length === 0 ? declared.type : memberType(file, declared.type, keys[0]!);
  const type = stated && typeName(file, stated);
  return type === undefined ? undefined : { type };
}

function memberType(file: TsFile, type: TypeNode, key: string): TypeNode | undefined {
  let members: readonly Node[] | undefined = ts.isTypeLiteralNode(type) ? type.members : undefined;
  if (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName)) {
    const { text } = type.typeName;
    const alias = nodes<any>(file, ts.SyntaxKind.TypeAliasDeclaration).find((one) => one.name.text === text);
    members = alias ? (ts.isTypeLiteralNode(alias.type) ? alias.type.members : undefined) : nodes<any>(file, ts.SyntaxKind.InterfaceDeclaration).find((one) => one.name.text === text)?.members;
  }
  const found = members?.find((one) => ts.isPropertySignature(one) && keyText(one.name) === key);
  return found && ts.isPropertySignature(found) ? found.type : undefined;
}

function property(literal: Node, key: string): Expression | undefined {
  if (!ts.isObjectLiteralExpression(literal)) return undefined;
  let found: Expression | undefined;
  for (const one of literal.properties) {
    if (ts.isSpreadAssignment(one) || (one.name && ts.isComputedPropertyName(one.name))) found = undefined;
    else if (ts.isPropertyAssignment(one) && keyText(one.name) === key) found = one.initializer;
    else if (ts.isShorthandPropertyAssignment(one) && one.name.text === key) found = one.name;
  }
  return found;
}

/** What a call of a function of this file returns; undefined for functions from elsewhere. */
function result(file: TsFile, call: CallExpression): Expression | undefined {
  const callee = bare(call.expression);
  if (ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const method = enclosingClass(callee)?.members.find((one) => ts.isMethodDeclaration(one) && keyText(one.name) === callee.name.text);
    return method && returned(file, method as FunctionLikeDeclaration);
  }
  const target = ts.isIdentifier(callee) ? functionOf(file, callee) : undefined;
  return target && returned(file, target);
}

/** The expression a function returns, where it has one return. */
export function returned(file: TsFile, target: FunctionLikeDeclaration): Expression | undefined {
  if (!target.body) return undefined;
  if (!ts.isBlock(target.body)) return target.body;
  const found = returns(file).get(target) ?? [];
  return found.length === 1 ? found[0] : undefined;
}

function returns(file: TsFile): Map<Node, Expression[]> {
  return once(file, returns, () => {
    const table = new Map<Node, Expression[]>();
    for (const one of nodes<Node & { readonly expression?: Expression }>(file, ts.SyntaxKind.ReturnStatement)) {
      let owner: Node | undefined = one.parent;
      while (owner && !ts.isFunctionLike(owner)) owner = owner.parent;
      if (owner && one.expression) table.set(owner, [...(table.get(owner) ?? []), one.expression]);
    }
    return table;
  });
}

function calleeRef(file: TsFile, call: CallExpression): { ref?: Ref } {
  const name = canonical(file, call.expression);
  const split = name?.indexOf("#") ?? -1;
  return name === undefined || split < 1 ? {} : { ref: reference(name.slice(0, split), name.slice(split + 1).split(".").filter(Boolean)) };
}
