// What is known of an expression's value: literals, arithmetic, constants, environment defaults, durations in words.
// A value that another file knows stays a reference; whatever is not understood is unknown.

import { ts, type BinaryExpression, type CallExpression, type Expression, type Identifier, type Node, type PropertyAccessExpression, type TemplateExpression } from "./compiler.ts";
import { canonical, importOf } from "./binding.ts";
import { span, type TsFile } from "./parse.ts";
import { bare, declaration, enclosingClass, member, onlyValue } from "./scope.ts";
import { apply } from "../value.ts";
import type { Operator, Value } from "../types.ts";

const depthLimit = 24;

/** The value of an expression. */
export function value(file: TsFile, node: Expression | undefined, depth = 0): Value<unknown> {
  if (!node) return { absent: true };
  if (depth > depthLimit) return { unknown: "nested too deep" };
  const expr = bare(node);
  const { SyntaxKind } = ts;
  if (ts.isNumericLiteral(expr)) return known(Number(expr.text), expr);
  if (ts.isStringLiteralLike(expr)) return known(expr.text, expr);
  if (expr.kind === SyntaxKind.TrueKeyword || expr.kind === SyntaxKind.FalseKeyword) return known(expr.kind === SyntaxKind.TrueKeyword, expr);
  if (expr.kind === SyntaxKind.NullKeyword) return known(null, expr);
  if (ts.isPrefixUnaryExpression(expr)) return prefixed(file, expr.operator, expr.operand, expr, depth);
  if (ts.isTemplateExpression(expr)) return template(file, expr, depth);
  if (ts.isBinaryExpression(expr)) return binary(file, expr, depth);
  if (ts.isCallExpression(expr)) return called(file, expr, depth);
  if (ts.isIdentifier(expr)) return named(file, expr, depth);
  if (ts.isPropertyAccessExpression(expr)) return property(file, expr, depth);
  if (ts.isElementAccessExpression(expr) && ts.isStringLiteralLike(expr.argumentExpression) && canonical(file, expr.expression) === "#process.env")
    return { env: expr.argumentExpression.text, or: { absent: true }, from: [span(expr)] };
  return { unknown: `an expression that is not read: ${ts.SyntaxKind[expr.kind]}` };
}

function known<T>(what: T, at: Node): Value<T> {
  return { known: what, by: "text", from: [span(at)] };
}

function prefixed(file: TsFile, operator: number, operand: Expression, at: Node, depth: number): Value<unknown> {
  const inner = value(file, operand, depth + 1);
  if (operator === ts.SyntaxKind.MinusToken) return apply("-", [{ known: 0, by: "text", from: [] }, inner], [span(at)]);
  if (operator === ts.SyntaxKind.PlusToken) return apply("number", [inner], [span(at)]);
  return { unknown: "a negation" };
}

function template(file: TsFile, expr: TemplateExpression, depth: number): Value<unknown> {
  const parts: Value<unknown>[] = [known(expr.head.text, expr.head)];
  for (const part of expr.templateSpans) parts.push(value(file, part.expression, depth + 1), known(part.literal.text, part.literal));
  return apply("text", parts, [span(expr)]);
}

function binary(file: TsFile, expr: BinaryExpression, depth: number): Value<unknown> {
  const { SyntaxKind } = ts;
  const kind = expr.operatorToken.kind;
  if (kind === SyntaxKind.QuestionQuestionToken || kind === SyntaxKind.BarBarToken) {
    const first = value(file, expr.left, depth + 1);
    return orElse(first, value(file, expr.right, depth + 1));
  }
  const operators: Partial<Record<number, Operator>> = {
    [SyntaxKind.PlusToken]: "+", [SyntaxKind.MinusToken]: "-", [SyntaxKind.AsteriskToken]: "*", [SyntaxKind.SlashToken]: "/", [SyntaxKind.AsteriskAsteriskToken]: "**",
  };
  const operator = operators[kind];
  return operator ? apply(operator, [value(file, expr.left, depth + 1), value(file, expr.right, depth + 1)], [span(expr)]) : { unknown: "an operator that is not read" };
}

/** `a ?? b`: the environment variable of `a` gets `b` as its default; anything else unknown stays unknown. */
function orElse(first: Value<unknown>, second: Value<unknown>): Value<unknown> {
  if ("env" in first) return { env: first.env, or: second, from: first.from };
  if ("apply" in first && first.to.length === 1) return { ...first, to: [orElse(first.to[0]!, second)] };
  if ("absent" in first) return second;
  return "known" in first ? (first.known === null || first.known === undefined ? second : first) : { unknown: "a fallback of an unknown value" };
}

function called(file: TsFile, call: CallExpression, depth: number): Value<unknown> {
  const operators: Record<string, Operator> = {
    "#Number": "number", "#Number.parseInt": "number", "#Number.parseFloat": "number", "#parseInt": "number", "#parseFloat": "number", "#Math.floor": "floor", "#Math.round": "floor", "#Math.trunc": "floor",
    "#Math.min": "min", "#Math.max": "max", "ms#": "duration", "#String": "text",
  };
  const operator = operators[canonical(file, call.expression) ?? ""];
  if (!operator) return { unknown: "the result of a call" };
  const used = operator === "min" || operator === "max" ? call.arguments : call.arguments.slice(0, 1);
  if (used.length === 0 || used.some((one) => ts.isSpreadElement(one))) return { unknown: "a call without readable arguments" };
  return apply(operator, used.map((one) => value(file, one, depth + 1)), [span(call)]);
}

function named(file: TsFile, name: Identifier, depth: number): Value<unknown> {
  const declared = declaration(file, name);
  if (!declared) return name.text === "undefined" ? { absent: true } : name.text === "Infinity" ? known(Infinity, name) : { unknown: `a global: ${name.text}` };
  const imported = importOf(declared);
  if (imported) return { ref: { module: imported.module, name: imported.name ?? "default" }, from: [span(name)] };
  if (ts.isBindingElement(declared)) return destructured(file, declared, depth);
  const only = onlyValue(file, declared);
  return only ? value(file, only, depth + 1) : { unknown: `${name.text} has no single value` };
}

function destructured(file: TsFile, element: Node, depth: number): Value<unknown> {
  if (!ts.isBindingElement(element) || !ts.isObjectBindingPattern(element.parent) || !ts.isVariableDeclaration(element.parent.parent)) return { unknown: "a destructured parameter" };
  const key = element.propertyName ?? element.name;
  const { initializer } = element.parent.parent;
  if (!ts.isIdentifier(key) || !initializer || element.dotDotDotToken) return { unknown: "a destructured value" };
  const found = memberValue(file, initializer, [key.text], element, depth + 1);
  return element.initializer ? orElse(found, value(file, element.initializer, depth + 1)) : found;
}

function property(file: TsFile, expr: PropertyAccessExpression, depth: number): Value<unknown> {
  const keys: string[] = [];
  let root: Expression = expr;
  while (ts.isPropertyAccessExpression(root)) {
    keys.unshift(root.name.text);
    root = bare(root.expression);
    if (root.kind === ts.SyntaxKind.ThisKeyword) {
      const owner = enclosingClass(expr);
      const field = owner && member(file, owner, keys[0]!)?.value;
      return field ? (keys.length === 1 ? value(file, field, depth + 1) : memberValue(file, field, keys.slice(1), expr, depth + 1)) : { unknown: `field ${keys[0]} has no single value` };
    }
  }
  if (keys.length === 2 && keys[0] === "env" && ts.isIdentifier(root) && canonical(file, root) === "#process") return { env: keys[1]!, or: { absent: true }, from: [span(expr)] };
  if (canonical(file, expr.expression) === "process#env") return { env: expr.name.text, or: { absent: true }, from: [span(expr)] };
  return memberValue(file, root, keys, expr, depth + 1);
}

function memberValue(file: TsFile, root: Expression, keys: readonly string[], at: Node, depth: number): Value<unknown> {
  if (depth > depthLimit) return { unknown: "nested too deep" };
  const owner = bare(root);
  if (ts.isIdentifier(owner)) {
    const declared = declaration(file, owner);
    const imported = declared && importOf(declared);
    if (imported) {
      const names = imported.name === undefined && !(declared && ts.isImportClause(declared)) ? [...keys] : [imported.name ?? "default", ...keys];
      return { ref: { module: imported.module, name: names[0]!, keys: names.slice(1) }, from: [span(at)] };
    }
    if (declared && ts.isEnumDeclaration(declared)) {
      const found = declared.members.find((one) => one.name.getText() === keys[0]);
      return found?.initializer && keys.length === 1 ? value(file, found.initializer, depth + 1) : { unknown: "an enum member without a written value" };
    }
    const only = declared && onlyValue(file, declared);
    return only ? memberValue(file, only, keys, at, depth + 1) : { unknown: `${owner.text} has no single value` };
  }
  if (!ts.isObjectLiteralExpression(owner)) return { unknown: "a property of something that is not read" };
  let found: Expression | undefined;
  for (const one of owner.properties) {
    if (ts.isSpreadAssignment(one) || (one.name && ts.isComputedPropertyName(one.name))) found = undefined;
    else if (ts.isPropertyAssignment(one) && keyText(one.name) === keys[0]) found = one.initializer;
    else if (ts.isShorthandPropertyAssignment(one) && one.name.text === keys[0]) found = one.name;
  }
  if (!found) return { unknown: `no readable property ${keys[0]}` };
  return keys.length === 1 ? value(file, found, depth + 1) : memberValue(file, found, keys.slice(1), at, depth + 1);
}

/** The text of a property name; undefined for computed names. */
export function keyText(name: Node): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}
