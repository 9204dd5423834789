// Question: what becomes of a name that holds a checked-out connection? Which uses give it back, and may somebody else do so?

import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction, functionOf } from "../../engine/typescript/handler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { references } from "../../engine/typescript/scope.ts";
import { keyText, value } from "../../engine/typescript/value.ts";

export interface CheckoutUse {
  /** Uses that give it back, in document order. */
  readonly releases: readonly Node[];
  /** It leaves the function, or something that is not followed gives it back. */
  readonly escapes: boolean;
  /** Somebody else is given it, who may give it back when this function does not. */
  readonly passed: boolean;
  /** It is meant to be kept: it listens, or holds a session lock. */
  readonly kept: boolean;
}

const giving = /release|destroy|dispose|close|clean_?up|^end$|free|give_?back|return|finish|^done$|put_?back|check_?in|roll_?back|commit/i;
const options = /^(transaction|session|trx|tx)$/;

/** The uses of a name; `releaseNames` are the methods of what it holds that give it back. */
export function checkoutUse(file: TsFile, declared: Node, name: string, owner: Node, releaseNames: readonly string[]): CheckoutUse {
  const releases: Node[] = [];
  let escapes = false;
  let passed = false;
  let kept = false;
  for (const one of references(file, declared, name)) {
    const use = outer(one);
    const { parent } = use;
    const nested = enclosingFunction(one) !== owner;
    const gives = () => {
      releases.push(use);
      if (nested && declaresFunction(one, owner)) escapes = true;
    };
    if (ts.isPropertyAccessExpression(parent) && parent.expression === use) {
      const method = parent.name.text;
      if (releaseNames.includes(method)) gives();
      else if (ts.isVariableDeclaration(parent.parent) && !ts.isIdentifier(parent.parent.name)) escapes = true;
      else if (nested && !awaited(one, owner)) passed = true;
      kept ||= ts.isCallExpression(parent.parent) && keeps(file, method, parent.parent);
    } else if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.arguments?.some((argument) => argument === use)) {
      if (givesBack(file, parent as CallExpression, use)) gives();
      else if (!/^(transacting|session|setSession|useTransaction)$/.test(lastName(parent.expression))) passed = true;
    } else if (ts.isCallExpression(parent) && parent.expression === use) continue;
    else if (inOptions(use)) passed ||= !options.test(keyText((parent as { name?: Node }).name ?? use) ?? "");
    else if (!isTest(use)) escapes = true;
  }
  return { releases: releases.sort((a, b) => a.pos - b.pos), escapes, passed, kept };
}

/** Around casts, `!` and parentheses. */
function outer(name: Identifier): Expression {
  let up: Node = name;
  while (ts.isParenthesizedExpression(up.parent) || ts.isNonNullExpression(up.parent) || ts.isAsExpression(up.parent) || ts.isSatisfiesExpression(up.parent)) up = up.parent;
  return up as Expression;
}

/** A release in a function that is declared for later: who calls it is not followed. */
function declaresFunction(node: Node, owner: Node): boolean {
  for (let up: Node = node; up !== owner && up.parent; up = up.parent)
    if (ts.isFunctionDeclaration(up) || ts.isMethodDeclaration(up) || (ts.isFunctionLike(up) && !ts.isCallExpression(up.parent))) return true;
  return false;
}

function awaited(node: Node, owner: Node): boolean {
  for (let up: Node = node; up !== owner && up.parent; up = up.parent) if (ts.isAwaitExpression(up) && enclosingFunction(up) === owner) return true;
  return false;
}

function keeps(file: TsFile, method: string, call: CallExpression): boolean {
  const [first] = call.arguments;
  const text = first && value(file, first);
  if (!text || !("known" in text) || typeof text.known !== "string") return false;
  return (/^(on|addListener)$/.test(method) && text.known === "notification") || (/^(query|execute)$/.test(method) && /^\s*LISTEN\b|\bpg_(try_)?advisory_lock\b|\bGET_LOCK\s*\(/i.test(text.known));
}

/** A call that takes it back by its name, or a function of this file that gives its parameter back. */
function givesBack(file: TsFile, call: CallExpression, argument: Expression): boolean {
  if (giving.test(lastName(call.expression))) return true;
  const target = functionOf(file, call.expression);
  const parameter = target?.parameters[call.arguments.indexOf(argument)];
  if (!target || !parameter || !ts.isIdentifier(parameter.name)) return false;
  return references(file, parameter, parameter.name.text).some((one) => ts.isPropertyAccessExpression(one.parent) && giving.test(one.parent.name.text));
}

function lastName(callee: Expression): string {
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : "";
}

/** `find({ session })`, `create(row, { transaction: t })`. */
function inOptions(use: Node): boolean {
  const { parent } = use;
  if (!(ts.isShorthandPropertyAssignment(parent) || (ts.isPropertyAssignment(parent) && parent.initializer === use))) return false;
  const literal = parent.parent;
  return (ts.isCallExpression(literal.parent) || ts.isNewExpression(literal.parent)) && literal.parent.arguments?.some((one) => one === literal) === true;
}

function isTest(use: Node): boolean {
  const { parent } = use;
  const { SyntaxKind } = ts;
  if (ts.isIfStatement(parent) || ts.isPrefixUnaryExpression(parent) || ts.isTypeOfExpression(parent) || ts.isExpressionStatement(parent)) return true;
  if (ts.isConditionalExpression(parent)) return parent.condition === use;
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  if (kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.EqualsToken) return parent.left === use;
  return kind === SyntaxKind.EqualsEqualsEqualsToken || kind === SyntaxKind.ExclamationEqualsEqualsToken || kind === SyntaxKind.EqualsEqualsToken || kind === SyntaxKind.ExclamationEqualsToken || kind === SyntaxKind.InstanceOfKeyword;
}

/** True when a callback neither uses its `done` nor passes it on. */
export function isUnused(file: TsFile, fn: FunctionLikeDeclaration, index: number): boolean {
  const parameter = fn.parameters[index];
  return !parameter || (ts.isIdentifier(parameter.name) && references(file, parameter, parameter.name.text).length === 0);
}
