// The options-object model: is an option present, provably absent, or unknown, and where would it be written?

import { ts, type BinaryExpression, type CallExpression, type Expression, type NewExpression, type Node, type ObjectLiteralExpression } from "./compiler.ts";
import { nodes, type TsFile } from "./parse.ts";
import { bare, declaration, onlyValue } from "./scope.ts";
import { keyText, value } from "./value.ts";
import type { Span, Value } from "../types.ts";

export type Option =
  | { readonly is: "present"; readonly node: Expression; readonly value: Value<unknown> }
  | { readonly is: "absent" }
  | { readonly is: "unknown"; readonly why: string };

const absent: Option = { is: "absent" };
const unknown = (why: string): Option => ({ is: "unknown", why });

/** Where an option can be written, as plain data: the text goes between `before` and `after` at `at`. */
export interface Slot {
  readonly at: Span;
  readonly before: string;
  readonly after: string;
}

/** Looks up `name` (dots descend: `timeout.request`; a list holds keys as they are: `["grpc.keepalive_time_ms"]`) in an options argument. A missing argument is absent; spreads, imports, calls and parameters are unknown. */
export function option(file: TsFile, options: Expression | undefined, name: string | readonly string[], depth = 0): Option {
  if (!options) return absent;
  if (depth > 10) return unknown("nested too deep");
  const expr = bare(options);
  if (ts.isIdentifier(expr) && expr.text === "undefined" && !declaration(file, expr)) return absent;
  const [key, ...rest] = (typeof name === "string" ? name.split(".") : name) as [string, ...string[]];
  if (ts.isObjectLiteralExpression(expr)) {
    const found = ownOption(file, expr, key, depth);
    if (rest.length === 0 || found.is !== "present") return found;
    const inner = bare(found.node);
    return ts.isObjectLiteralExpression(inner) || ts.isIdentifier(inner) ? option(file, inner, rest, depth + 1) : unknown(`${key} is not a literal`);
  }
  if (!ts.isIdentifier(expr)) return unknown("options are not a literal");
  const declared = declaration(file, expr);
  const literal = declared && onlyValue(file, declared);
  if (!declared || !literal || !ts.isObjectLiteralExpression(bare(literal))) return unknown("options come from elsewhere");
  const written = writes(file, declared, expr);
  if (written === "escapes") return unknown("options are passed on before");
  const assigned = written.get(key);
  return assigned ? { is: "present", node: assigned, value: value(file, assigned) } : option(file, literal, name, depth + 1);
}

function ownOption(file: TsFile, literal: ObjectLiteralExpression, key: string, depth: number): Option {
  let state: Option = absent;
  for (const one of literal.properties) {
    if (ts.isSpreadAssignment(one)) {
      const spread = spreadOption(file, one.expression, key, depth + 1);
      if (spread.is !== "absent") state = spread;
    } else if (ts.isComputedPropertyName(one.name) && !ts.isStringLiteralLike(one.name.expression)) {
      state = unknown("a computed key");
    } else if ((ts.isComputedPropertyName(one.name) ? (one.name.expression as { text?: string }).text : keyText(one.name)) === key) {
      if (ts.isPropertyAssignment(one)) state = { is: "present", node: one.initializer, value: value(file, one.initializer) };
      else if (ts.isShorthandPropertyAssignment(one)) state = { is: "present", node: one.name, value: value(file, one.name) };
      else state = unknown("an accessor or method");
    }
  }
  if (state.is === "present" && "absent" in state.value) return absent;
  return state;
}

/** `...(body ? { body } : {})` and `...(body && { body })` hold what their objects hold; which of them is not known. */
function spreadOption(file: TsFile, spread: Expression, key: string, depth: number): Option {
  const expr = bare(spread);
  const { kind } = ts.isBinaryExpression(expr) ? expr.operatorToken : { kind: undefined };
  if (!ts.isConditionalExpression(expr) && kind !== ts.SyntaxKind.AmpersandAmpersandToken) return option(file, expr, key, depth);
  const parts = ts.isConditionalExpression(expr) ? [expr.whenTrue, expr.whenFalse] : [(expr as BinaryExpression).right];
  return parts.every((one) => spreadOption(file, one, key, depth + 1).is === "absent") ? absent : unknown("it depends on a condition");
}

/** Properties assigned to a literal's variable, or "escapes" when it is handed to another call before this use. */
function writes(file: TsFile, declared: Node, use: Node): Map<string, Expression> | "escapes" {
  const assigned = new Map<string, Expression>();
  for (const name of nodes(file, ts.SyntaxKind.Identifier)) {
    if (name === use || !ts.isIdentifier(name) || name.pos > use.pos || !ts.isIdentifier(use) || name.text !== use.text || declaration(file, name) !== declared) continue;
    const { parent } = name;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === name && ts.isBinaryExpression(parent.parent) && parent.parent.left === parent) assigned.set(parent.name.text, parent.parent.right);
    else if (ts.isElementAccessExpression(parent) && ts.isBinaryExpression(parent.parent) && parent.parent.left === parent) return "escapes";
    else if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.arguments?.includes(name)) {
      if (parent !== use.parent) return "escapes";
    }
  }
  return assigned;
}

/** True when any of the names is present, "unknown" when one cannot be told, false when all are provably absent. */
export function anyOption(file: TsFile, options: Expression | undefined, names: readonly string[]): boolean | "unknown" {
  let open = false;
  for (const name of names) {
    const found = option(file, options, name);
    if (found.is === "present") return true;
    if (found.is === "unknown") open = true;
  }
  return open ? "unknown" : false;
}

/** Where to write an option of the argument at `index`: into the literal, or as a new argument. Undefined where neither is possible. */
export function slot(file: TsFile, call: CallExpression | NewExpression, index: number): Slot | undefined {
  const list = call.arguments ?? [];
  const argument = list[index];
  if (argument) return literalSlot(file, argument);
  if (index !== list.length || !call.arguments || list.some((one) => ts.isSpreadElement(one))) return undefined;
  const last = list[list.length - 1];
  const at = last ? last.end : call.end - 1;
  return { at: { file: "", start: at, end: at }, before: `${last ? ", " : ""}{ `, after: " }" };
}

/** The closing brace is there: where it is missing, nobody knows where the literal should have ended. */
export const isClosed = (file: TsFile, literal: ObjectLiteralExpression) => literal.end - literal.getStart() > 1 && file.text[literal.end - 1] === "}";

/** Where to write a property into an object literal, in the layout of its neighbours. */
export function literalSlot(file: TsFile, argument: Expression): Slot | undefined {
  let expr = bare(argument);
  if (ts.isIdentifier(expr)) {
    const declared = declaration(file, expr);
    const only = declared && onlyValue(file, declared);
    if (!only) return undefined;
    expr = bare(only);
  }
  if (!ts.isObjectLiteralExpression(expr) || !isClosed(file, expr)) return undefined;
  const last = expr.properties[expr.properties.length - 1];
  if (!last) {
    const at = expr.getStart() + 1;
    return { at: { file: "", start: at, end: expr.end - 1 }, before: " ", after: " " };
  }
  const comma = expr.properties.hasTrailingComma;
  const at = comma ? file.text.indexOf(",", last.end) + 1 : last.end;
  const lead = file.text.slice(expr.properties.pos, last.getStart());
  const broken = lead.includes("\n") || file.text.slice(expr.getStart(), expr.properties[0]!.getStart()).includes("\n");
  const gap = broken ? lineBreak(file) + indentOf(file, last.getStart()) : " ";
  return { at: { file: "", start: at, end: at }, before: comma ? gap : `,${gap}`, after: comma ? "," : "" };
}

/** The file's line ending. */
export function lineBreak(file: TsFile): string {
  return file.text.includes("\r\n") ? "\r\n" : "\n";
}

/** Blanks at the start of the line of an offset. */
export function indentOf(file: TsFile, offset: number): string {
  let start = offset;
  while (start > 0 && file.text[start - 1] !== "\n" && file.text[start - 1] !== "\r") start--;
  return /^[ \t]*/.exec(file.text.slice(start, offset))![0];
}
