// Question: is this expression a timer, what is its delay, and what does it do when it fires?

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";

export interface TimerCall {
  readonly call: CallExpression;
  readonly repeats: boolean;
  /** In ms, where this file knows it. */
  readonly delay?: number;
  /** It does not keep the process alive. */
  readonly unref: boolean;
}

/** The timer that an expression makes: `setTimeout(...)`, `setInterval(...)`, with `.unref()` or not. */
export function timerCall(file: TsFile, node: Expression): TimerCall | undefined {
  let expr = bare(node);
  let unref = false;
  while (ts.isCallExpression(expr) && ts.isPropertyAccessExpression(expr.expression) && /^(unref|ref)$/.test(expr.expression.name.text)) {
    unref = expr.expression.name.text === "unref";
    expr = bare(expr.expression.expression);
  }
  if (ts.isConditionalExpression(expr)) return timerCall(file, expr.whenTrue) ?? timerCall(file, expr.whenFalse);
  const name = ts.isCallExpression(expr) && /set(Timeout|Interval)/.test(expr.expression.getText()) ? canonical(file, expr.expression) : undefined;
  const found = /^(?:#|#globalThis\.|#global\.|timers#)set(Timeout|Interval)$/.exec(name ?? "");
  if (!found || !ts.isCallExpression(expr)) return undefined;
  const delay = value(file, expr.arguments[1]);
  return { call: expr, repeats: found[1] === "Interval", unref, ...("known" in delay && typeof delay.known === "number" ? { delay: delay.known } : {}) };
}

/** What happens when a timer fires: it ends the process ("exits") or other work ("acts"), only says something ("logs"), or does work of its own; undefined where it cannot be read. */
export function watches(file: TsFile, timer: TimerCall): "exits" | "acts" | "logs" | "works" | undefined {
  const [callback] = timer.call.arguments;
  if (!callback) return undefined;
  const named = bare(callback);
  if (ts.isIdentifier(named) && isReject(file, named)) return "acts";
  if (ts.isPropertyAccessExpression(named) && acting.test(named.name.text)) return "acts";
  const body = functionOf(file, callback)?.body;
  if (!body) return undefined;
  if (/\bprocess\s*\.\s*(exit|abort|kill)\b/.test(body.getText())) return "exits";
  const calls: string[] = [];
  const open: Node[] = [body];
  for (let one = open.pop(); one; one = open.pop()) {
    if (ts.isCallExpression(one)) {
      const callee = bare(one.expression);
      const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
      if (acting.test(name) || (ts.isIdentifier(callee) && isReject(file, callee))) return "acts";
      calls.push(callee.getText());
    }
    if (ts.isFunctionLike(one) && one !== body.parent) continue;
    ts.forEachChild(one, (child) => void open.push(child));
  }
  return calls.length > 0 && calls.every((one) => /\b(console|log(ger)?|winston|pino|span|metrics?|sentry)\b/i.test(one.split(/[^\w.]/).at(-1)!) || /(warn|error|info|debug|log|trace|captureMessage|captureException|toISOString|now|stringify|Error)$/.test(one)) ? "logs" : "works";
}

const acting = /^(abort|kill|terminate|destroy|cancel|reject)$/;

/** The second parameter of a promise's executor, whatever its name, or a name that says so. */
function isReject(file: TsFile, name: Node): boolean {
  const declared = ts.isIdentifier(name) ? declaration(file, name) : undefined;
  if (!declared || !ts.isParameter(declared)) return ts.isIdentifier(name) && /^rej(ect)?$/.test(name.text);
  const executor = declared.parent;
  return ts.isNewExpression(executor.parent) && executor.parent.expression.getText() === "Promise" && executor.parameters[1] === declared;
}
