// Fact: `Promise.race` of work and a timer, and what becomes of the work when the timer wins.

import { calleeRef } from "./callee.ts";
import { raceFix } from "./race-fix.ts";
import { stopsWork, workOf, type Work } from "./raced-work.ts";
import { timerOf } from "./timer-promise.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import type { Since } from "../../engine/typescript/framework-signal.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { functionName } from "../../engine/typescript/outlive.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { FactKind, Fix, Ref } from "../../engine/types.ts";

export interface TimeoutRace {
  /** The timer is seen here, or each of these may be one. */
  readonly timer: true | readonly Ref[];
  /** Time in ms after which it ends. */
  readonly delay?: number;
  /** What goes on: the call as a reader knows it; undefined when all that is raced may be left alone. */
  readonly work?: string;
  /** A promise or a function of the caller: only the caller could cancel it. */
  readonly given?: true;
  /** The timer goes on when the work is done. */
  readonly runs: boolean;
  readonly fix?: Fix;
  /** Release from which the library obeys the fix. */
  readonly since?: Since;
}

export const timeoutRace: FactKind<TimeoutRace> = {
  id: "timeout-race",
  title: "Promise.race with a timer",
  ts: {
    serverOnly: true,
    mentions: [["Promise.race"]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const value = canonical(file, call.expression) === "#Promise.race" && !isEnding(call) ? ofRace(file, call) : undefined;
        if (value) yield { at: span(call.expression), value };
      }
    },
  },
};

function ofRace(file: TsFile, race: CallExpression): TimeoutRace | undefined {
  const list = race.arguments[0] && bare(race.arguments[0]);
  if (!list || !ts.isArrayLiteralExpression(list) || list.elements.length < 2 || list.elements.some((one) => ts.isSpreadElement(one))) return undefined;
  const own = list.elements.map((one) => timerOf(file, one));
  const refs = own.some(Boolean) ? [] : list.elements.flatMap((one) => timerRef(file, one) ?? []);
  const timers = list.elements.filter((one, index) => own[index] || (refs.length > 0 && timerRef(file, one)));
  if (timers.length !== 1) return undefined;
  const timer = own.find(Boolean);
  const works = list.elements.filter((one) => !timers.includes(one)).map((one): readonly [Expression, Work] => [one, workOf(file, one, race)]);
  if (works.some(([, work]) => work.is === "unknown")) return undefined;
  const owner = enclosingFunction(race) ?? file.tree;
  const [raced] = stopsWork(owner) ? [] : works.filter(([, work]) => work.is === "call" || work.is === "given").sort(([, a], [, b]) => (a.is < b.is ? -1 : 1));
  const fix = timer && raced && list.elements.length === 2 ? raceFix(file, race, raced[0], timer) : undefined;
  return {
    timer: timer ? true : refs,
    ...(timer?.delay === undefined ? {} : { delay: timer.delay }),
    ...(raced ? { work: raced[1].name } : {}),
    ...(raced?.[1].is === "given" ? { given: true as const } : {}),
    runs: timer?.timer?.unref !== true && timer?.timer !== undefined && !/\bclearTimeout\b|\.unref\b/.test(owner.getText()),
    ...(fix ? { fix: fix.fix, ...(fix.since ? { since: fix.since } : {}) } : {}),
  };
}

/** A function of another module whose name speaks of time. */
function timerRef(file: TsFile, node: Expression): Ref | undefined {
  let expr = bare(node);
  while (ts.isCallExpression(expr) && ts.isPropertyAccessExpression(expr.expression) && /^(then|catch)$/.test(expr.expression.name.text)) expr = bare(expr.expression.expression);
  if (!ts.isCallExpression(expr) || !/time|sleep|delay|wait|reject|deadline|after/i.test(/(?<!\w)\w*$/.exec(expr.expression.getText())![0])) return undefined;
  const found = calleeRef(file, expr);
  return found?.module?.startsWith(".") || found?.module?.startsWith("@/") || found?.module?.startsWith("~") ? found : undefined;
}

/** A process that ends, or a connection that is closed: a hard stop is meant there. */
function isEnding(race: Node): boolean {
  for (let up: Node | undefined = race; up; up = up.parent) {
    if (ts.isFunctionLike(up) && /shut_?down|close|terminate|drain|destroy|stop|exit|tear_?down|dispose|kill|clean_?up|disconnect|quit|flush|abort|cancel/i.test(functionName(up) ?? "")) return true;
    if (ts.isCallExpression(up) && /^process\.(on|once|exit)$/.test(up.expression.getText())) return true;
  }
  return false;
}
