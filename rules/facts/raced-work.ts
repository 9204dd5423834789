// Question: what does an element of `Promise.race` stand for: work that goes on, something that is only waited for, or a promise of the caller?

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { calleeName, calleeText } from "../../engine/typescript/outlive.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration, onlyValue, references } from "../../engine/typescript/scope.ts";

export interface Work {
  /** "given": made by the caller. "idle": nothing goes on, or it can be cancelled. */
  readonly is: "call" | "given" | "idle" | "unknown";
  readonly name: string;
}

/** Calls that wait for a state, and start nothing. */
const waits = /^(next|read|once|on|ready|when\w*|until\w*|wait\w*|idle|is[A-Z]\w*|has[A-Z]\w*|closed?|stop\w*|shutdown\w*|terminate\w*|exit\w*|drain\w*|join|settled|pop|shift|take|receive\w*|promise|acquire|lock|sleep\w*|delay\w*|finished|onIdle|onEmpty|toPromise|firstValueFrom|lastValueFrom|allSettled|never|abort\w*|cancel\w*|kill|disconnect|quit|destroy|end|flush|connected|listen|subscribe)$/i;
/** A name in the call that says that somebody can end it, or that it ends by itself. */
const ends = /signal|abort|cancel|controller|time_?out|deadline|\bctx\b/i;
const stepLimit = 12;

/** What an element of a race stands for. */
export function workOf(file: TsFile, element: Expression, race: Node): Work {
  const idle: Work = { is: "idle", name: "" };
  let expr = bare(element);
  for (let step = 0; step < stepLimit; step++) {
    if (ts.isIdentifier(expr)) {
      const declared = declaration(file, expr);
      if (declared && ts.isParameter(declared)) return isUsedElsewhere(file, declared, expr.text, race) ? idle : { is: "given", name: expr.text };
      const only = declared && onlyValue(file, declared);
      // Its result is waited for later, too: the race only limits this wait.
      if (!only || isUsedElsewhere(file, declared, expr.text, race)) return { is: "idle", name: "" };
      expr = bare(only);
      continue;
    }
    if (!ts.isCallExpression(expr)) return idle;
    const callee = bare(expr.expression);
    if (ts.isPropertyAccessExpression(callee) && /^(then|catch|finally)$/.test(callee.name.text)) {
      expr = bare(callee.expression);
      continue;
    }
    const name = canonical(file, callee);
    if (/^#Promise\.(all|any|allSettled)$/.test(name ?? "")) {
      const list = expr.arguments[0] && bare(expr.arguments[0]);
      const inner = list && ts.isArrayLiteralExpression(list) ? list.elements.map((one) => workOf(file, one, race)) : [];
      return inner.find((one) => one.is === "call") ?? inner[0] ?? idle;
    }
    if (name === "#Promise.resolve" && expr.arguments[0]) {
      expr = bare(expr.arguments[0]);
      continue;
    }
    if (name?.startsWith("#Promise.") || callee.kind === ts.SyntaxKind.ImportKeyword) return idle;
    if (ts.isArrowFunction(callee) || ts.isFunctionExpression(callee)) return ends.test(callee.getText()) || !/\bawait\b/.test(callee.getText()) ? idle : { is: "call", name: "the async function" };
    return ofCall(file, expr);
  }
  return { is: "unknown", name: "" };
}

function ofCall(file: TsFile, call: CallExpression): Work {
  const last = calleeName(call) ?? "";
  if (waits.test(last) || ends.test(call.getText()) || /^(events|stream\/promises|timers\/promises)#/.test(canonical(file, call.expression) ?? "")) return { is: "idle", name: "" };
  const callee = bare(call.expression);
  const declared = ts.isIdentifier(callee) ? declaration(file, callee) : undefined;
  return { is: declared && ts.isParameter(declared) ? "given" : "call", name: `${calleeText(call)}()` };
}

function isUsedElsewhere(file: TsFile, declared: Node, name: string, race: Node): boolean {
  return references(file, declared, name).some((use) => use.pos < race.pos || use.end > race.end);
}

/** True when a function ends what it started: aborts, destroys, kills. */
export function stopsWork(owner: Node): boolean {
  return /\.(abort|destroy|kill|terminate|cancel|close|end|quit|disconnect|return|unsubscribe|dispose|stop|revert)\s*(\?\.)?\(|\bAbortSignal\.(timeout|any)\b|\babort\w*\(/i.test(owner.getText());
}
