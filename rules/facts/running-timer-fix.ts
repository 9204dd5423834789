// Question: which text clears a timer on every path? A `finally` for the `try` that follows, a new `try`, or `.finally()` on the one awaited call.

import { checkoutFix } from "./checkout-fix.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type VariableDeclaration } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import type { Leak } from "../../engine/typescript/release.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { indentUnit, linesOf, type Change } from "../../engine/typescript/wrap.ts";
import type { Edit } from "../../engine/types.ts";

/** What is known of a timer that is not cleared on every path. */
export interface TimerLeak {
  readonly owner: FunctionLikeDeclaration;
  readonly declared: VariableDeclaration;
  readonly acquired: Expression;
  readonly releases: readonly CallExpression[];
  /** What clears it, as it is written. */
  readonly clear: string;
  readonly leak?: Leak;
}

/** The edits; undefined where the shape of the function does not allow them. */
export function clearAlways(file: TsFile, timer: TimerLeak): readonly Edit[] | undefined {
  const { declared, acquired, releases, clear, leak } = timer;
  if (!isPlain(timer)) return undefined;
  const where = leak?.is === "throw" ? leak.where : "open";
  return withFinally(file, timer) ?? checkoutFix(file, acquired as CallExpression, declared, releases, clear, where) ?? chained(file, timer);
}

/** What is cleared can move: no clearing stands in a callback, or alone in a branch that would be left empty. */
function isPlain({ owner, declared, releases }: TimerLeak): boolean {
  const home = declared.parent.parent.parent;
  return releases.every((one) => {
    const statement = one.parent;
    if (enclosingFunction(one) !== owner || !ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent)) return false;
    return statement.parent === home || statement.parent.statements.length > 1 || ts.isTryStatement(statement.parent.parent);
  });
}

/** The statement behind the timer is a `try` without `finally` in which it is cleared: the clearing moves into one. */
function withFinally(file: TsFile, { declared, releases, clear }: TimerLeak): readonly Edit[] | undefined {
  const taken = declared.parent.parent;
  if (!ts.isVariableStatement(taken) || !ts.isBlock(taken.parent) || releases.length === 0) return undefined;
  const { statements } = taken.parent;
  const attempt = statements[statements.indexOf(taken) + 1];
  if (!attempt || !ts.isTryStatement(attempt) || attempt.finallyBlock || !releases.every((one) => one.pos >= attempt.pos && one.end <= attempt.end)) return undefined;
  const cuts = releases.map((one) => linesOf(file, one.parent));
  if (!cuts.every((one): one is Change => one !== undefined)) return undefined;
  const gap = lineBreak(file) + indentOf(file, attempt.getStart());
  const mark = releases[0]!.parent.getText().endsWith(";") ? ";" : "";
  return [...cuts.map(cut), { at: { file: "", start: attempt.end, end: attempt.end }, text: ` finally {${gap}${indentUnit(file, taken)}${clear}${mark}${gap}}` }];
}

/** Only fetch() stands between: `await fetch(...).finally(() => clearTimeout(timer))`. Others may return no real promise. */
function chained(file: TsFile, { releases, clear, leak }: TimerLeak): readonly Edit[] | undefined {
  const [release] = releases;
  if (!release || releases.length > 1 || leak?.is !== "throw" || !ts.isAwaitExpression(leak.at)) return undefined;
  const call = bare(leak.at.expression);
  if (!ts.isCallExpression(call) || call !== leak.at.expression || canonical(file, call.expression) !== "#fetch") return undefined;
  const lines = linesOf(file, release.parent);
  if (!lines || /\bawait\b/.test(file.text.slice(call.end, release.getStart()))) return undefined;
  return [{ at: { file: "", start: call.end, end: call.end }, text: `.finally(() => ${clear})` }, cut(lines)];
}

const cut = ({ start, end }: Change): Edit => ({ at: { file: "", start, end }, text: "" });
