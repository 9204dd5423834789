// Fact: a function whose promise is settled by a timer and by nothing else: `sleep(ms)`, `rejectAfter(ms)`. Also answers the question for expressions.

import { timerCall, type TimerCall } from "./timer-call.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type NewExpression } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { returned } from "../../engine/typescript/receiver.ts";
import { bare, declaration, enclosingClass, onlyValue, references } from "../../engine/typescript/scope.ts";
import { keyText, value } from "../../engine/typescript/value.ts";
import type { FactKind } from "../../engine/types.ts";

export interface TimerPromise {
  /** What it does at the end of the time. */
  readonly ends: "rejects" | "resolves";
}

export interface FoundTimer extends TimerPromise {
  /** In ms, where this file knows it. */
  readonly delay?: number;
  /** The delay as an expression of this place; undefined where it stands elsewhere. */
  readonly written?: Expression;
  /** The timer itself, where the promise is made of one here. */
  readonly timer?: TimerCall;
}

export const timerPromise: FactKind<TimerPromise> = {
  id: "timer-promise",
  title: "Function that waits for a time",
  named: true,
  ts: {
    mentions: [],
    deferred: true,
    *find(file) {
      if (!file.text.includes("setTimeout")) return;
      for (const kind of [ts.SyntaxKind.FunctionDeclaration, ts.SyntaxKind.ArrowFunction, ts.SyntaxKind.FunctionExpression, ts.SyntaxKind.MethodDeclaration])
        for (const fn of nodes<FunctionLikeDeclaration>(file, kind)) {
          const result = resultOf(file, fn);
          const found = result && timerOf(file, result, 1);
          if (found) yield { at: span(fn), value: { ends: found.ends } };
        }
    },
  },
};

const depthLimit = 4;

/** The timer behind a promise; undefined when something else may settle it, or it cannot be told. */
export function timerOf(file: TsFile, node: Expression, depth = 0): FoundTimer | undefined {
  if (depth > depthLimit) return undefined;
  const expr = bare(node);
  if (ts.isIdentifier(expr)) {
    const declared = declaration(file, expr);
    const only = declared && onlyValue(file, declared);
    const found = only && timerOf(file, only, depth + 1);
    return found && unwritten(found);
  }
  if (ts.isNewExpression(expr)) return ofExecutor(file, expr);
  if (!ts.isCallExpression(expr)) return undefined;
  if (/^(timers\/promises#|timers#promises\.)setTimeout$|^(delay|sleep-promise)#(default)?$/.test(canonical(file, expr.expression) ?? "")) return { ends: "resolves", ...ofDelay(file, expr.arguments[0]) };
  // `sleep(1000).then(() => { throw new TimeoutError() })`
  if (ts.isPropertyAccessExpression(expr.expression) && expr.expression.name.text === "then") {
    const found = timerOf(file, expr.expression.expression, depth + 1);
    const body = found && functionOf(file, expr.arguments[0])?.body;
    return found && { ...unwritten(found), ends: body && /\bthrow\b|\breject\b/.test(body.getText()) ? "rejects" : found.ends };
  }
  const helper = helperOf(file, expr);
  const result = helper && resultOf(file, helper);
  const found = result && timerOf(file, result, depth + 1);
  return found && unwritten(found);
}

/** The delay of a function or a variable is an expression of another place. */
function unwritten({ ends, delay, timer }: FoundTimer): FoundTimer {
  return { ends, ...(delay === undefined ? {} : { delay }), ...(timer ? { timer } : {}) };
}

function ofDelay(file: TsFile, written: Expression | undefined): Pick<FoundTimer, "delay" | "written"> {
  const delay = value(file, written);
  return { ...(written ? { written } : {}), ...("known" in delay && typeof delay.known === "number" ? { delay: delay.known } : {}) };
}

/** A function of this file, or a method of the class around the call. */
function helperOf(file: TsFile, call: CallExpression): FunctionLikeDeclaration | undefined {
  const callee = bare(call.expression);
  if (ts.isIdentifier(callee)) return functionOf(file, callee);
  if (!ts.isPropertyAccessExpression(callee) || callee.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  return enclosingClass(callee)?.members.find((one) => ts.isMethodDeclaration(one) && keyText(one.name) === callee.name.text) as FunctionLikeDeclaration | undefined;
}

/** What a function returns; of an async function that returns nothing, what its only statement awaits. */
function resultOf(file: TsFile, fn: FunctionLikeDeclaration): Expression | undefined {
  const result = returned(file, fn);
  if (result || !fn.body || !ts.isBlock(fn.body)) return result;
  const [only, more] = fn.body.statements;
  return only && !more && ts.isExpressionStatement(only) && ts.isAwaitExpression(only.expression) ? only.expression.expression : undefined;
}

/** `new Promise((resolve, reject) => setTimeout(...))`: every use of its two functions stands in the timer. */
function ofExecutor(file: TsFile, made: NewExpression): FoundTimer | undefined {
  const executor = functionOf(file, made.arguments?.[0]);
  if (made.expression.getText() !== "Promise" || !executor) return undefined;
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    if (call.pos < executor.pos || call.end > executor.end) continue;
    const timer = timerCall(file, call);
    if (!timer || timer.repeats || timer.call !== call) continue;
    const uses = executor.parameters.flatMap((one) => (ts.isIdentifier(one.name) ? references(file, one, one.name.text).map((use) => [one, use] as const) : []));
    if (uses.length === 0 || !uses.every(([, use]) => use.pos >= call.pos && use.end <= call.end)) return undefined;
    const ends = uses.some(([one]) => one === executor.parameters[1]) ? "rejects" : "resolves";
    return { ends, timer: isUnref(call) ? { ...timer, unref: true } : timer, ...ofDelay(file, call.arguments[1]) };
  }
  return undefined;
}

const isUnref = (call: CallExpression) => ts.isPropertyAccessExpression(call.parent) && call.parent.name.text === "unref";
