// Fact: a log line that may lose an error or its fields, by its shape. Which library writes it, and how, linking tells.

import { isError, isText } from "./error-value.ts";
import { loggerOf, type LoggerUse } from "./logger.ts";
import { importsLike, near } from "../../engine/mention.ts";
import { declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type ObjectLiteralExpression } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { keyText, value } from "../../engine/typescript/value.ts";
import type { Fact, FactKind, Span } from "../../engine/types.ts";

type TextEdit = { readonly at: Span; readonly text: string };

/** How the line is written. */
export type LogShape =
  /** Text first, and more values than the text has places for. */
  | "text-first"
  /** An object first, with an error under a key. */
  | "object-first"
  /** Text, then an object with an error under a key. */
  | "metadata"
  /** An error alone. */
  | "whole"
  /** `JSON.stringify(error)`. */
  | "stringify";

export interface LogError extends LoggerUse {
  readonly shape: LogShape;
  /** The value is an error, not any value. */
  readonly error: boolean;
  /** The value as written. */
  readonly text: string;
  /** The key that holds it in an object. */
  readonly key?: string;
  /** Text and value in the other order; behaviour can only improve where the value is an error or an object. */
  readonly swap?: { readonly at: Span; readonly text: string; readonly sure: boolean };
  /** The key renamed, or the object replaced by the error alone. */
  readonly rename?: TextEdit;
  readonly alone?: TextEdit;
}

export const logError: FactKind<LogError> = {
  id: "log-error",
  title: "Log line with an error",
  ts: {
    serverOnly: true,
    needs: ["pino", "pino-http", "nestjs-pino", "winston", "nest-winston", "express-winston", "bunyan", "fastify", "@nestjs/platform-fastify"],
    mentions: [[".error", ".warn", ".info", ".fatal", ".debug", ".trace"], ["JSON.stringify", "fastify.", ...importsLike("log", "pino", "winston", "bunyan", "fastify"), ...near(1, "pino", "winston", "bunyan", "fastify")]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const callee = call.expression;
        if (!ts.isPropertyAccessExpression(callee) || !/^(error|warn|info|fatal|debug|trace)$/.test(callee.name.text) || call.arguments.length === 0) continue;
        const shapes = [...shapesOf(file, call)];
        if (shapes.length === 0 || call.arguments.some((one) => ts.isSpreadElement(one))) continue;
        const use = loggerOf(file, callee.expression);
        // Its `error(message, context)` is Nest's, not pino's.
        if (!use || [receiverOf(file, callee.expression).type, declaredType(file, callee.expression)].includes("nestjs-pino#Logger")) continue;
        for (const { at, value } of shapes) yield { at, value: { ...use, ...value } };
      }
    },
  },
};

type Shape = Fact<Omit<LogError, keyof LoggerUse>>;

function* shapesOf(file: TsFile, call: CallExpression): Iterable<Shape> {
  const [first, second] = call.arguments as unknown as [Expression, Expression?];
  // A parameter that is a text may hold anything but what follows it.
  const stated = textOf(file, first);
  const said = stated ?? (isText(file, first) ? "" : undefined);
  for (const one of call.arguments) yield* stringified(file, one);
  if (said !== undefined) {
    const rest = call.arguments.slice(1 + placeholders(said));
    const lost = rest.find((one) => isError(file, one)) ?? (stated === undefined ? undefined : rest[0]);
    if (lost) {
      const error = isError(file, lost);
      const swap = rest.length === 1 && call.arguments.length === 2 ? swapped(file, first, lost, error) : undefined;
      yield { at: span(lost), value: { shape: "text-first", error, text: short(lost), ...(swap ? { swap: { at: { file: "", start: first.getStart(), end: lost.end }, ...swap } } : {}) } };
    }
    if (second && placeholders(said) === 0) yield* keyed(file, second, "metadata");
  } else if (ts.isObjectLiteralExpression(bare(first))) yield* keyed(file, first, "object-first");
  else if (call.arguments.length === 1 && isError(file, first)) yield { at: span(first), value: { shape: "whole", error: true, text: short(first) } };
}

function swapped(file: TsFile, text: Expression, lost: Expression, error: boolean): { text: string; sure: boolean } | undefined {
  const value = bare(lost);
  if (error) return { text: `{ ${value.getText() === "err" ? "err" : `err: ${lost.getText()}`} }, ${text.getText()}`, sure: true };
  if (ts.isObjectLiteralExpression(value)) return { text: `${renamed(file, value)}, ${text.getText()}`, sure: true };
  return ts.isIdentifier(value) ? { text: `{ ${value.text} }, ${text.getText()}`, sure: false } : undefined;
}

/** An object as written, with the error in it under the key that pino serializes. */
function renamed(file: TsFile, literal: ObjectLiteralExpression): string {
  const [one] = keyed(file, literal, "object-first");
  const edit = one?.value.rename;
  const from = literal.getStart();
  return edit ? literal.getText().slice(0, edit.at.start - from) + edit.text + literal.getText().slice(edit.at.end - from) : literal.getText();
}

/** Errors under the keys of an object. */
function* keyed(file: TsFile, argument: Expression, shape: LogShape): Iterable<Shape> {
  const literal = bare(argument);
  if (!ts.isObjectLiteralExpression(literal)) return;
  const taken = literal.properties.some((one) => one.name && keyText(one.name) === "err");
  for (const one of literal.properties) {
    const value = ts.isPropertyAssignment(one) ? one.initializer : ts.isShorthandPropertyAssignment(one) ? one.name : undefined;
    const key = value && one.name && keyText(one.name);
    if (!value || key === undefined || !isError(file, value)) continue;
    const rename: TextEdit | undefined = taken ? undefined : { at: span(one), text: value.getText() === "err" ? "err" : `err: ${value.getText()}` };
    const alone: TextEdit | undefined = literal.properties.length === 1 ? { at: span(argument), text: value.getText() } : undefined;
    yield { at: span(one), value: { shape, error: true, key, text: short(value), ...(rename ? { rename } : {}), ...(alone ? { alone } : {}) } };
  }
}

/** `JSON.stringify(error)`, as an argument, in a template or in a sum. */
function* stringified(file: TsFile, argument: Expression): Iterable<Shape> {
  // Their errors have a `toJSON` or fields of their own.
  if (/["'](axios|zod|got)["'\/]/.test(file.text)) return;
  const open: { node: Expression; template: boolean }[] = [{ node: argument, template: false }];
  for (let one = open.pop(); one; one = open.pop()) {
    const expr = bare(one.node);
    if (ts.isTemplateExpression(expr)) open.push(...expr.templateSpans.map((part) => ({ node: part.expression, template: true })));
    else if (ts.isBinaryExpression(expr) && expr.operatorToken.kind === ts.SyntaxKind.PlusToken) open.push({ node: expr.left, template: false }, { node: expr.right, template: false });
    else if (ts.isCallExpression(expr) && expr.expression.getText() === "JSON.stringify" && expr.arguments[0] && isError(file, expr.arguments[0]) && (expr.arguments.length < 2 || /^(null|undefined)$/.test(expr.arguments[1]!.getText()))) {
      const text = expr.arguments[0].getText();
      yield { at: span(expr), value: { shape: "stringify", error: true, text, ...(one.template ? { alone: { at: span(expr), text } } : {}) } };
    }
  }
}

/** What is known of a text: its written parts. Undefined for what may be an object. */
function textOf(file: TsFile, node: Expression): string | undefined {
  const expr = bare(node);
  if (ts.isStringLiteralLike(expr)) return expr.text;
  if (ts.isTemplateExpression(expr)) return expr.head.text + expr.templateSpans.map((one) => one.literal.text).join("");
  const known = ts.isIdentifier(expr) ? value(file, expr) : undefined;
  if (known) return "known" in known && typeof known.known === "string" ? known.known : undefined;
  if (!ts.isBinaryExpression(expr) || expr.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [textOf(file, expr.left), textOf(file, expr.right)];
  return left === undefined && right === undefined ? undefined : `${left ?? ""}${right ?? ""}`;
}

/** Values that a text has places for: https://github.com/pinojs/pino/blob/main/docs/api.md#logging-method-parameters */
const placeholders = (text: string) => text.replaceAll("%%", "").match(/%[sdifjoOc]/g)?.length ?? 0;

const short = (node: Expression) => (/^[\w$.]{1,24}$/.test(node.getText()) ? node.getText() : "what follows it");
