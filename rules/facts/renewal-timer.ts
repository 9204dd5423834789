// Question: what does a file do again and again, and how often? Intervals, schedules, timers that set themselves again, and Nest's decorators.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Decorator, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import type { Value } from "../../engine/types.ts";

export interface Repeated {
  /** Where the interval stands. */
  readonly at: Node;
  /** In ms. */
  readonly every: Value<unknown>;
  readonly work: Node;
  readonly numeric: boolean;
}

export function* renewals(file: TsFile): Iterable<Repeated> {
  if (!/setInterval|setTimeout|cron|Interval\(|schedule/i.test(file.text)) return;
  for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
    for (const call of nodes<CallExpression | NewExpression>(file, kind)) yield* fromCall(file, call);
  for (const loop of nodes<Node & { readonly expression: Expression; readonly statement: Node }>(file, ts.SyntaxKind.ForOfStatement)) {
    const timer = bare(loop.expression);
    if (ts.isCallExpression(timer) && canonical(file, timer.expression) === "timers/promises#setInterval" && timer.arguments[0]) yield { at: timer.arguments[0], every: value(file, timer.arguments[0]), work: loop.statement, numeric: true };
  }
  for (const one of nodes<Decorator>(file, ts.SyntaxKind.Decorator)) yield* fromDecorator(file, one);
}

function* fromCall(file: TsFile, call: CallExpression | NewExpression): Iterable<Repeated> {
  const name = canonical(file, call.expression) ?? "";
  const [first, second] = call.arguments ?? [];
  if (!first || !second) return;
  if (/^(#|#globalThis\.|timers#)setInterval$/.test(name)) yield { at: second, every: value(file, second), work: first, numeric: true };
  else if (/^(#|#globalThis\.|timers#)setTimeout$/.test(name)) {
    const work = functionOf(file, first);
    // A function that sets itself a timer beats at least that far apart.
    if (work && call.pos >= work.pos && call.end <= work.end && !ts.isFunctionLike(bare(first))) yield { at: second, every: value(file, second), work: first, numeric: true };
  } else if (/^(node-cron#schedule|cron#CronJob|croner#(Cron)?)$/.test(name)) {
    const work = (call.arguments ?? []).find((one) => functionOf(file, one) !== undefined);
    if (work) yield { at: first, every: cronInterval(file, first), work, numeric: false };
  }
}

function* fromDecorator(file: TsFile, { expression, parent }: Decorator): Iterable<Repeated> {
  if (!ts.isCallExpression(expression) || !ts.isMethodDeclaration(parent) || !parent.body) return;
  const name = canonical(file, expression.expression);
  const last = expression.arguments[expression.arguments.length - 1];
  if (name === "@nestjs/schedule#Interval" && last) yield { at: last, every: value(file, last), work: parent, numeric: true };
  else if (name === "@nestjs/schedule#Cron" && expression.arguments[0]) yield { at: expression.arguments[0], every: cronInterval(file, expression.arguments[0]), work: parent, numeric: false };
}

/** Distance of the runs of a schedule that repeats every so many seconds or minutes; of any other it is unknown. */
function cronInterval(file: TsFile, node: Expression): Value<unknown> {
  const named = /\bCronExpression\.EVERY_(?:(\d+)_)?(SECOND|MINUTE)S?$/.exec(node.getText());
  const unit = (second: boolean) => (second ? 1000 : 60_000);
  const of = (ms: number): Value<number> => ({ known: ms, by: "text", from: [{ file: "", start: node.getStart(), end: node.end }] });
  if (named) return of(Number(named[1] ?? 1) * unit(named[2] === "SECOND"));
  const said = value(file, node);
  const fields = "known" in said && typeof said.known === "string" ? said.known.trim().split(/\s+/) : [];
  // Second 0 of every so many minutes.
  if (fields.length === 6 && fields[0] === "0") fields.shift();
  if (fields.length < 5 || fields.length > 6 || fields.slice(1).some((one) => one !== "*")) return { unknown: "a schedule that is not read" };
  const step = fields[0] === "*" ? 1 : Number(/^(?:\*|0)\/(\d+)$/.exec(fields[0]!)?.[1] ?? NaN);
  return Number.isNaN(step) || step === 0 || step > 59 ? { unknown: "a schedule that is not read" } : of(step * unit(fields.length === 6));
}
